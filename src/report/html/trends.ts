import type { History, ResultView, RunRow } from '../../results/index.ts';
import { shortCommit } from '../outcomes.ts';
import type { CaseTrend, CostTrend, TrendData, TrendRun } from './data.ts';

/** Measurements of opcodes that are shown. */
const MEASUREMENTS = 100;

const LETTERS: Readonly<Record<string, string>> = {
  passed: 'P',
  failed: 'F',
  errored: 'E',
  flaky: 'K',
  quarantined: 'Q',
  skipped: 'S',
};

/** The past runs that a result belongs to, oldest first: nightlies of the same suite, or runs of the same case. */
function related(history: History, view: ResultView, last: number): RunRow[] {
  const same =
    view.kind === 'nightly' ? { suite: view.suite?.name } : { caseId: view.cases[0]?.id };
  return history.runs(last, { kind: view.kind, ...same }).reverse();
}

/** Adds up nothing: of several benches the first one's firmware is shown. */
function footprintsOf(history: History, rows: readonly RunRow[]) {
  const byRun = new Map<number, { flash: number; ram: number }>();
  for (const { run, flash, ram } of history.footprints(rows)) {
    if (!byRun.has(run)) byRun.set(run, { flash, ram });
  }
  return byRun;
}

function trendRuns(history: History, rows: readonly RunRow[]): TrendRun[] {
  const footprints = footprintsOf(history, rows);
  return rows.map((row) => {
    const { key, id, startedAt, outcome, commit, dirty, cases, passed, flaky, steps, comparedMs } =
      row;
    const taken = footprints.get(key);
    return {
      id,
      startedAt,
      outcome,
      commit: shortCommit(commit, dirty),
      cases,
      passed,
      flaky,
      stepsPerSecond: comparedMs === 0 ? null : Math.round((1000 * steps) / comparedMs),
      flash: taken?.flash ?? null,
      ram: taken?.ram ?? null,
    };
  });
}

function caseTrends(history: History, rows: readonly RunRow[]): Record<string, CaseTrend> {
  const places = new Map(rows.map(({ key }, index) => [key, index]));
  const found = new Map<string, { outcomes: string[]; ms: (number | null)[] }>();
  for (const { run, id, outcome, ms } of history.trend(rows)) {
    const place = places.get(run);
    if (place === undefined) continue;
    let trend = found.get(id);
    if (trend === undefined) {
      trend = {
        outcomes: new Array<string>(rows.length).fill('.'),
        ms: new Array<number | null>(rows.length).fill(null),
      };
      found.set(id, trend);
    }
    trend.outcomes[place] = LETTERS[outcome] ?? '.';
    trend.ms[place] = Math.round(ms);
  }
  return Object.fromEntries(
    [...found].map(([id, { outcomes, ms }]) => [id, { outcomes: outcomes.join(''), ms }]),
  );
}

function costTrends(history: History): CostTrend[] {
  const found = new Map<string, CostTrend & { costs: Record<string, number> }>();
  for (const row of history.costs(MEASUREMENTS)) {
    if (row.build !== 'switch') continue;
    const { measuredAt, machine, name, instructions, cycles } = row;
    const commit = shortCommit(row.commit, false);
    const one = found.get(measuredAt) ?? { measuredAt, machine, commit, costs: {} };
    one.costs[name] = cycles === 0 ? instructions : cycles;
    found.set(measuredAt, one);
  }
  return [...found.values()];
}

/** The past of a result. @param last most runs of it */
export function trendData(history: History, view: ResultView, last: number): TrendData {
  const rows = related(history, view, last);
  return {
    runs: trendRuns(history, rows),
    cases: caseTrends(history, rows),
    costs: costTrends(history),
  };
}
