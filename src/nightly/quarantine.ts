import type { CaseResult, Problem } from '../results/index.ts';
import { matches } from './patterns.ts';
import type { Quarantine } from './suite-schema.ts';

const who = ({ case: pattern, issue, owner }: Quarantine): string =>
  `quarantine of ${pattern} (${issue}, ${owner})`;

/** The entry that holds for a case; an expired one holds for none. @param today 2026-12-31 */
export function quarantineOf(
  id: string,
  entries: readonly Quarantine[],
  today: string,
): Quarantine | undefined {
  return entries.find(({ case: pattern, expires }) => today <= expires && matches(id, pattern));
}

/** What is wrong with the entries before anything has run. @param ids of the whole suite, whatever part of it runs */
export function quarantineProblems(
  entries: readonly Quarantine[],
  ids: readonly string[],
  today: string,
): Problem[] {
  return entries.flatMap((entry): Problem[] => {
    if (!ids.some((id) => matches(id, entry.case))) {
      return [{ text: `${who(entry)} fits no case of the suite`, fix: 'correct it or remove it' }];
    }
    if (today <= entry.expires) return [];
    const text = `${who(entry)} was to end on ${entry.expires}`;
    return [{ text, fix: 'mend the case and remove the entry, or agree on another day' }];
  });
}

/** Entries that are no longer needed, by what their cases did. */
export function healedProblems(cases: readonly CaseResult[]): Problem[] {
  return cases.flatMap(({ id, outcome, quarantine }): Problem[] => {
    if (outcome !== 'passed' || quarantine === undefined) return [];
    const { issue, owner } = quarantine;
    const text = `${id} is in quarantine (${issue}, ${owner}) and passes`;
    return [{ text, fix: 'remove it from the quarantine of the suite' }];
  });
}
