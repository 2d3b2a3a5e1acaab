import type { EndMismatch, LockstepResult } from '../lockstep/index.ts';
import type { Verdict } from '../results/index.ts';
import { errorName } from '../isa/index.ts';
import { HilError, errorText } from '../errors/index.ts';

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
 * What a finished comparison means. A divergence is charged to the firmware: the model is the reference, and nothing here
 * tells a wrong model from a wrong board.
 */
export function judge(result: LockstepResult): Verdict {
  const { mismatch, endMismatch, state, stepsCompared } = result;
  if (stepsCompared === 0) {
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
  if (endMismatch !== undefined) return failed('firmware', endedDifferently(endMismatch));
  if (state !== undefined && state.differences.length > 0) {
    const count = state.differences.length;
    const cells = `${count} cell${count === 1 ? '' : 's'}`;
    return failed('firmware', `all steps agree, but ${cells} of the state left behind differ`);
  }
  if (result.fault !== 0) {
    const name = errorName(result.fault);
    return failed(
      'program',
      `the program stopped with fault ${result.fault} ${name}, on board and model alike`,
      'mend the program at the line above',
    );
  }
  return { outcome: 'passed', summary: 'board and reference model agree on every step' };
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
