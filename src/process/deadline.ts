import { HilError, type CauseClass } from '../errors/index.ts';

/**
 * Bounds a wait: resolves or rejects with `work`, or rejects with a {@link HilError} after `ms` milliseconds.
 * The work itself is not cancelled; its owner must end it.
 * @param what completes the sentence "timed out after N ms waiting for …"
 */
export async function withDeadline<T>(
  work: Promise<T>,
  ms: number,
  what: string,
  causeClass: CauseClass = 'rig',
  fix = '',
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new HilError(causeClass, `timed out after ${ms} ms waiting for ${what}`, fix));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
