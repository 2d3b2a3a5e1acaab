import { matchesGlob } from 'node:path';
import { didYouMean, HilError } from '../errors/index.ts';

/** Whether a case's id fits a pattern: `*` is any word of it, `**` any words. */
export const matches = (id: string, pattern: string): boolean => matchesGlob(id, pattern);

/** What of a suite is asked for; empty lists: everything. */
export interface Selection {
  /** Patterns of ids. */
  readonly only: readonly string[];
  readonly tags: readonly string[];
}

/**
 * The cases that fit one of the patterns, if there are any, and have one of the tags, if there are any.
 * @throws HilError (usage) when a pattern or a tag fits none, or all together leave none
 */
export function select<T extends { readonly id: string; readonly tags: readonly string[] }>(
  cases: readonly T[],
  { only, tags }: Selection,
): T[] {
  const fits = (one: T, pattern: string): boolean =>
    matches(one.id, pattern) || matches(one.id, `${pattern}/**`);
  for (const pattern of only) {
    if (cases.some((one) => fits(one, pattern))) continue;
    const ids = cases.map(({ id }) => id);
    const fix = didYouMean(pattern, ids, 'see the cases with --list') ?? '';
    throw new HilError('usage', `no case of the suite fits --only ${pattern}`, fix);
  }
  const known = new Set(cases.flatMap((one) => one.tags));
  for (const tag of tags) {
    if (known.has(tag)) continue;
    const fix = didYouMean(tag, known, `use one of: ${[...known].sort().join(', ')}`) ?? '';
    throw new HilError('usage', `no case of the suite has the tag ${tag}`, fix);
  }
  const chosen = cases.filter(
    (one) =>
      (only.length === 0 || only.some((pattern) => fits(one, pattern))) &&
      (tags.length === 0 || tags.some((tag) => one.tags.includes(tag))),
  );
  if (chosen.length > 0) return chosen;
  throw new HilError('usage', 'no case fits both --only and --tag', 'leave one of them out');
}
