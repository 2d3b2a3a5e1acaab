import type { Agent } from '../agent/index.ts';
import { errorText } from '../errors/index.ts';
import type { Program } from '../image/index.ts';
import {
  differingFields,
  explainStep,
  type Explanation,
  type LockstepResult,
  type Mode,
  type ReplaySettings,
} from '../lockstep/index.ts';
import type { Divergence, InputScript, Triage } from '../results/index.ts';
import { boardLeg } from './board-leg.ts';
import { stateAfter, stateOfLive } from './board-state.ts';
import { divergenceOf, stateDivergenceOf } from './divergence-view.ts';
import { replayedInputs } from './replayed-inputs.ts';
import { alike, findingOf, placeOf, type Finding } from './finding.ts';
import { isScripted } from './input-server.ts';
import { locateChange, SINGLY, type ChangedRun } from './locate.ts';
import { nativeLeg, type Bound } from './native-leg.ts';
import { triage, type BoardLeg, type ModelLeg } from './triage.ts';

/**
 * Most time for the model, and for the native C engine beside it, to come to the wrong step. Either takes under 2 s for 1,000,000
 * steps, the default budget; thirty times that for a machine that is busy with other things.
 */
const LEG_MS = 60_000;

/** A finished comparison that found something, and what is needed to look into it. */
export interface Case {
  readonly vm: number;
  readonly program: Program;
  readonly settings: ReplaySettings;
  readonly result: LockstepResult;
  /** What the program read in place of the board's pins; undefined: the pins. */
  readonly inputScript: InputScript | undefined;
  /** Most steps, and rounds of loop(); 0 = no limit of rounds. */
  readonly steps: number;
  readonly loops: number;
  /** What the run took, milliseconds. */
  readonly tookMs: number;
}

/** What the legs are asked with. */
export interface Tools {
  readonly agent: Agent;
  /** What the firmware says of itself; `none` is a good build. */
  readonly defect: string;
  /** Runs the same again on the board. @param steps undefined: as many as before */
  readonly rerun: (mode: Mode, steps?: number) => Promise<LockstepResult>;
  /** Runs the program alone, on the virtual clock, with a checkpoint after every step. */
  readonly singly: (steps: number) => Promise<LockstepResult>;
  readonly reruns: number;
  /** The program `cvm-replay` of a native build. */
  readonly nativeReplay: string;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** One line about what is being done. */
  readonly say: (text: string) => void;
}

export interface Investigation {
  readonly divergence: Divergence | undefined;
  readonly triage: Triage;
}

/** A value, or why there is none. */
type Attempt<T> =
  | { readonly got: T; readonly why?: undefined }
  | { readonly got?: undefined; readonly why: string };

async function attempt<T>(work: Promise<T>, signal: AbortSignal): Promise<Attempt<T>> {
  try {
    return { got: await work };
  } catch (error) {
    // An interrupt is nothing that was found out.
    signal.throwIfAborted();
    return { why: errorText(error) };
  }
}

/** Whether the run depends on more than the program: values from outside, or the real clock. */
function isLive({ settings, result, inputScript }: Case): boolean {
  const { inputs, mismatch } = result;
  if (settings.clock === 'real') return true;
  return mismatch?.implausible !== undefined || !isScripted(inputScript, inputs);
}

function modelLeg({ result }: Case, explained: Attempt<Explanation> | undefined): ModelLeg {
  const { mismatch } = result;
  if (mismatch === undefined || explained === undefined) {
    return { ran: false, why: 'not asked: no effect of a step is in doubt' };
  }
  if (explained.got === undefined) return { ran: false, why: explained.why };
  const { effect } = explained.got;
  const ended = mismatch.fields[0] === 'step';
  const repeats =
    effect === undefined
      ? ended
      : !ended && differingFields(mismatch.expected, effect).length === 0;
  return { ran: true, repeats };
}

/**
 * Looks into a finding: what led to it, the states of both sides, and whose fault it is by the word of model, native C engine and
 * board. Each of them has a time limit, and one that can't be asked says why.
 * @returns undefined when there is no finding
 */
export async function investigate(given: Case, tools: Tools): Promise<Investigation | undefined> {
  if (findingOf(given.result) === undefined) return undefined;
  const found = await withStep(given, tools);
  const finding = findingOf(found.result);
  if (finding === undefined) return undefined;
  const { result, program, settings, loops } = found;
  const { now, signal } = tools;
  const live = isLive(found);
  const bound = { budgetMs: LEG_MS, now, signal };
  const inputs = replayedInputs(result.inputs, result.mismatch);

  // First the board: on live values its state is the one it was stopped in.
  const evidence = await gather(found, finding, tools, bound);
  tools.say(`${placeOf(finding)}: asking the native C engine, then up to ${tools.reruns} reruns`);
  const steps = lastStepOf(finding, found) + 1;
  const run = { program, settings, inputs, steps, rounds: loops };
  const native = await nativeLeg(tools.nativeReplay, run, finding, bound);
  const board = await askBoard(found, finding, live, tools);
  const verdict = triage({
    place: placeOf(finding),
    model: modelLeg(found, evidence.explained),
    native,
    board,
    defect: tools.defect,
    live,
    implausible: result.mismatch?.implausible,
  });
  return { divergence: evidence.divergence, triage: verdict };
}

