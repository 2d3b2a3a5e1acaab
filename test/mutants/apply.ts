import type { Edit, Mutant } from './types.ts';

/** A mutant that no longer fits the sources: the list must follow them. */
export class StaleMutantError extends Error {
  constructor(mutant: Mutant, why: string) {
    super(`mutant ${mutant.id} is stale: ${why} in firmware/${mutant.file}`);
    this.name = 'StaleMutantError';
  }
}

/** Where `text` occurs. */
function places(source: string, text: string): number[] {
  const found: number[] = [];
  for (let at = source.indexOf(text); at >= 0; at = source.indexOf(text, at + 1)) found.push(at);
  return found;
}

function place(mutant: Mutant, source: string, { find, nth }: Edit): number {
  const found = places(source, find);
  const shown = JSON.stringify(find.slice(0, 60));
  if (nth === undefined && found.length !== 1)
    throw new StaleMutantError(mutant, `${shown} occurs ${found.length} times instead of once`);
  const at = found[(nth ?? 1) - 1];
  if (at === undefined)
    throw new StaleMutantError(mutant, `${shown} occurs ${found.length} times, not ${nth}`);
  return at;
}

/**
 * The text of a mutant's file with its edits made, all of them judged on the original text.
 * @throws StaleMutantError when a text isn't there as often as it should be, or when nothing changes
 */
export function mutate(mutant: Mutant, source: string): string {
  const changes = mutant.edits.map((edit) => ({ ...edit, at: place(mutant, source, edit) }));
  changes.sort((one, other) => other.at - one.at);
  let text = source;
  let end = source.length;
  for (const { at, find, replace } of changes) {
    if (at + find.length > end) throw new StaleMutantError(mutant, 'two edits overlap');
    text = text.slice(0, at) + replace + text.slice(at + find.length);
    end = at;
  }
  if (text === source) throw new StaleMutantError(mutant, 'its edits change nothing');
  return text;
}
