import { errorText, HilError } from '../errors/index.ts';
import type { Attempt, Verdict } from '../results/index.ts';

/** Thrown when an attempt's time was over. */
export const CUT = new HilError('harness', 'the time limit of the attempt is over');

/** An attempt, and what it may have done to the bench. */
export interface Tried extends Pick<Attempt, 'verdict' | 'expectations' | 'run'> {
  /** The run's own verdict, whatever the case makes of it. */
  readonly ran?: Verdict;
  readonly opened?: boolean;
  readonly cut?: boolean;
  /** Whether the bench was powered anew within it. */
  readonly reopened?: boolean;
}

/** An attempt that an error has ended. */
export function failed(error: unknown): Tried {
  const known = error instanceof HilError;
  const verdict: Verdict = {
    outcome: 'errored',
    causeClass: known ? error.causeClass : 'harness',
    summary: errorText(error),
    ...(known && error.fix !== '' ? { fix: error.fix } : {}),
  };
  return { verdict, expectations: [] };
}

/** What is said of a bench that an error has cost: the error, and what helps. */
export function withFix(error: unknown): string {
  const text = errorText(error);
  return error instanceof HilError && error.fix !== '' ? `${text} (fix: ${error.fix})` : text;
}
