/** Earlier runs that a case must have passed before its duration is judged. */
const RUNS_NEEDED = 5;

/**
 * Median deviations beyond which a duration is no noise, as for outliers of a normal distribution at 5 standard deviations: there, one
 * median deviation is 0.6745 of them.
 */
const DEVIATIONS = 5 / 0.6745;

/** The least that counts: a share of the median, and milliseconds, below which a machine's own jitter lies. */
const SHARE = 0.2;
const LEAST_MS = 50;

/** The rule, for the report. */
export const NOISE_RULE = `a case is slower when it takes longer than the median of the runs before it that passed, by more than ${DEVIATIONS.toFixed(1)} median deviations, ${SHARE * 100} % of the median and ${LEAST_MS} ms, whichever is most; with fewer than ${RUNS_NEEDED} such runs in the history it is not judged`;

/** A case's earlier durations, and what it may take without being called slower. */
export interface Usual {
  readonly runs: number;
  readonly medianMs: number;
  readonly deviationMs: number;
  readonly limitMs: number;
}

/** The middle value; of an even number of values the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const above = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? above : ((sorted[middle - 1] ?? NaN) + above) / 2;
}

/** The median of the distances from the median: a spread that single outliers don't change. NaN of none. */
export function medianDeviation(values: readonly number[]): number {
  const middle = median(values);
  return median(values.map((value) => Math.abs(value - middle)));
}

/** What is usual of a case. @returns undefined when there are too few runs to say */
export function usual(durationsMs: readonly number[]): Usual | undefined {
  if (durationsMs.length < RUNS_NEEDED) return undefined;
  const medianMs = median(durationsMs);
  const deviationMs = medianDeviation(durationsMs);
  const allowance = Math.max(DEVIATIONS * deviationMs, SHARE * medianMs, LEAST_MS);
  return { runs: durationsMs.length, medianMs, deviationMs, limitMs: medianMs + allowance };
}
