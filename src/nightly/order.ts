import { createHash } from 'node:crypto';

function rank(seed: number, id: string): string {
  return createHash('sha256').update(`${seed} ${id}`).digest('hex');
}

/**
 * Cases in an order that looks random and follows from the seed. It doesn't depend on which other cases there are, so a part of a suite
 * keeps the order of the whole.
 */
export function shuffled<T extends { readonly id: string }>(
  cases: readonly T[],
  seed: number,
): T[] {
  const keyed = cases.map((one) => ({ one, key: rank(seed, one.id) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ one }) => one);
}
