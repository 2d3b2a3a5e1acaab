import { RestartError } from '../agent/index.ts';
import type { Rig } from '../bench/index.ts';
import { errorText, HilError } from '../errors/index.ts';
import { LostReplyError } from '../link/index.ts';
import { withDeadline } from '../process/index.ts';

/** How a board's run broke off. Two that broke off for the same reason have the same. */
export type BreakOff =
  /** It answered nothing any more. */
  | 'silent'
  /** It restarted by itself. */
  | 'restarted'
  /** Its process ended. */
  | 'ended'
  /** The error's text, its numbers taken out. */
  | { readonly text: string };

const TEXTS = {
  silent: 'fell silent',
  restarted: 'restarted',
  ended: 'ended its process',
} as const;

/**
 * How a run broke off, by the error that ended it.
 * @param cause that error, or another behind it: that the board is a process which has ended
 * @returns undefined when it doesn't blame the board
 */
export function breakOffOf(error: unknown, cause: unknown): BreakOff | undefined {
  if (!(cause instanceof HilError) || cause.causeClass !== 'firmware') return undefined;
  if (cause !== error) return 'ended';
  for (let at: unknown = cause; at instanceof Error; at = at.cause) {
    if (at instanceof RestartError) return 'restarted';
    if (at instanceof LostReplyError) return 'silent';
  }
  return { text: errorText(error).replaceAll(/\d+/g, '#') };
}

/** Whether the board must be started again before anything more can be asked of it. */
export const isDead = (it: BreakOff): boolean => typeof it === 'string';

/** Whether two runs broke off for what looks like the same reason. */
export function sameBreakOff(a: BreakOff, b: BreakOff): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.text === b.text;
}

/** What the board did then, to follow its name. */
export const breakOffText = (it: BreakOff): string =>
  typeof it === 'string' ? TEXTS[it] : 'broke off in that way';

/** The kernel reports a process's end and closes its pty at the same moment; this bounds the wait for the second report. */
const END_REPORT_MS = 500;

/** A line that went away because the board's process died is no fault of the line. */
export async function rootCause(error: unknown, { ended }: Pick<Rig, 'ended'>): Promise<unknown> {
  if (ended === undefined || !(error instanceof HilError) || error.causeClass !== 'link') {
    return error;
  }
  try {
    return await withDeadline(ended, END_REPORT_MS, 'the end of the board');
  } catch {
    return error;
  }
}
