import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorText, HilError } from '../errors/index.ts';

/** What keeps something from being written below the folder for temporary files: a full disk, mostly. */
export function temporaryError(error: unknown): HilError {
  return new HilError(
    'rig',
    `cannot write to the folder for temporary files ${tmpdir()}: ${errorText(error)}`,
    'free some disk space there, or name another folder with TMPDIR',
    { cause: error },
  );
}

/**
 * Makes a folder for temporary files. At once, so that no interrupt can leave it behind before it has an owner.
 * @throws HilError (rig) when that can't be
 */
export function makeTemporaryFolder(prefix: string): string {
  try {
    return mkdtempSync(join(tmpdir(), prefix));
  } catch (error) {
    throw temporaryError(error);
  }
}
