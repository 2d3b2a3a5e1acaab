import type { EndMismatch, LockstepResult } from '../lockstep/index.ts';
import type { Divergence, Verdict } from '../results/index.ts';
import { errorName } from '../isa/index.ts';
import { HilError, errorText } from '../errors/index.ts';
import type { Investigation } from './investigate.ts';
import { CAUSE_TEXTS } from './triage.ts';

const failed = (causeClass: Verdict['causeClass'], summary: string, fix?: string): Verdict => ({
  outcome: 'failed',
  causeClass,
  summary,
  ...(fix === undefined ? {} : { fix }),
});

function endedDifferently({ expected, actual }: EndMismatch): string {
  return `all steps agree, but the board stopped with ${actual}, the model with ${expected}`;
}

/**
 * What a finished comparison means. A finding is charged to the firmware, because the model is the reference; {@link withTriage}
 * knows more.
 */
export function judge(result: LockstepResult): Verdict {
  const { mode, mismatch, endMismatch, state, stateChange, stepsCompared } = result;
  if (mode === 'free' && state === undefined) {
    return {
      outcome: 'errored',
      causeClass: 'harness',
      summary: 'the program read from outside, so nothing of a free run can be compared',
      fix: 'use --mode digest',
    };
  }
  if (mode !== 'free' && stepsCompared === 0) {
    return {
      outcome: 'errored',
      causeClass: 'harness',
      summary: 'no step was compared, so nothing is known',
      fix: 'give a larger --steps, or a program that does something',
    };
  }
  if (mismatch !== undefined) {
    const why = mismatch.implausible === undefined ? '' : `: ${mismatch.implausible}`;
    return failed('firmware', `board and reference model part at step ${mismatch.step}${why}`);
  }
  if (stateChange !== undefined) {
    const { firstStep, lastStep } = stateChange;
    return failed(
      'firmware',
      `all effects agree, but the state was changed behind them in steps ${firstStep} to ${lastStep}`,
    );
  }
  if (endMismatch !== undefined) return failed('firmware', endedDifferently(endMismatch));
  if (state !== undefined && state.differences.length > 0) {
    const count = state.differences.length;
    const cells = count === 1 ? '1 cell' : `${count} cells`;
    const verb = count === 1 ? 'differs' : 'differ';
    const so = mode === 'free' ? '' : 'all steps agree, but ';
    return failed('firmware', `${so}${cells} of the state left behind ${verb}`);
  }
  if (result.fault !== 0) {
    const name = errorName(result.fault);
    return failed(
      'program',
      `the program stopped with fault ${result.fault} ${name}, on board and model alike`,
      name === 'HARDWARE_FAULT'
        ? 'set the pin up before it is used, or use one that can do this on this board (docs/vm.md)'
        : 'mend the program at the line above',
    );
  }
  const agreed = mode === 'free' ? 'the state left behind; no step was compared' : 'every step';
  return { outcome: 'passed', summary: `board and reference model agree on ${agreed}` };
}

/** ` (sketch.ino:6)`, with the step where the verdict doesn't name it: of a state, or after a free run. */
function placeOf({ source, step, located }: Divergence, named: number | undefined): string {
  // A bisected step is not known to be the first.
  const since =
    located === 'bisected' ? `at step ${step}, found by bisection` : `since step ${step}`;
  const parts = [
    ...(step === named ? [] : [since]),
    ...(source === undefined ? [] : [`${source.file}:${source.line}`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/**
 * A verdict on a finding, once it is known whose fault that is.
 * @param named the step that the verdict names
 */
export function withTriage(
  verdict: Verdict,
  investigation: Investigation | undefined,
  named: number | undefined,
): Verdict {
  if (investigation === undefined || verdict.outcome !== 'failed') return verdict;
  const { divergence, triage } = investigation;
  const words = CAUSE_TEXTS[triage.cause];
  const place = divergence === undefined ? '' : placeOf(divergence, named);
  const summary = `${verdict.summary}${place}`;
  return {
    ...verdict,
    causeClass: triage.cause,
    summary: words === undefined ? summary : `${summary}: ${words}`,
  };
}

/** A finding on one VM stands, whatever kept another from being judged. */
const RANKS = { passed: 0, errored: 1, failed: 2 } as const;

/** The verdict of a run of several programs: the first of the worst. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  const [first, ...others] = verdicts;
  if (first === undefined) {
    return { outcome: 'errored', causeClass: 'harness', summary: 'the run had no program' };
  }
  return others.reduce(
    (worst, next) => (RANKS[next.outcome] > RANKS[worst.outcome] ? next : worst),
    first,
  );
}

/**
 * What an error during a run means. A board that stops answering or answers nonsense is a finding about the firmware; anything
 * else leaves the VM unjudged.
 */
export function judgeError(error: unknown): Verdict {
  if (!(error instanceof HilError)) {
    return { outcome: 'errored', causeClass: 'harness', summary: errorText(error) };
  }
  const outcome = error.causeClass === 'firmware' ? 'failed' : 'errored';
  const { causeClass, message: summary } = error;
  return { outcome, causeClass, summary, ...(error.fix === '' ? {} : { fix: error.fix }) };
}
