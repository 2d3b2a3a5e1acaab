import {
  benchFix,
  type BenchResult,
  type CaseResult,
  type NightlyVerdict,
  type Outcome,
  type Problem,
} from '../results/index.ts';

/** What a nightly's verdict follows from. */
export interface Findings {
  readonly cases: readonly CaseResult[];
  readonly benches: readonly Pick<BenchResult, 'name' | 'kind' | 'file' | 'state' | 'why'>[];
  readonly problems: readonly Problem[];
  /** Why it ended before its time. */
  readonly interrupted?: string | undefined;
}

const ORDER = ['passed', 'failed', 'errored', 'flaky', 'quarantined', 'skipped'] as const;

/** `84 passed, 1 failed, 2 skipped of 87 cases`. */
function countText(cases: readonly CaseResult[]): string {
  const count = (outcome: Outcome): number => cases.filter((one) => one.outcome === outcome).length;
  const parts = ORDER.filter((outcome) => count(outcome) > 0).map(
    (outcome) => `${count(outcome)} ${outcome}`,
  );
  const total = `${cases.length} case${cases.length === 1 ? '' : 's'}`;
  return parts.length === 0 ? total : `${parts.join(', ')} of ${total}`;
}

/** Steps, or words of a state left behind, that were compared in all attempts. */
function compared(cases: readonly CaseResult[]): number {
  const programs = cases.flatMap(({ attempts }) =>
    attempts.flatMap(({ run }) => run?.programs ?? []),
  );
  return programs.reduce(
    (sum, { stepsCompared, finalState }) => sum + stepsCompared + (finalState?.wordsCompared ?? 0),
    0,
  );
}

/** The verdict of a whole nightly: what was found stands before what could not be found out. */
export function nightlyVerdict({
  cases,
  benches,
  problems,
  interrupted,
}: Findings): NightlyVerdict {
  const counts = countText(cases);
  const of = (outcome: Outcome): CaseResult | undefined =>
    cases.find((one) => one.outcome === outcome);
  const because = (one: CaseResult): Pick<NightlyVerdict, 'causeClass'> =>
    one.causeClass === undefined ? {} : { causeClass: one.causeClass };
  if (interrupted !== undefined) {
    const summary = `${interrupted}; until then ${counts}`;
    return { outcome: 'errored', causeClass: 'harness', summary };
  }
  const failed = of('failed');
  if (failed !== undefined) return { outcome: 'failed', ...because(failed), summary: counts };
  const [problem] = problems;
  if (problem !== undefined) {
    const more = problems.length === 1 ? '' : `, and ${problems.length - 1} more`;
    const summary = `${counts}, but ${problem.text}${more}`;
    return { outcome: 'failed', causeClass: 'usage', summary, fix: problem.fix };
  }
  const errored = of('errored');
  if (errored !== undefined) return { outcome: 'errored', ...because(errored), summary: counts };
  if (compared(cases) === 0) {
    return {
      outcome: 'errored',
      causeClass: 'harness',
      summary: `${counts}: nothing at all was compared`,
      fix: 'choose cases that the benches can run',
    };
  }
  const dead = benches.find(({ state }) => state !== 'ready');
  if (dead !== undefined) {
    const why = dead.why === undefined ? '' : `: ${dead.why}`;
    const summary = `${counts}, but bench ${dead.name} is ${dead.state}${why}`;
    const fix = benchFix(dead);
    return {
      outcome: 'errored',
      causeClass: 'rig',
      summary,
      ...(fix === undefined ? {} : { fix }),
    };
  }
  const flaky = of('flaky');
  if (flaky !== undefined) return { outcome: 'flaky', ...because(flaky), summary: counts };
  return { outcome: 'passed', summary: counts };
}

/** 0 passed or flaky, 1 something was found (with `strict` a flake too), 2 nothing is known of some or all. */
export function nightlyExitCode({ outcome }: NightlyVerdict, strict: boolean): 0 | 1 | 2 {
  switch (outcome) {
    case 'passed':
      return 0;
    case 'flaky':
      return strict ? 1 : 0;
    case 'failed':
      return 1;
    case 'errored':
      return 2;
  }
}
