import {
  benchFix,
  benchHealth,
  type Attempt,
  type BenchView,
  type CaseResult,
  type Recovery,
  type ResultView,
} from '../results/index.ts';
import { healthText } from './run-words.ts';
import { printable, seconds } from './text.ts';

/** `attempt 2 on emulated: failed [firmware]: …`, on one line. */
export function attemptText({ number, bench, verdict }: Attempt): string {
  const { outcome, causeClass, summary } = verdict;
  const cause = causeClass === undefined ? '' : ` [${causeClass}]`;
  return printable(`attempt ${number} on ${bench}: ${outcome}${cause}: ${summary}`);
}

/** Where the record of an attempt's run goes, beside the nightly's own: what `replay` and `shrink` read. */
export function attemptFile(id: string, { number }: Pick<Attempt, 'number'>): string {
  return `runs/${id.replaceAll('/', '_')}-${number}.json`;
}

/** What is to be said of a case that is neither passed nor plainly failed, on one line. */
export function outcomeText({ outcome, summary, quarantine, flake }: CaseResult): string {
  if (outcome === 'quarantined' && quarantine !== undefined) {
    const { issue, owner, expires } = quarantine;
    return printable(`in quarantine until ${expires} (${issue}, ${owner}): ${summary}`);
  }
  if (flake === undefined) return printable(summary);
  const { follows, reason } = flake;
  const what = follows === 'unknown' ? 'test or board is not known' : `it follows the ${follows}`;
  return printable(`${summary}; ${what}: ${reason}`);
}

/** @param tried how many rungs of the ladder were there to be tried */
function notRecovered(tried: number): string {
  if (tried === 0) return 'not recovered, no rung could be tried';
  return tried === 1 ? 'not recovered by the only rung' : `not recovered by any of ${tried} rungs`;
}

/** `emulated: recovered by reflash in 4.2 s, after programs/sort`. */
export function recoveryText(recovery: Recovery): string {
  const { bench, recovered, rungs, why, ms } = recovery;
  const last = rungs.at(-1);
  const by = last === undefined ? 'by starting it anew' : `by ${last.rung}`;
  const tried = rungs.filter(({ detail }) => !detail.startsWith('skipped: ')).length;
  const what = recovered
    ? `recovered ${by} in ${seconds(ms)}`
    : `${notRecovered(tried)} in ${seconds(ms)}`;
  const after = recovery.case === undefined ? `because: ${why}` : `after ${recovery.case}`;
  return printable(`${bench}: ${what}, ${after}`);
}

/** `wedged: no answer after sort (fix: unplug the board, …)`, or `ready`. */
export function benchStateText(bench: BenchView): string {
  const { state, why } = bench;
  const fix = benchFix(bench);
  return `${state}${why === undefined ? '' : `: ${why}`}${fix === undefined ? '' : ` (fix: ${fix})`}`;
}

/** What the board of a bench said of itself over all attempts, and each crash that it remembered: a line each. Empty when it was never asked. */
export function benchHealthTexts(view: Pick<ResultView, 'cases'>, bench: string): string[] {
  const health = benchHealth(view, bench);
  if (health === undefined) return [];
  return [healthText(health), ...health.crashes].map(printable);
}
