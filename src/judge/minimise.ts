import type { ProgramSyntax } from './generate/index.ts';
import { simplerPrograms } from './simpler.ts';

/** A syntax and the sketch it makes. */
export interface Case {
  readonly syntax: ProgramSyntax;
  readonly source: string;
}

/** Which of several still show what is looked for. */
export type CheckAll = (cases: readonly Case[]) => Promise<readonly boolean[]>;

/** Tried at once: one file for the host's compiler. */
const TRIED_AT_ONCE = 32;

/** Shorter, or as long and earlier in the alphabet: there is no endless way down. */
const isSimpler = (a: string, b: string): boolean =>
  a.length < b.length || (a.length === b.length && a < b);

/** Different sketches that are simpler than `best`, the first of which are the first to try. */
function* simplerCases(best: Case, write: (syntax: ProgramSyntax) => string): Generator<Case> {
  const seen = new Set<string>();
  for (const syntax of simplerPrograms(best.syntax)) {
    const source = write(syntax);
    if (seen.has(source) || !isSimpler(source, best.source)) continue;
    seen.add(source);
    yield { syntax, source };
  }
}

/** The first of some cases for which the check holds. */
async function firstThatHolds(cases: Generator<Case>, check: CheckAll): Promise<Case | undefined> {
  for (let end = false; !end;) {
    const group: Case[] = [];
    while (group.length < TRIED_AT_ONCE && !end) {
      const next = cases.next();
      end = next.done === true;
      if (next.done !== true) group.push(next.value);
    }
    const holds = await check(group);
    const first = group.find((_, index) => holds[index]);
    if (first !== undefined) return first;
  }
  return undefined;
}

/**
 * Makes a case as simple as it gets while the check holds.
 * @param over true when there is no more time; what was reached by then is the result
 */
export async function minimise(
  start: Case,
  write: (syntax: ProgramSyntax) => string,
  check: CheckAll,
  over: () => boolean,
): Promise<Case> {
  let best = start;
  while (!over()) {
    const found = await firstThatHolds(simplerCases(best, write), check);
    if (found === undefined) return best;
    best = found;
  }
  return best;
}
