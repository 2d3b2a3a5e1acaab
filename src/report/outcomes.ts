import type { Outcome, ResultView } from '../results/index.ts';
import { painter, printable, seconds, table, type Paint, type Style } from './text.ts';

/** How an outcome is coloured. */
export const FORMATS: Readonly<Record<Outcome, Paint>> = {
  passed: 'green',
  failed: ['bold', 'red'],
  errored: ['bold', 'red'],
  flaky: ['bold', 'yellow'],
  quarantined: 'yellow',
  skipped: 'dim',
};

/** Text for one line: nothing in it steers the terminal or ends the line. */
export function single(text: string): string {
  return printable(text.replaceAll(/\s*[\r\n]+\s*/g, ' '));
}

const isOutcome = (word: string): word is Outcome => Object.hasOwn(FORMATS, word);

/**
 * A table whose first column says how something ended, in capitals and in the colour of it.
 * @param rows the header first
 * @param right numbers of the columns to align right
 */
export function outcomeTable(
  rows: readonly (readonly [string, ...string[]])[],
  right: readonly number[],
  style: Style,
): string[] {
  const paint = painter(style);
  const texts = rows.map(([outcome, ...others], index) => [
    index === 0 ? outcome : outcome.toUpperCase(),
    ...others.map(single),
  ]);
  return table(texts, right).map((line, index) => {
    const [outcome] = rows[index] ?? [''];
    if (index === 0 || !isOutcome(outcome)) return line;
    return paint(FORMATS[outcome], outcome.toUpperCase()) + line.slice(outcome.length);
  });
}

/** `2026-11-23 01:45`, in UTC as records have it. */
export function minute(startedAt: string): string {
  return startedAt.slice(0, 16).replace('T', ' ');
}

/** `0123456`, with a plus sign when files differed from that commit; a dash when it isn't known. */
export function shortCommit(commit: string | null | undefined, dirty: boolean): string {
  return commit === null || commit === undefined ? '-' : `${commit.slice(0, 7)}${dirty ? '+' : ''}`;
}

/** Numbers of cases by how they ended. */
export type Counts = Partial<Record<Outcome, number>> & { readonly cases: number };

/** Outcomes worth a word, the worst first. */
const WORDS = ['failed', 'errored', 'flaky', 'quarantined', 'skipped'] as const;

/** `300 cases: 1 failed, 2 flaky`, or `300 cases passed`. */
export function countsText(counts: Counts): string {
  const { cases } = counts;
  const some = WORDS.filter((word) => (counts[word] ?? 0) > 0);
  const all = `${cases} case${cases === 1 ? '' : 's'}`;
  if (some.length === 0) return cases === 0 ? 'no case' : `${all} passed`;
  return `${all}: ${some.map((word) => `${counts[word] ?? 0} ${word}`).join(', ')}`;
}

/** How many cases of a result ended how. */
export function countsOf({ cases }: Pick<ResultView, 'cases'>): Counts {
  const counts: Record<string, number> = {};
  for (const { outcome } of cases) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return { ...counts, cases: cases.length };
}

/** A result in one line that can be sent to somebody: outcome, what it was, how many, how long, where, of which commit. */
export function oneLine(view: ResultView): string {
  const { verdict, suite, benches, environment, wallMs, id } = view;
  const what = suite === undefined ? (view.cases[0]?.id ?? 'run') : `suite ${suite.name}`;
  const cause = verdict.causeClass === undefined ? '' : ` [${verdict.causeClass}]`;
  const { git } = environment;
  const commit = git === undefined ? '' : ` at ${shortCommit(git.commit, git.dirty)}`;
  const where = benches.map(({ name }) => name).join(', ');
  const how = view.kind === 'run' ? verdict.summary : countsText(countsOf(view));
  return single(
    `${verdict.outcome.toUpperCase()}${cause} ${what} on ${where}${commit}: ${how} (${seconds(wallMs)}, ${id})`,
  );
}
