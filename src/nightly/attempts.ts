import type { Attempt, CaseResult, Outcome, Verdict } from '../results/index.ts';

/** What to do about a case next. */
export type Move = 'done' | 'here' | 'elsewhere';

/**
 * Whether a failed attempt may be a flake. A wrong step that came again the same way in every rerun is none, nor is a program that faults on
 * board and model alike, nor a mistake in the suite.
 */
export function mayBeFlake({ verdict, run }: Attempt): boolean {
  if (verdict.outcome === 'passed' || verdict.causeClass === 'usage') return false;
  if (run === undefined) return true;
  const live = run.programs.some(({ inputs }) => inputs.length > 0) && run.scripted === undefined;
  // Board and model agree: what the case misses, it misses whenever the inputs are the same.
  if (run.verdict.outcome === 'passed' || run.verdict.causeClass === 'program') {
    return live || run.clock === 'real';
  }
  const found = run.programs.filter(({ verdict: own }) => own.outcome === 'failed');
  const steady = found.every(({ triage }) => {
    const reruns = triage?.reruns;
    return reruns !== undefined && reruns.same > 0 && reruns.otherwise + reruns.agreed === 0;
  });
  return verdict.outcome !== 'failed' || found.length === 0 || !steady;
}

/**
 * The next move: a case that failed on a board runs there once more, then on another; what is left of the retries goes to the board it
 * is on.
 * @param bench the one it is on, undefined when that can no longer run anything
 * @param elsewhere whether another bench can take it that hasn't had it yet
 */
export function nextMove(
  attempts: readonly Attempt[],
  retries: number,
  { bench, elsewhere }: { readonly bench: string | undefined; readonly elsewhere: boolean },
): Move {
  const [first] = attempts;
  if (first === undefined) return bench === undefined ? 'done' : 'here';
  if (first.verdict.outcome === 'passed' || attempts.length > retries) return 'done';
  const bad = attempts.filter(({ verdict }) => verdict.outcome !== 'passed');
  if (!bad.every(mayBeFlake)) return 'done';
  const here = attempts.filter((one) => one.bench === bench);
  // Once on each board, and again where it went wrong.
  const open = here.length === 0 || (here.length === 1 && here[0]?.verdict.outcome !== 'passed');
  if (bench !== undefined && open) return 'here';
  if (elsewhere) return 'elsewhere';
  // Nothing more to learn of a flake that no other board can be asked about.
  return bench === undefined || bad.length < attempts.length ? 'done' : 'here';
}

/** What several attempts make of a case. */
export function outcomeOf(
  attempts: readonly Attempt[],
): Exclude<Outcome, 'skipped' | 'quarantined'> {
  const outcomes = attempts.map(({ verdict }) => verdict.outcome);
  if (outcomes.length > 0 && outcomes.every((one) => one === 'passed')) return 'passed';
  if (outcomes.includes('passed')) return 'flaky';
  return outcomes.includes('failed') ? 'failed' : 'errored';
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** Whether a flake goes with the case or with a board, as far as the attempts tell. */
export function flakeOf(attempts: readonly Attempt[]): NonNullable<CaseResult['flake']> {
  const benches = [...new Set(attempts.map(({ bench }) => bench))];
  const tally = benches.map((bench) => {
    const own = attempts.filter((one) => one.bench === bench);
    const bad = own.filter(({ verdict }) => verdict.outcome !== 'passed').length;
    return { bench, bad, good: own.length - bad };
  });
  const text = tally
    .map(({ bench, bad, good }) => {
      const parts = [bad > 0 ? `wrong ${times(bad)}` : '', good > 0 ? `right ${times(good)}` : ''];
      return `${bench}: ${parts.filter((part) => part !== '').join(', ')}`;
    })
    .join('; ');
  const wrong = tally.filter(({ bad }) => bad > 0);
  if (wrong.length > 1) {
    return { follows: 'test', reason: `it went wrong on ${wrong.length} boards (${text})` };
  }
  const [only] = wrong;
  if (only !== undefined && only.bad > 1 && only.good === 0 && benches.length > 1) {
    return {
      follows: 'board',
      reason: `it went wrong on ${only.bench} alone, each time (${text})`,
    };
  }
  const why =
    benches.length === 1
      ? 'no other board was asked'
      : 'once is too little to tell test from board';
  return { follows: 'unknown', reason: `${why} (${text})` };
}

/** The attempt that a case's outcome rests on: the first that found something, else the first that came to nothing. */
function decisive(attempts: readonly Attempt[]): Verdict | undefined {
  const of = (outcome: Verdict['outcome']): Verdict | undefined =>
    attempts.find(({ verdict }) => verdict.outcome === outcome)?.verdict;
  return of('failed') ?? of('errored') ?? of('passed');
}

/** What is to be said of a case after its last attempt; quarantine left out. */
export function summaryOf(
  attempts: readonly Attempt[],
): Pick<CaseResult, 'outcome' | 'causeClass' | 'summary' | 'flake'> {
  const outcome = outcomeOf(attempts);
  const verdict = decisive(attempts);
  if (verdict === undefined) {
    return { outcome, causeClass: 'rig', summary: 'no bench could run it' };
  }
  const { causeClass, summary } = verdict;
  const cause = causeClass === undefined ? {} : { causeClass };
  if (outcome !== 'flaky') return { outcome, ...cause, summary };
  const bad = attempts.filter((one) => one.verdict.outcome !== 'passed').length;
  const flake = flakeOf(attempts);
  const text = `wrong in ${bad} of ${attempts.length} attempts, first: ${summary}`;
  return { outcome, ...cause, summary: text, flake };
}
