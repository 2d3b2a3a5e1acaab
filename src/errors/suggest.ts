/** "Did you mean": the name nearest to a misspelt one. */

/** Longest name considered; distance is quadratic in the length. */
const MAX_LENGTH = 64;

/** Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/**
 * The candidate nearest to a name, or undefined when none is near: at most one edit for each three letters of the longer of the
 * two, at least one. A difference in case alone counts as near. The first of equally near candidates wins.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const longer = Math.max(name.length, candidate.length);
    // One-letter names are all one edit apart: only a difference in case is near.
    const reach =
      Math.min(name.length, candidate.length) < 2 ? 0 : Math.max(1, Math.floor(longer / 3));
    if (candidate === name || Math.abs(candidate.length - name.length) > reach) continue;
    const found = distance(wanted, candidate.toLowerCase());
    if (found <= reach && found < bestDistance) [best, bestDistance] = [candidate, found];
  }
  return best;
}

/** `did you mean 'x'?` for the nearest candidate, or the fallback. */
export function didYouMean(
  name: string,
  candidates: Iterable<string>,
  fallback?: string,
): string | undefined {
  const near = nearest(name, candidates);
  return near === undefined ? fallback : `did you mean '${near}'?`;
}
