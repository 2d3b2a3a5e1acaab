import { access } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { errorText } from '../errors/index.ts';
import { NativeFailure, NativeReplay, REPLAY_WINDOW } from '../fuzz/index.ts';
import { buildImage, stripDebug, type Program } from '../image/index.ts';
import type { Effect } from '../isa/index.ts';
import {
  compareState,
  differingFields,
  effectText,
  ModelReplay,
  type ReplayedInput,
  type ReplaySettings,
} from '../lockstep/index.ts';
import { alike, type Finding } from './finding.ts';
import type { NativeLeg } from './triage.ts';

/** The native build that ./scripts/setup makes. */
export const NATIVE_REPLAY = resolve(import.meta.dirname, '../../build/firmware/native/cvm-replay');

/** A recorded run, for the two engines of this machine. */
export interface RecordedRun {
  readonly program: Program;
  readonly settings: ReplaySettings;
  /** What it read, in the order of the steps. */
  readonly inputs: readonly ReplayedInput[];
  /** Steps to make, a fault included. */
  readonly steps: number;
  /** Rounds of loop(); 0 = no limit. */
  readonly rounds: number;
}

/** How long it may take, and whether it is still wanted. */
export interface Bound {
  readonly budgetMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** What running the model beside the native C engine gave. */
export interface NativeRun {
  /** Steps that agreed. */
  readonly steps: number;
  /** What the two did at the first step that differs. */
  readonly finding: Finding | undefined;
  /** The model's effect there. */
  readonly expected: Effect | undefined;
  /** Not all steps could be made in time. */
  readonly cut: boolean;
}

/** Inputs of the steps below `end`, from `from` on in the list. */
function inputsBelow(inputs: readonly ReplayedInput[], from: number, end: number) {
  let to = from;
  while ((inputs[to]?.step ?? end) < end) to += 1;
  return inputs.slice(from, to);
}

/**
 * Runs the model and the native C engine on the same program with the same inputs, comparing every step and then the state.
 * @throws NativeFailure when the native engine died or hangs
 */
export async function compareNative(
  replay: NativeReplay,
  run: RecordedRun,
  { budgetMs, now, signal }: Bound,
): Promise<NativeRun> {
  const { program, settings, inputs, steps, rounds } = run;
  const model = new ModelReplay(program, settings, inputs);
  await replay.load(stripDebug(buildImage(program)), settings);
  const end = now() + budgetMs;
  const wrong = (finding: Finding, expected?: Effect): NativeRun => ({
    steps: finding.kind === 'step' ? finding.step : model.steps,
    finding,
    expected,
    cut: false,
  });
  let read = 0;
  let ended = false;
  while (!ended && model.steps < steps) {
    signal.throwIfAborted();
    if (now() > end)
      return { steps: model.steps, finding: undefined, expected: undefined, cut: true };
    const window = Math.min(REPLAY_WINDOW, steps - model.steps);
    const given = inputsBelow(inputs, read, model.steps + window);
    read += given.length;
    const effects = await replay.advance(window, rounds, given);
    for (const [index, effect] of [...effects, undefined].slice(0, window).entries()) {
      const step = model.steps;
      const expected = model.beyondRound(rounds) ? undefined : model.step();
      if (expected === undefined && effect === undefined) {
        ended = true;
        break;
      }
      const fields =
        expected === undefined || effect === undefined
          ? ['step']
          : differingFields(expected, effect);
      if (fields.length > 0) return wrong({ kind: 'step', step, effect, fields }, expected);
      if (index === window - 1) break;
    }
  }
  const { snapshot } = await replay.state();
  const { differences } = compareState(model.view().memory, snapshot, program.debug);
  const lastStep = model.steps - 1;
  if (differences.length > 0) return wrong({ kind: 'state', differences, firstStep: 0, lastStep });
  return { steps: model.steps, finding: undefined, expected: undefined, cut: false };
}

/**
 * The native C engine's word on a finding: it runs the same program with the recorded inputs to where the board was wrong.
 * @param path the program `cvm-replay` of a native build
 * @param found what the board was found to do
 */
export function nativeLeg(
  path: string,
  run: RecordedRun,
  found: Finding,
  bound: Bound,
): Promise<NativeLeg> {
  return askNative(path, bound, async (replay) => {
    const { finding, ...so } = await compareNative(replay, run, bound);
    if (so.cut) return cutLeg(so, run, bound);
    if (finding === undefined) return { ran: true, does: 'model' };
    if (alike(finding, found, false)) return { ran: true, does: 'board' };
    return { ran: true, does: 'else', text: findingText(finding, run.program) };
  });
}

/**
 * The native C engine's word on a step that a board never ended: the last of `run`. Does as the board when it dies in that step too.
 * @param path the program `cvm-replay` of a native build
 */
export function nativeLegOfStep(path: string, run: RecordedRun, bound: Bound): Promise<NativeLeg> {
  return askNative(path, bound, async (replay) => {
    const before = { ...run, steps: run.steps - 1 };
    for (const part of [before, run]) {
      try {
        const { finding, ...so } = await compareNative(replay, part, bound);
        if (so.cut) return cutLeg(so, part, bound);
        if (finding === undefined) continue;
        return { ran: true, does: 'else', text: findingText(finding, run.program) };
      } catch (error) {
        if (part === before || !(error instanceof NativeFailure)) throw error;
        return { ran: true, does: 'board', text: error.message };
      }
    }
    return { ran: true, does: 'model' };
  });
}

function cutLeg({ steps }: { readonly steps: number }, run: RecordedRun, bound: Bound): NativeLeg {
  const why = `not asked to the end: step ${steps} of ${run.steps} within ${bound.budgetMs / 1000} s`;
  return { ran: false, why };
}

/** Asks the native C engine something. What it died of is its word; why it could not be asked is the leg's. */
async function askNative(
  path: string,
  { signal }: Bound,
  ask: (replay: NativeReplay) => Promise<NativeLeg>,
): Promise<NativeLeg> {
  try {
    await access(path);
  } catch {
    const why = `not asked: there is no ${relative('', path)} (./scripts/setup builds it)`;
    return { ran: false, why };
  }
  await using replay = new NativeReplay(path);
  try {
    return await ask(replay);
  } catch (error) {
    if (signal.aborted) throw error;
    // A crash of the C engine is something that it does; anything else is not its word.
    if (error instanceof NativeFailure) return { ran: true, does: 'else', text: error.message };
    return { ran: false, why: `could not be asked: ${errorText(error)}` };
  }
}

/** A finding of the native engine in words. */
export function findingText(finding: Finding, program: Program): string {
  switch (finding.kind) {
    case 'step': {
      const { step, effect } = finding;
      const what = effect === undefined ? 'no further step' : effectText(effect, program.debug);
      return `at step ${step}: ${what}`;
    }
    case 'end':
      return `it ended with ${finding.actual}`;
    case 'state':
      return `${finding.differences?.length ?? 0} cells of the state left behind`;
  }
}
