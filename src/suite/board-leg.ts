import { errorText } from '../errors/index.ts';
import type { BoardLeg } from './triage.ts';

/** Reruns when the user gives no number. */
export const DEFAULT_RERUNS = 5;
/** Most time that all reruns may take: the default five of a run of 6 s. */
const RERUNS_MS = 30_000;

/** How to run again on the board. */
export interface RerunSettings {
  readonly reruns: number;
  /** Runs the same once more, and says whether it went wrong in the same way, in another, or agreed. */
  readonly once: () => Promise<'same' | 'otherwise' | 'agreed'>;
  /** What one rerun is expected to take, milliseconds. */
  readonly expectedMs: number;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** The board's word on a finding: how often it comes again. */
export async function boardLeg(settings: RerunSettings): Promise<BoardLeg> {
  const { reruns, once, expectedMs, now, signal } = settings;
  if (reruns === 0) return { ran: false, why: 'not asked: no reruns were wanted' };
  const end = now() + RERUNS_MS;
  const counts = { same: 0, otherwise: 0, agreed: 0 };
  let cut: string | undefined;
  for (let run = 0; run < reruns && cut === undefined; run += 1) {
    signal.throwIfAborted();
    if (now() + expectedMs > end) {
      cut = `no time for more than ${run} of ${reruns} within ${RERUNS_MS / 1000} s`;
      break;
    }
    try {
      counts[await once()] += 1;
    } catch (error) {
      if (signal.aborted) throw error;
      cut = `rerun ${run + 1} came to no result: ${errorText(error)}`;
    }
  }
  if (counts.same + counts.otherwise + counts.agreed === 0) {
    return { ran: false, why: `could not be asked: ${cut ?? 'no rerun'}` };
  }
  return { ran: true, ...counts, ...(cut === undefined ? {} : { cut }) };
}
