import { access } from 'node:fs/promises';
import { HilError } from '../errors/index.ts';
import { capture } from '../process/index.ts';

/** readelf only reads a file's headers and tables. */
export const READELF_MS = 5000;

/**
 * The GNU build id of an ELF, 40 lower-case hex digits: what the agent reports of itself, so that the running firmware can be
 * matched with a file.
 * @throws HilError (usage) when there is no such file, or it has no build id; (rig) when readelf is missing
 */
export async function readBuildId(elfPath: string): Promise<string> {
  try {
    await access(elfPath);
  } catch {
    throw new HilError(
      'usage',
      `there is no firmware at ${elfPath}`,
      'build it with ./scripts/setup',
    );
  }
  const result = await capture('readelf', ['--notes', '--wide', elfPath], READELF_MS);
  const id = /Build ID: ([0-9a-f]{40})/.exec(result.stdout)?.[1];
  if (id !== undefined) return id;
  throw new HilError(
    'usage',
    `${elfPath} is no ELF with a SHA-1 build id`,
    'give a firmware that the presets of firmware/CMakePresets.json build',
  );
}
