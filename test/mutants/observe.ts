import { HilError } from '../../src/errors/index.ts';
import {
  runLockstep,
  type LockstepResult,
  type LockstepSettings,
} from '../../src/lockstep/index.ts';
import { withDeadline } from '../../src/process/index.ts';
import { findingOf, type Finding } from '../../src/suite/finding.ts';
import { locateChange } from '../../src/suite/locate.ts';
import { judge, judgeError } from '../../src/suite/verdict.ts';
import type { Prediction } from './predict.ts';
import type { Station } from './station.ts';
import type { Mode } from './types.ts';
import type { Unit } from './units.ts';

/** What a run made of a firmware. */
export type Seen =
  /** Board and model agree, and a person's expectations are met. */
  | { readonly kind: 'agreed' }
  /** They part at this step. `since`: a second run says that the state had been wrong since an earlier one. */
  | {
      readonly kind: 'step';
      readonly step: number;
      readonly since?: number | undefined;
      readonly detail: string;
    }
  /** All effects agree, but the state that these steps leave doesn't. */
  | {
      readonly kind: 'state';
      readonly firstStep: number;
      readonly lastStep: number;
      /** The step that a second run named, as it does for a user; undefined when it was not asked, or didn't say. */
      readonly located: number | undefined;
    }
  /** All steps agree, but the run ended differently. */
  | { readonly kind: 'end'; readonly detail: string }
  /** Board and model agree on something that a person knows to be wrong: a value read, a text printed, the last pc. */
  | { readonly kind: 'expectation'; readonly step: number | undefined; readonly detail: string }
  /** The board stopped answering, died, or said what can't be. */
  | { readonly kind: 'silent'; readonly detail: string }
  /** This mode has nothing to compare in this run: a free run of a program that reads inputs. */
  | { readonly kind: 'blind' }
  /** Nothing is known: the rig, the line or the harness failed, or no step was compared. */
  | { readonly kind: 'nothing'; readonly detail: string };

/** A run, and what it read. */
export interface Run {
  readonly seen: Seen;
  readonly inputs: readonly number[];
}

/** A run under way. */
interface Comparing {
  readonly station: Station;
  readonly unit: Unit;
  readonly settings: LockstepSettings;
  readonly predicted: Prediction | undefined;
}

/** Most time for the search for one step by bisection: runs of 20 ms and more, some twenty of them; the rest is for a busy machine. */
const LOCATE_MS = 10_000;

/** The kernel reports a process's end and closes its pty at the same moment; this bounds the wait for the second report. */
const END_REPORT_MS = 500;

/** What a person's expectations say of a run on which board and model agree. */
function expectation(unit: Unit, result: LockstepResult): Seen {
  for (const { step, port, value } of unit.inputs) {
    const read = result.inputs.find((input) => input.step === step);
    if (read?.port === port && read.value === value) continue;
    const detail = `read ${read?.value ?? 'nothing'} instead of ${value}`;
    return { kind: 'expectation', step, detail };
  }
  if (unit.pc !== undefined && result.pc !== unit.pc) {
    const detail = `pc is ${result.pc} afterwards instead of ${unit.pc}`;
    return { kind: 'expectation', step: undefined, detail };
  }
  const printed = Buffer.concat(result.printed).toString('utf8');
  if (unit.printed === undefined || printed === unit.printed) return { kind: 'agreed' };
  return { kind: 'expectation', step: undefined, detail: `printed ${JSON.stringify(printed)}` };
}

/** What a comparison found against the board; undefined = nothing. */
async function found(run: Comparing, result: LockstepResult): Promise<Seen | undefined> {
  const finding = findingOf(result);
  switch (finding?.kind) {
    case undefined:
      return undefined;
    case 'step': {
      const detail = result.mismatch?.implausible ?? finding.fields.join(', ');
      return { kind: 'step', step: finding.step, since: await since(run, finding, result), detail };
    }
    case 'end':
      return { kind: 'end', detail: `${finding.actual}, not ${finding.expected}` };
    case 'state': {
      const { firstStep, lastStep } = finding;
      return { kind: 'state', firstStep, lastStep, located: await located(run, finding, result) };
    }
  }
}

