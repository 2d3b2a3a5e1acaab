import { HilError } from '../../src/errors/index.ts';
import { runLockstep, type LockstepResult } from '../../src/lockstep/index.ts';
import { withDeadline } from '../../src/process/index.ts';
import { judge, judgeError } from '../../src/suite/verdict.ts';
import type { Station } from './station.ts';
import type { Mode } from './types.ts';
import type { Unit } from './units.ts';

/** What a run made of a firmware. */
export type Seen =
  /** Board and model agree, and a person's expectations are met. */
  | { readonly kind: 'agreed' }
  /** They part at this step. */
  | { readonly kind: 'step'; readonly step: number; readonly detail: string }
  /** All effects agree, the state doesn't. */
  | { readonly kind: 'state'; readonly detail: string }
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
function finding(result: LockstepResult): Seen | undefined {
  const { mismatch, stateChange, endMismatch, state } = result;
  if (mismatch !== undefined) {
    const detail = mismatch.implausible ?? mismatch.fields.join(', ');
    return { kind: 'step', step: mismatch.step, detail };
  }
  if (stateChange !== undefined) {
    const { firstStep, lastStep } = stateChange;
    return { kind: 'state', detail: `in steps ${firstStep} to ${lastStep}` };
  }
  if (endMismatch !== undefined) {
    return { kind: 'end', detail: `${endMismatch.actual}, not ${endMismatch.expected}` };
  }
  const [first] = state?.differences ?? [];
  return first && { kind: 'state', detail: `${first.region} ${first.index}` };
}

/** What was found, provided that a user gets a verdict against the board for it. */
function classify(unit: Unit, result: LockstepResult, mode: Mode): Seen {
  const found = finding(result);
  // It compares no step, prints nothing and reports no input: the state and the end are all there is.
  if (mode === 'free') return found ?? { kind: result.state === undefined ? 'blind' : 'agreed' };
  const { outcome, causeClass, summary } = judge(result);
  if (outcome === 'errored') return { kind: 'nothing', detail: summary };
  const blamed = outcome === 'failed' && causeClass !== 'program';
  if (blamed !== (found !== undefined)) {
    return { kind: 'nothing', detail: `the verdict does not fit what was found: ${summary}` };
  }
  return found ?? expectation(unit, result);
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

/** Runs one unit in one mode on VM 0. After `silent` the station is of no more use. */
export async function observe(station: Station, unit: Unit, mode: Mode): Promise<Run> {
  try {
    await station.prepare(unit.stimuli);
    const result = await runLockstep({
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
    });
    return { seen: classify(unit, result, mode), inputs: result.inputs.map(({ value }) => value) };
  } catch (error) {
    return { seen: await classifyError(error, station), inputs: [] };
  }
}
