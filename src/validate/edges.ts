import type { PinAccess } from '../bench/index.ts';

/** An edge comes through another socket than the board's last word; on a busy host that takes some milliseconds. */
const EDGE_MS = 500;
const LOOK_MS = 5;

/**
 * Levels that a pin changed to while something was done, seen from outside the board.
 * @param count how many are expected: that many are waited for
 */
export async function levelsDuring(
  pins: PinAccess,
  pin: number,
  count: number,
  work: () => Promise<unknown>,
  { now, sleep }: { now: () => number; sleep: (ms: number) => Promise<unknown> },
): Promise<number[]> {
  const levels: number[] = [];
  const stop = pins.onEdge((edge) => {
    if (edge.pin === pin) levels.push(edge.level);
  });
  try {
    await work();
    const until = now() + EDGE_MS;
    while (levels.length < count && now() < until) await sleep(LOOK_MS);
    return levels;
  } finally {
    stop();
  }
}