/**
 * The earlier step that had left the state wrong. The product asks that of every finding; here a run that names the step it should
 * is not made again.
 */
async function since(
  run: Comparing,
  { step }: Extract<Finding, { kind: 'step' }>,
  result: LockstepResult,
): Promise<number | undefined> {
  const { predicted } = run;
  if (predicted?.kind !== 'step' || predicted.since === step) return undefined;
  return await located(run, { firstStep: 0, lastStep: step - 1 }, result);
}

/**
 * Names the step of a state that no effect shows, as the product does for a user: by more runs, of a program that reads nothing. A free
 * run is asked for no step.
 */
async function located(
  { station, unit, settings }: Comparing,
  { firstStep, lastStep }: { readonly firstStep: number; readonly lastStep: number },
  { inputs, mode }: LockstepResult,
): Promise<number | undefined> {
  if (mode === 'free' || inputs.length > 0 || lastStep < 0) return undefined;
  const singly = (steps: number): Promise<LockstepResult> =>
    runLockstep({ ...settings, comparison: { mode: 'digest', epoch: 1 }, steps });
  const changed = { ...station, ...unit, settings, vm: settings.vm, inputs, firstStep, lastStep };
  const { signal } = new AbortController();
  const bound = { budgetMs: LOCATE_MS, now: settings.now, signal };
  return (await locateChange({ ...changed, singly }, bound))?.step;
}

/** What was found, provided that a user gets a verdict against the board for it. */
async function classify(run: Comparing, result: LockstepResult): Promise<Seen> {
  const finding = await found(run, result);
  // It compares no step, prints nothing and reports no input: the state and the end are all there is.
  if (result.mode === 'free')
    return finding ?? { kind: result.state === undefined ? 'blind' : 'agreed' };
  const { outcome, causeClass, summary } = judge(result);
  if (outcome === 'errored') return { kind: 'nothing', detail: summary };
  const blamed = outcome === 'failed' && causeClass !== 'program';
  if (blamed !== (finding !== undefined)) {
    return { kind: 'nothing', detail: `the verdict does not fit what was found: ${summary}` };
  }
  return finding ?? expectation(run.unit, result);
}

/** What an error says of the board: one that died takes its line with it. */
async function classifyError(error: unknown, station: Station): Promise<Seen> {
  if (!(error instanceof HilError)) throw error;
  if (error.causeClass === 'link') {
    try {
      const how = await withDeadline(station.ended, END_REPORT_MS, 'the end of the board');
      return { kind: 'silent', detail: `it ended with ${how}` };
    } catch {
      // It lives: the line is at fault.
    }
  }
  const verdict = judgeError(error);
  const kind = verdict.outcome === 'failed' ? 'silent' : 'nothing';
  return { kind, detail: verdict.summary };
}

/**
 * Runs one unit in one mode on VM 0. After `silent` the station is of no more use.
 * @param predicted what it must show, if that is known
 */
export async function observe(
  station: Station,
  unit: Unit,
  mode: Mode,
  predicted?: Prediction,
): Promise<Run> {
  try {
    await station.prepare(unit.stimuli);
    const settings = {
      agent: station.agent,
      vm: 0,
      program: unit.program,
      comparison: mode === 'digest' ? { mode, epoch: station.hello.epoch } : { mode },
      clock: 'virtual',
      steps: unit.steps,
      loops: unit.loops,
      pins: station.pins,
      buttons: station.board.buttons.length,
      now: () => performance.now(),
    } as const;
    const result = await runLockstep(settings);
    const seen = await classify({ station, unit, settings, predicted }, result);
    return { seen, inputs: result.inputs.map(({ value }) => value) };
  } catch (error) {
    return { seen: await classifyError(error, station), inputs: [] };
  }
}
