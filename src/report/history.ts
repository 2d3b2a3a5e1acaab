import type { CaseRow, RunRow } from '../results/index.ts';
import { countsText, minute, outcomeTable, shortCommit, single } from './outcomes.ts';
import { median, medianDeviation } from '../compare/index.ts';
import { seconds, type Style } from './text.ts';

/** Of one run: what its cases came to. A run that is no nightly has one case, which says nothing more. */
function casesText({ kind, cases, passed, flaky, failed, errored }: RunRow): string {
  const rest = cases - passed - flaky - failed - errored;
  return kind === 'run' ? '-' : countsText({ cases, flaky, failed, errored, skipped: rest });
}

/** The newest runs, one a line. */
export function historyLines(rows: readonly RunRow[], style: Style): string[] {
  const header = [
    'OUTCOME',
    'RUN',
    'STARTED (UTC)',
    'STEPS',
    'TIME',
    'BENCH',
    'COMMIT',
    'CASES',
  ] as const;
  const body = rows.map(
    (row) =>
      [
        row.outcome,
        row.id,
        minute(row.startedAt),
        String(row.steps),
        seconds(row.wallMs),
        row.benches,
        shortCommit(row.commit, row.dirty),
        casesText(row),
      ] as const,
  );
  return outcomeTable([header, ...body], [3, 4], style);
}

/** `blink: 18 of 20 passed, 1 failed, 1 flaky; 1.20 s, give or take 0.05 s (median and median deviation of those that passed)`. */
function caseSummary(id: string, rows: readonly CaseRow[]): string {
  const passed = rows.filter(({ outcome }) => outcome === 'passed');
  const others = new Map<string, number>();
  for (const { outcome } of rows) {
    if (outcome !== 'passed') others.set(outcome, (others.get(outcome) ?? 0) + 1);
  }
  const rest = [...others].map(([outcome, count]) => `, ${count} ${outcome}`).join('');
  const times = passed.map(({ ms }) => ms / 1000);
  const spread =
    times.length === 0
      ? ''
      : `; ${median(times).toFixed(2)} s, give or take ${medianDeviation(times).toFixed(2)} s (median and median deviation of those that passed)`;
  return `${single(id)}: ${passed.length} of ${rows.length} passed${rest}${spread}`;
}

/** One case in the newest runs that had it, newest first. */
export function caseHistoryLines(id: string, rows: readonly CaseRow[], style: Style): string[] {
  const header = [
    'OUTCOME',
    'RUN',
    'STARTED (UTC)',
    'TRIES',
    'STEPS',
    'TIME',
    'COMMIT',
    'DIGEST',
    'SUMMARY',
  ] as const;
  const body = rows.map(
    (row) =>
      [
        row.outcome,
        row.runId,
        minute(row.startedAt),
        String(row.attempts),
        String(row.steps),
        seconds(row.ms),
        shortCommit(row.commit, false),
        // The stream's hash; the rest is the state's.
        row.digest?.slice(0, 8) ?? '-',
        row.outcome === 'passed'
          ? ''
          : `${row.cause === null ? '' : `[${row.cause}] `}${row.summary}`,
      ] as const,
  );
  return [caseSummary(id, rows), ...outcomeTable([header, ...body], [3, 4, 5], style)];
}
