import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { copyFile, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { BenchFile } from '../bench/index.ts';
import { errorText, HilError } from '../errors/index.ts';

/** What a command says that runs a recorded program on another firmware. */
export const OTHER_FIRMWARE = 'this firmware is not the one of the recorded run';

/** The firmware of a run. */
export interface FirmwareFile {
  /** Where the user has it. */
  readonly path: string;
  /** A copy that nobody builds again in the middle of the run. */
  readonly copy: string;
  readonly sha256: string;
}

/**
 * Copies a run's firmware into a folder of the run's own, which goes when the owner of `resources` is done: flashing, identity check and
 * debugger then see the same file, whatever is built meanwhile.
 * @param given firmware to use instead of the bench's
 * @throws HilError (usage) when there is no such file
 */
export async function takeFirmware(
  bench: BenchFile,
  given: string | undefined,
  { resources, signal }: { readonly resources: AsyncDisposableStack; readonly signal: AbortSignal },
): Promise<FirmwareFile> {
  const path = resolve(given ?? (bench.kind === 'native' ? bench.program : bench.firmware));
  // Without a pause between this and the folder's owner, so that no interrupt leaves the folder behind.
  signal.throwIfAborted();
  const folder = mkdtempSync(join(tmpdir(), 'cockpit-hil-'));
  resources.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const copy = join(folder, basename(path));
  try {
    await copyFile(path, copy);
    const bytes = await readFile(copy);
    return { path, copy, sha256: createHash('sha256').update(bytes).digest('hex') };
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new HilError(
      'usage',
      gone ? `there is no firmware at ${path}` : `cannot read ${path}: ${errorText(error)}`,
      'build it with ./scripts/setup',
    );
  }
}
