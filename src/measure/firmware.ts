import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { HilError } from '../errors/index.ts';

/** Where hot code is executed from: the run loop, the handlers and what they call. */
export type HotCode = 'flash' | 'ccm';

/** One build of the bench firmware (firmware/bench). */
export interface BenchBuild {
  readonly dispatch: 'table' | 'switch';
  readonly hot: HotCode;
}

/** The release preset's. */
const BUILD = '../../build/firmware/nucleo-release/';

/** The command that makes the builds. */
const MAKE = './scripts/setup';

/**
 * The ELF of a build of the bench firmware.
 * @throws HilError (rig) when it was not built, with the command that does
 */
export async function benchElf({ dispatch, hot }: BenchBuild): Promise<string> {
  const name = `vm-bench-${dispatch}${hot === 'ccm' ? '-ccm' : ''}.elf`;
  const path = fileURLToPath(new URL(`${BUILD}${name}`, import.meta.url));
  try {
    await access(path);
  } catch {
    throw new HilError('rig', `there is no ${path}`, `build it: ${MAKE}`);
  }
  return path;
}
