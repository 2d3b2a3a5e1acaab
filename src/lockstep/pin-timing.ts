/** A level change of a pin: as the program's own delays place it, or as seen from outside. */
export interface PinChange {
  readonly pin: number;
  readonly level: 0 | 1;
  /** Microseconds on whichever clock saw it. */
  readonly timeUs: number;
}

/** One interval between two changes of a pin. */
export interface PinInterval {
  readonly pin: number;
  /** Level held during the interval. */
  readonly level: 0 | 1;
  /** What the program's delays add up to. */
  readonly nominalMs: number;
  /** What was seen. */
  readonly measuredMs: number;
}

/** Drops entries that repeat the level a pin already has; a pin starts low. */
export function realChanges(changes: readonly PinChange[]): PinChange[] {
  const levels = new Map<number, 0 | 1>();
  return changes.filter((change) => {
    const before = levels.get(change.pin) ?? 0;
    levels.set(change.pin, change.level);
    return before !== change.level;
  });
}

/**
 * Intervals of one pin, nominal beside measured, pairing the k-th change with the k-th edge.
 * @returns undefined when the two do not show the same levels in the same order, so that no pairing is honest
 */
export function pairIntervals(
  nominal: readonly PinChange[],
  measured: readonly PinChange[],
): PinInterval[] | undefined {
  if (nominal.length !== measured.length) return undefined;
  if (nominal.some((change, index) => change.level !== measured[index]?.level)) return undefined;
  const intervals: PinInterval[] = [];
  for (let index = 1; index < nominal.length; index += 1) {
    const [from, to] = [nominal[index - 1], nominal[index]];
    const [seenFrom, seenTo] = [measured[index - 1], measured[index]];
    if (!from || !to || !seenFrom || !seenTo) continue;
    intervals.push({
      pin: from.pin,
      level: from.level,
      nominalMs: (to.timeUs - from.timeUs) / 1000,
      measuredMs: (seenTo.timeUs - seenFrom.timeUs) / 1000,
    });
  }
  return intervals;
}
