import { createHash } from 'node:crypto';

/** A part of a suite: number `index` of `of`, from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** Which part each case belongs to, by id, and a SHA-256 over that. */
export interface ShardPlan {
  readonly partOf: ReadonlyMap<string, number>;
  readonly hash: string;
}

/**
 * Cuts a suite into parts that take about as long as each other: longest case first, each to the part that has least to do yet. The
 * order of the ids doesn't matter.
 * @param durations milliseconds by id; a case without one is taken to be an average one
 */
export function planShards(
  ids: readonly string[],
  of: number,
  durations: ReadonlyMap<string, number>,
): ShardPlan {
  const known = ids.flatMap((id) => durations.get(id) ?? []);
  const average = known.length === 0 ? 1 : known.reduce((sum, ms) => sum + ms, 0) / known.length;
  const ms = (id: string): number => durations.get(id) ?? average;
  const byId = (a: string, b: string): number => (a < b ? -1 : 1);
  const longestFirst = ids.toSorted((a, b) => ms(b) - ms(a) || byId(a, b));
  const loads = Array.from({ length: of }, () => ({ ms: 0, cases: 0 }));
  const partOf = new Map<string, number>();
  for (const id of longestFirst) {
    let least = 0;
    for (const [index, load] of loads.entries()) {
      const best = loads[least];
      if (best === undefined) break;
      // Cases that took no time at all still are spread.
      if (load.ms < best.ms || (load.ms === best.ms && load.cases < best.cases)) least = index;
    }
    const load = loads[least];
    if (load === undefined) break;
    load.ms += ms(id);
    load.cases += 1;
    partOf.set(id, least + 1);
  }
  const lines = ids.toSorted(byId).map((id) => `${partOf.get(id) ?? 0} ${id}`);
  const hash = createHash('sha256').update(lines.join('\n')).digest('hex');
  return { partOf, hash };
}