/** Whether a digest run tells more: a free run has no step, and of a long traced run's state it names the epoch. */
function digestTellsMore(found: Case): boolean {
  const { mode } = found.result;
  const finding = findingOf(found.result);
  if (mode !== 'trace' || finding?.kind !== 'state') return mode === 'free';
  return finding.lastStep >= SINGLY && !isLive(found);
}

/** The case as a digest run finds it, where that tells more. */
async function withStep(found: Case, tools: Tools): Promise<Case> {
  if (!digestTellsMore(found)) return found;
  tools.say('looking for the step in a digest run');
  const { got: result } = await attempt(tools.rerun('digest'), tools.signal);
  return result === undefined || findingOf(result) === undefined ? found : { ...found, result };
}

interface Gathered {
  readonly explained?: Attempt<Explanation>;
  readonly divergence: Divergence | undefined;
}

/** What led to the finding, and the states of both sides. */
async function gather(
  found: Case,
  finding: Finding,
  { agent, rerun, singly, signal, say }: Tools,
  bound: Bound,
): Promise<Gathered> {
  const { result, program, settings, vm } = found;
  const live = isLive(found);
  const inputs = replayedInputs(result.inputs, result.mismatch);
  const { mismatch } = result;
  if (mismatch !== undefined) {
    const { step } = mismatch;
    const state = live
      ? stateOfLive({ agent, vm, step, inputs, rerun: (steps) => rerun(result.mode, steps) })
      : stateAfter(agent, vm, step);
    const board = await attempt(state, signal);
    const explaining = explainStep({ program, settings, inputs, step, ...bound });
    const explained = await attempt(explaining, signal);
    const before = {
      agent,
      vm,
      program,
      settings,
      inputs,
      firstStep: 0,
      lastStep: step - 1,
      singly,
    };
    const since: Attempt<Divergence | undefined> =
      live || step === 0 ? { got: undefined } : await attempt(locate(before, bound), signal);
    const missing = [
      ...(board.why === undefined ? [] : [`the board's state: ${board.why}`]),
      ...(explained.why === undefined ? [] : [`the model's state: ${explained.why}`]),
      ...(since.why === undefined ? [] : [`whether the state was wrong before: ${since.why}`]),
    ];
    const evidence = { explanation: explained.got, board: board.got, missing };
    const divergence = divergenceOf(mismatch, program, inputs, evidence);
    return { explained, divergence: { ...divergence, ...sinceOf(since.got) } };
  }
  if (finding.kind !== 'state' || live || finding.lastStep < 0) return { divergence: undefined };
  say(`${placeOf(finding)}: looking for the step`);
  const { firstStep, lastStep } = finding;
  const changed = { agent, vm, program, settings, inputs, firstStep, lastStep, singly };
  const located = await attempt(locate(changed, bound), signal);
  return { divergence: located.got };
}

/** The step at which a state was changed behind the VM's back, as a divergence; undefined when it didn't come again. */
async function locate(run: ChangedRun, bound: Bound): Promise<Divergence | undefined> {
  const change = await locateChange(run, bound);
  if (change === undefined) return undefined;
  const { program, settings, inputs } = run;
  const explanation = await explainStep({
    program,
    settings,
    inputs,
    step: change.step,
    ...bound,
  });
  return stateDivergenceOf(change, program, explanation);
}

/** What a record says of the step that left the state wrong before another one's effect was. */
function sinceOf(change: Divergence | undefined): Pick<Divergence, 'since'> {
  if (change === undefined) return {};
  const { step, located, source, instruction, expected, actual } = change;
  return {
    since: {
      step,
      instruction,
      expected,
      actual,
      ...(located === undefined ? {} : { located }),
      ...(source === undefined ? {} : { source }),
    },
  };
}

/** The last step that the finding is about; of a free run, the last there can be. */
function lastStepOf(finding: Finding, { result, steps }: Case): number {
  if (result.mode === 'free') return steps - 1;
  switch (finding.kind) {
    case 'step':
      return finding.step;
    case 'state':
      return finding.lastStep;
    case 'end':
      return result.stepsCompared - 1;
  }
}

function askBoard(found: Case, finding: Finding, live: boolean, tools: Tools): Promise<BoardLeg> {
  // On live values the fault may come later than it did.
  const steps = finding.kind === 'step' && !live ? finding.step + 1 : undefined;
  return boardLeg({
    reruns: tools.reruns,
    once: async () => {
      const again = findingOf(await tools.rerun(found.result.mode, steps));
      // A run that was cut short ends otherwise than the program says.
      if (again === undefined || (again.kind === 'end' && steps !== undefined)) return 'agreed';
      return alike(again, finding, live) ? 'same' : 'otherwise';
    },
    expectedMs: found.tookMs,
    now: tools.now,
    signal: tools.signal,
  });
}
