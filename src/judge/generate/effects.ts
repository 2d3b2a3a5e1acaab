/** What an expression reads and changes, by which two that C leaves unsequenced are kept apart. */

export interface Effects {
  readonly reads: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
}

/** Everything outside: pins, buttons, the clock, printed text. Their order is seen, so that each use is a write. */
const WORLD = 'world';
/** Everything but local variables: a call of a function that is not yet known. */
const ANYTHING = 'anything';
/** Names of local variables, which no other function can reach, begin so. */
export const LOCAL = 'local ';

const NONE: ReadonlySet<string> = new Set();
export const NO_EFFECTS: Effects = { reads: NONE, writes: NONE };
export const WORLD_EFFECT: Effects = { reads: NONE, writes: new Set([WORLD]) };
export const ANY_EFFECT: Effects = { reads: NONE, writes: new Set([ANYTHING]) };

export const reading = (id: string): Effects => ({ reads: new Set([id]), writes: NONE });
export const writing = (id: string): Effects => ({ reads: NONE, writes: new Set([id]) });

export function allEffects(all: readonly Effects[]): Effects {
  return {
    reads: new Set(all.flatMap(({ reads }) => [...reads])),
    writes: new Set(all.flatMap(({ writes }) => [...writes])),
  };
}

function touches(written: string, other: string): boolean {
  if (written === other) return true;
  if (written === ANYTHING) return !other.startsWith(LOCAL);
  return other === ANYTHING && !written.startsWith(LOCAL);
}

const meets = (writes: ReadonlySet<string>, ids: ReadonlySet<string>): boolean =>
  [...writes].some((written) => [...ids].some((id) => touches(written, id)));

/** True when the order of the two can be seen. */
export function conflict(a: Effects, b: Effects): boolean {
  return meets(a.writes, b.writes) || meets(a.writes, b.reads) || meets(b.writes, a.reads);
}

/** True when a side effect of `effects` changes `id`. */
export function changes(effects: Effects, id: string): boolean {
  return meets(effects.writes, new Set([id]));
}

/** What callers notice of a function. */
export function seenFromOutside({ reads, writes }: Effects): Effects {
  const outside = (ids: ReadonlySet<string>): Set<string> =>
    new Set([...ids].filter((id) => !id.startsWith(LOCAL) && id !== ANYTHING));
  return { reads: outside(reads), writes: outside(writes) };
}

/** Ids of `effects` that are neither the world nor among the given ones. */
export function isWithin({ reads, writes }: Effects, ids: ReadonlySet<string>): boolean {
  return [...reads, ...writes].every((id) => id === WORLD || ids.has(id));
}
