import { createHash } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { BenchFile } from '../bench/index.ts';
import { errorText, HilError } from '../errors/index.ts';
import { makeTemporaryFolder, temporaryError } from '../process/index.ts';

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
 * @throws HilError (usage) when there is no such file, (rig) when there is no room for the copy
 */
export async function takeFirmware(
  bench: BenchFile,
  given: string | undefined,
  { resources, signal }: { readonly resources: AsyncDisposableStack; readonly signal: AbortSignal },
): Promise<FirmwareFile> {
  const path = resolve(given ?? (bench.kind === 'native' ? bench.program : bench.firmware));
  // Without a pause between this and the folder's owner, so that no interrupt leaves the folder behind.
  signal.throwIfAborted();
  const folder = makeTemporaryFolder('cockpit-hil-');
  resources.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const copy = join(folder, basename(path));
  const { bytes, mode } = await readFirmware(path);
  try {
    await writeFile(copy, bytes, { mode });
  } catch (error) {
    throw temporaryError(error);
  }
  return { path, copy, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** A firmware and its permissions: that of a native bench is a program. @throws HilError (usage) when there is no such file */
async function readFirmware(
  path: string,
): Promise<{ readonly bytes: Uint8Array; readonly mode: number }> {
  try {
    return { bytes: await readFile(path), mode: (await stat(path)).mode };
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new HilError(
      'usage',
      gone ? `there is no firmware at ${path}` : `cannot read ${path}: ${errorText(error)}`,
      'build it with ./scripts/setup',
    );
  }
}
