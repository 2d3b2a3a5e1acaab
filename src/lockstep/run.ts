import { HilError } from '../errors/index.ts';
import { buildImage, stripDebug } from '../image/index.ts';
import type { StopReason, Status } from '../wire/index.ts';
import { Comparator } from './comparator.ts';
import { LineDoubt } from './doubt.ts';
import { judgeEnd, readState, type EndMismatch } from './end.ts';
import { compareState, type StateComparison } from './final-state.ts';
import type { Mismatch, ReplayedInput } from './mismatch.ts';
import type { ModelSettings, ModelSide } from './model-side.ts';
import type { PinChange } from './pin-timing.ts';
import { DigestRun, type StateChange } from './run-digest.ts';
import { runFree } from './run-free.ts';
import type { LockstepSettings, Mode } from './settings.ts';

/** What the comparison found. */
export interface LockstepResult {
  readonly mode: Mode;
  /** Steps of which every effect was compared, the wrong one included. */
  readonly stepsCompared: number;
  /** Steps that the model made, compared or not, a fault included. */
  readonly steps: number;
  readonly rounds: number;
  readonly mismatch: Mismatch | undefined;
  /** All effects agree, but not the state that an epoch of a digest run ended in. */
  readonly stateChange: StateChange | undefined;
  /** Board and model agree on every step but not on why it ended. */
  readonly endMismatch: EndMismatch | undefined;
  /** Absent after a mismatch: the states differ then for a known reason. After a free run: absent when it read something. */
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

/** What every way of comparing comes to. */
type Compared = Pick<LockstepResult, 'stepsCompared' | 'steps' | 'inputs' | 'printed'> & {
  readonly model: ModelSide;
  readonly mismatch?: Mismatch;
  readonly stateChange?: StateChange;
  readonly state?: StateComparison;
  /** How the run ended, when nothing was found wrong. */
  readonly status?: Status;
  /** Whether the model's state can be compared. */
  readonly comparable: boolean;
};

/**
 * Uploads a program and runs it on the board and on the reference model, comparing what the mode says and then the state left
 * behind.
 * @throws HilError (link, firmware) when the board stops answering; RefusalError when it refuses the program
 */
export async function runLockstep(settings: LockstepSettings): Promise<LockstepResult> {
  const doubt = new LineDoubt(settings.agent);
  try {
    return await runAndCompare(settings, doubt);
  } catch (error) {
    throw doubt.blamed(error);
  }
}

async function runAndCompare(
  settings: LockstepSettings,
  doubt: LineDoubt,
): Promise<LockstepResult> {
  const { agent, vm, program } = settings;
  const image = stripDebug(buildImage(program));
  await agent.load(vm, image);
  await settings.onUploaded?.(image.length);
  const startedAt = settings.now();
  const { pins, buttons, clock, scripted } = settings;
  const hostElapsedMs = (): number => settings.now() - startedAt;
  const world = { pins, buttons, clock, hostElapsedMs, scripted };
  const compared = await compare(settings, world, image, doubt);
  const { model, status, mismatch, stateChange } = compared;
  const result = {
    mode: settings.comparison?.mode ?? 'trace',
    stepsCompared: compared.stepsCompared,
    steps: compared.steps,
    rounds: model.rounds,
    mismatch,
    stateChange,
    inputs: compared.inputs,
    printed: compared.printed,
    pinChanges: model.pinChanges,
  } as const;
  if (status === undefined) {
    // A board that has died since cannot be stopped; what was found stands all the same.
    await agent.stop(vm).catch(() => undefined);
    const nothing = { endMismatch: undefined, stopReason: undefined, fault: 0 };
    return { ...result, ...nothing, state: compared.state, pc: mismatch?.effect.pc ?? 0 };
  }
  const { comparable, steps } = compared;
  const leftBehind = async (
    so: Status,
  ): Promise<Pick<LockstepResult, 'endMismatch' | 'state'>> => ({
    endMismatch: judgeEnd(model, steps, settings, so),
    state: compareState(model.state(), await readState(agent, vm, so), program.debug),
  });
  const left = comparable ? await leftBehind(status) : { endMismatch: undefined, state: undefined };
  if (left.endMismatch !== undefined || (left.state?.differences.length ?? 0) > 0)
    await doubt.confirm('what the run left behind', left, async () =>
      leftBehind(await agent.status(vm)),
    );
  // What was asked of the board can't be asked back.
  if (left.endMismatch !== undefined) doubt.whenDamaged('the run ended otherwise than it should');
  return {
    ...result,
    ...left,
    stopReason: status.reason === 'none' ? undefined : status.reason,
    fault: comparable && left.endMismatch === undefined ? status.error : 0,
    pc: status.pc,
  };
}

async function compare(
  settings: LockstepSettings,
  model: ModelSettings,
  image: Uint8Array,
  doubt: LineDoubt,
): Promise<Compared> {
  const { comparison = { mode: 'trace' } } = settings;
  switch (comparison.mode) {
    case 'trace':
      return followTrace(settings, model, doubt);
    case 'digest': {
      const run = new DigestRun({ ...settings, comparison }, model, image, doubt);
      const finding = await run.follow();
      const { steps, inputs, printed, model: side } = run.verifier;
      return {
        ...finding,
        stepsCompared: steps,
        steps,
        inputs,
        printed,
        model: side,
        comparable: true,
      };
    }
    case 'free': {
      const { status, reads, printed, model: side } = await runFree(settings, model);
      const steps = side.engine.executed + (side.engine.error === 0 ? 0 : 1);
      return {
        status,
        stepsCompared: 0,
        steps,
        inputs: [],
        printed,
        model: side,
        comparable: !reads,
      };
    }
  }
}

/** Follows the board's effects to the end of the run or to the first that differs. */
async function followTrace(
  settings: LockstepSettings,
  model: ModelSettings,
  doubt: LineDoubt,
): Promise<Compared> {
  const { agent, vm, clock, steps, loops, program } = settings;
  const comparator = new Comparator(program, model);
  const so = (): Omit<Compared, 'mismatch' | 'status'> => ({
    stepsCompared: comparator.steps,
    steps: comparator.steps,
    inputs: comparator.inputs,
    printed: comparator.printed,
    model: comparator.model,
    comparable: true,
  });
  for await (const item of agent.trace(vm, { clock, steps, loops })) {
    if (item.kind === 'done') return { ...so(), status: item.status };
    for (const effect of item.effects) {
      const mismatch = comparator.compare(effect);
      if (mismatch !== undefined) {
        const { first } = item;
        const step = (first + item.effects.indexOf(effect)) >>> 0;
        const again = () => agent.effectAgain(vm, first, step);
        await doubt.confirm(`step ${mismatch.step}`, effect, again);
        return { ...so(), mismatch };
      }
      if (effect.text !== undefined) settings.onPrint?.(effect.text);
    }
    settings.onProgress?.({ steps: comparator.steps, rounds: comparator.model.rounds });
  }
  throw new HilError('harness', 'a traced run ended without saying how');
}
