import type { BenchResult } from './nightly-record.ts';

/**
 * What a person can do about a bench whose board nothing brought back (docs/recovery.md); undefined of any other, as what keeps a bench from
 * coming up names its own fix.
 */
export function benchFix({
  state,
  kind,
  file,
}: Pick<BenchResult, 'state' | 'kind' | 'file'>): string | undefined {
  if (state !== 'wedged') return undefined;
  const doctor = `cockpit-hil doctor --bench ${file}`;
  return kind === 'nucleo'
    ? `unplug the board, plug it in again and ask ${doctor}; with power: cycle in its bench file the next nightly does that by itself`
    : `ask ${doctor} what is in the way: the last run's record has what was seen of the board`;
}
