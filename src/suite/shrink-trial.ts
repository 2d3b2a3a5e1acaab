import type { ConnectedBoard } from '../bench/index.ts';
import { NativeFailure, type FuzzCase, type NativeReplay } from '../fuzz/index.ts';
import type { Program } from '../image/index.ts';
import type { Effect } from '../isa/index.ts';
import {
  effectText,
  runLockstep,
  type LockstepResult,
  type LockstepSettings,
  type ReplayedInput,
  type ReplaySettings,
} from '../lockstep/index.ts';
import { createEngine, createModelIo, loadProgram, stepWithEffect } from '../vm/index.ts';
import { breakOffOf, breakOffText, sameBreakOff, type BreakOff } from './break-off.ts';
import { findingOf, placeOf, type Finding } from './finding.ts';
import { compareNative, type Bound } from './native-leg.ts';

/** How a case went wrong. */
export interface Wrong {
  /** A divergence; or the run broke off because the bench died. */
  readonly finding: Finding | { readonly kind: 'break-off'; readonly how: BreakOff };
  /** Opcode that the model executed at the wrong step; undefined when it is no step, or the program should have ended. */
  readonly opcode: number | undefined;
  /** Place and what both sides did, for a person. */
  readonly lines: readonly string[];
}

/** Runs a case on the bench beside the model. @returns undefined when they agree */
export type Trial = (it: FuzzCase) => Promise<Wrong | undefined>;

/** Whether two cases go wrong for what looks like the same reason: at the same kind of instruction, anywhere. */
export function sameCause(a: Wrong, b: Wrong): boolean {
  if (a.finding.kind === 'break-off' && b.finding.kind === 'break-off') {
    return sameBreakOff(a.finding.how, b.finding.how);
  }
  return a.finding.kind === b.finding.kind && a.opcode === b.opcode;
}

function wrongOf(finding: Finding, expected: Effect | undefined): Wrong {
  return { finding, opcode: expected?.opcode, lines: linesOf(finding, expected) };
}

function linesOf(finding: Finding, expected: Effect | undefined): string[] {
  const text = (effect: Effect | undefined): string =>
    effect === undefined ? 'no further step' : `pc ${effect.pc}, ${effectText(effect, undefined)}`;
  const sides = (model: string, bench: string): string[] => [
    `${placeOf(finding)} differs`,
    `  model  ${model}`,
    `  bench  ${bench}`,
  ];
  switch (finding.kind) {
    case 'step':
      return sides(text(expected), text(finding.effect));
    case 'end':
      return sides(finding.expected, finding.actual);
    case 'state': {
      const [first] = finding.differences ?? [];
      if (first === undefined) return [`${placeOf(finding)} differs`];
      const cell = `${first.region}[${first.index}]`;
      const value = (it: number | undefined): string => `${cell} = ${it ?? 'not there'}`;
      return sides(value(first.expected), value(first.actual));
    }
  }
}

function wrongResult(result: LockstepResult): Wrong | undefined {
  const finding = findingOf(result);
  if (finding === undefined) return undefined;
  const { mismatch } = result;
  // The model's effect means nothing when the program should have ended.
  const ended = mismatch === undefined || mismatch.fields[0] === 'step';
  return wrongOf(finding, ended ? undefined : mismatch.expected);
}

const brokeOff = (how: BreakOff, text: string): Wrong => ({
  finding: { kind: 'break-off', how },
  opcode: undefined,
  lines: [text],
});

/** A board for cases, started anew after one that it died of. */
export interface TrialBoard {
  /** @throws HilError when it can't be started */
  readonly restart: () => Promise<ConnectedBoard>;
  /** What is behind an error: that the board is a process which has ended. */
  readonly blame: (error: unknown) => Promise<unknown>;
  readonly settings: (
    connected: ConnectedBoard,
  ) => Omit<LockstepSettings, 'program' | 'steps' | 'loops' | 'now'>;
}

/** Cases on a board. What they read is live, or as `onUploaded` of the settings arranges. */
export function boardTrial(first: ConnectedBoard, { restart, blame, settings }: TrialBoard): Trial {
  let connected: ConnectedBoard | undefined = first;
  return async ({ program, steps, rounds }) => {
    connected ??= await restart();
    try {
      const bounds = { program, steps, loops: rounds, now: () => performance.now() };
      return wrongResult(await runLockstep({ ...settings(connected), ...bounds }));
    } catch (error) {
      const how = breakOffOf(error, await blame(error));
      if (how === undefined) throw error;
      connected = undefined;
      return brokeOff(how, `the board ${breakOffText(how)}`);
    }
  };
}

/** Cases on the native C engine. Each port gives the values that the recorded run read from it, the last one for good. */
export function nativeTrial(
  replay: NativeReplay,
  settings: ReplaySettings,
  recorded: readonly ReplayedInput[],
  bound: Bound,
): Trial {
  return async ({ program, steps, rounds }) => {
    const inputs = recorded.length === 0 ? [] : readBy(program, settings, recorded, steps);
    const run = { program, settings, inputs, steps, rounds };
    try {
      const { finding, expected } = await compareNative(replay, run, bound);
      return finding === undefined ? undefined : wrongOf(finding, expected);
    } catch (error) {
      // It is started again when it is next asked.
      if (!(error instanceof NativeFailure)) throw error;
      return brokeOff({ text: error.message }, `native C: ${error.message}`);
    }
  };
}

/** What a program reads, and when, with the values of a recorded run in their order. */
function readBy(
  program: Program,
  settings: ReplaySettings,
  recorded: readonly ReplayedInput[],
  steps: number,
): ReplayedInput[] {
  const queues = new Map<number, number[]>();
  for (const { port, value } of recorded) {
    const queue = queues.get(port);
    if (queue === undefined) queues.set(port, [value]);
    else queue.push(value);
  }
  const read: ReplayedInput[] = [];
  let step = 0;
  const inputs = (port: number): number => {
    const queue = queues.get(port) ?? [];
    const value = (queue.length > 1 ? queue.shift() : queue[0]) ?? 0;
    read.push({ step, port, value });
    return value;
  };
  const executed = (): number => engine.executed;
  const io = createModelIo({ ...settings, executed, inputs });
  const engine = createEngine({ io });
  loadProgram(engine, program);
  io.reset();
  while (step < steps && stepWithEffect(engine) !== undefined) step += 1;
  return read;
}
