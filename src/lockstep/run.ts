import { REGION_BYTES, type Agent } from '../agent/index.ts';
import { buildImage, stripDebug, type Program } from '../image/index.ts';
import type { StopReason, Status } from '../wire/index.ts';
import type { PinCapability, Snapshot } from '../vm/index.ts';
import { Comparator, type Mismatch, type ReplayedInput } from './comparator.ts';
import { compareState, type StateComparison } from './final-state.ts';
import type { Clock } from './inputs.ts';
import type { PinChange } from './pin-timing.ts';

/** What to run and for how long. */
export interface LockstepSettings {
  readonly agent: Agent;
  /** VM on the board, 0..3. */
  readonly vm: number;
  readonly program: Program;
  readonly clock: Clock;
  /** Most steps, 1..4294967295. */
  readonly steps: number;
  /** Rounds of loop(); 0 = no such limit. */
  readonly loops: number;
  /** The board's pins by logical number; undefined where there is none. */
  readonly pins: readonly (PinCapability | undefined)[];
  /** The board's button ids are 0..buttons-1. */
  readonly buttons: number;
  /** Host's monotonic clock, milliseconds. */
  readonly now: () => number;
  /** Called when the program has been uploaded; it runs when the promise resolves. */
  readonly onUploaded?: (bytes: number) => Promise<void>;
  /** Called after each batch of steps that agreed. */
  readonly onProgress?: (progress: { readonly steps: number; readonly rounds: number }) => void;
  /** Called with each text that the board printed and the model agrees with. */
  readonly onPrint?: (text: Uint8Array) => void;
}

/** Why a run without a divergence is not simply good: board and model ended differently. */
export interface EndMismatch {
  readonly expected: string;
  readonly actual: string;
}

/** What the comparison found. */
export interface LockstepResult {
  readonly stepsCompared: number;
  readonly rounds: number;
  readonly mismatch: Mismatch | undefined;
  /** Board and model agree on every step but not on why it ended. */
  readonly endMismatch: EndMismatch | undefined;
  /** Absent after a mismatch: the states differ then for a known reason. */
  readonly state: StateComparison | undefined;
  readonly stopReason: Exclude<StopReason, 'none'> | undefined;
  /** Fault that both engines raised; 0 = none. */
  readonly fault: number;
  /** Instruction it stopped on. */
  readonly pc: number;
  readonly inputs: readonly ReplayedInput[];
  readonly printed: readonly Uint8Array[];
  readonly pinChanges: readonly PinChange[];
}

/**
 * Uploads a program and runs it on the board and on the reference model, comparing every step and then the state left behind.
 * @throws HilError (link, firmware) when the board stops answering; RefusalError when it refuses the program
 */
export async function runLockstep(settings: LockstepSettings): Promise<LockstepResult> {
  const { agent, vm, program } = settings;
  const image = stripDebug(buildImage(program));
  await agent.load(vm, image);
  await settings.onUploaded?.(image.length);
  const startedAt = settings.now();
  const comparator = new Comparator(program, {
    pins: settings.pins,
    buttons: settings.buttons,
    clock: settings.clock,
    hostElapsedMs: () => settings.now() - startedAt,
  });
  const { mismatch, status } = await follow(settings, comparator);
  const result = {
    stepsCompared: comparator.steps,
    rounds: comparator.rounds,
    mismatch,
    inputs: comparator.inputs,
    printed: comparator.printed,
    pinChanges: comparator.pinChanges,
  };
  if (mismatch !== undefined || status === undefined) {
    // A board that has died since cannot be stopped; what was found stands all the same.
    await agent.stop(vm).catch(() => undefined);
    const nothing = { endMismatch: undefined, state: undefined, stopReason: undefined };
    return { ...result, ...nothing, fault: 0, pc: mismatch?.effect.pc ?? 0 };
  }
  const board = await readState(agent, vm, status);
  return {
    ...result,
    endMismatch: judgeEnd(settings, comparator, status),
    state: compareState(comparator.state(), board, program.debug),
    stopReason: status.reason === 'none' ? undefined : status.reason,
    fault: status.error,
    pc: status.pc,
  };
}

/** Follows the board's effects to the end of the run or to the first that differs. */
async function follow(
  settings: LockstepSettings,
  comparator: Comparator,
): Promise<{ mismatch: Mismatch | undefined; status: Status | undefined }> {
  const { agent, vm, clock, steps, loops } = settings;
  for await (const item of agent.trace(vm, { clock, steps, loops })) {
    if (item.kind === 'done') return { mismatch: undefined, status: item.status };
    for (const effect of item.effects) {
      const mismatch = comparator.compare(effect);
      if (mismatch !== undefined) return { mismatch, status: undefined };
      if (effect.text !== undefined) settings.onPrint?.(effect.text);
    }
    settings.onProgress?.({ steps: comparator.steps, rounds: comparator.rounds });
  }
  return { mismatch: undefined, status: undefined };
}

/** What the model says must have ended the run after these steps. */
function expectedEnd(settings: LockstepSettings, comparator: Comparator): string {
  if (comparator.ended !== undefined) return comparator.ended;
  if (settings.loops > 0 && comparator.atRound && comparator.rounds >= settings.loops) {
    return 'loops';
  }
  return comparator.steps >= settings.steps ? 'steps' : 'still running';
}

/** A board that stops early, or for another reason than the program and the budgets give, is wrong even if all its steps are right. */
function judgeEnd(
  settings: LockstepSettings,
  comparator: Comparator,
  status: Status,
): EndMismatch | undefined {
  const expected = expectedEnd(settings, comparator);
  const rounds = comparator.rounds >>> 0;
  if (status.reason === expected && status.rounds === rounds) return undefined;
  const text = (why: string, round: number): string => `${why} in round ${round} of loop()`;
  return { expected: text(expected, rounds), actual: text(status.reason, status.rounds) };
}

/** Reads the state regions; of the stacks, the part that is in use. */
async function readState(agent: Agent, vm: number, status: Status): Promise<Snapshot> {
  const stack = await agent.peek(vm, 'stack');
  const frames = await agent.peek(vm, 'frames');
  const frameBytes = REGION_BYTES.frames;
  return {
    globals: await agent.peek(vm, 'globals'),
    arrays: await agent.peek(vm, 'arrays'),
    lengths: await agent.peek(vm, 'lengths'),
    stack: stack.subarray(0, Math.min(stack.length, status.sp * 4)),
    frames: frames.subarray(0, Math.min(frameBytes, status.depth * 8)),
  };
}
