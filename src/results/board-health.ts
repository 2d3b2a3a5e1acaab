import type { ResultView } from './result-view.ts';
import type { RunRecord } from './run-record.ts';

type Board = NonNullable<RunRecord['board']>;

/** What a board said of itself after one run or several. */
export interface BoardHealth {
  /** Why it started, each set of reset flags once; `undefined` stands for a board that can't tell. */
  readonly resets: readonly (readonly string[] | undefined)[];
  /** Bytes of the C stack, and the most of them that were in use between one start and the end of a run. */
  readonly stack: { readonly size: number; readonly used: number } | undefined;
  /** Received bytes that it lost: the most since any one start. */
  readonly bytesLost: number;
  /** How the runs before its starts ended, in words, each crash once. */
  readonly crashes: readonly string[];
}

/** All that boards said at the end of some runs; undefined when none was asked, as after a run that was broken off. */
export function boardHealth(boards: readonly (Board | undefined)[]): BoardHealth | undefined {
  // Every board that answers says this much.
  const told = boards.filter((board) => board?.bytesLost !== undefined);
  if (told.length === 0) return undefined;
  const resets = new Map(told.map((board) => [board?.reset?.join(), board?.reset]));
  const stacks = told.flatMap((board) => board?.stack ?? []);
  const [most] = stacks.toSorted((a, b) => b.used - a.used);
  return {
    resets: [...resets.values()],
    stack: most,
    bytesLost: Math.max(...told.map((board) => board?.bytesLost ?? 0)),
    crashes: [...new Set(told.flatMap((board) => board?.crashBefore ?? []))],
  };
}

/** What the board of one bench said of itself in all attempts there. */
export function benchHealth(
  { cases }: Pick<ResultView, 'cases'>,
  bench: string,
): BoardHealth | undefined {
  const attempts = cases.flatMap((one) => one.attempts).filter((one) => one.bench === bench);
  return boardHealth(attempts.map(({ run }) => run?.board));
}
