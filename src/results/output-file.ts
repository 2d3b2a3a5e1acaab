import { errorText, HilError } from '../errors/index.ts';
import { writeWhole } from './whole-file.ts';

/**
 * Writes a file that the user has named, whole or not at all.
 * @throws HilError (rig) naming the file when it cannot be written
 */
export async function writeOutput(path: string, text: string): Promise<void> {
  try {
    await writeWhole(path, text);
  } catch (error) {
    const what = `cannot write ${path}: ${errorText(error)}`;
    throw new HilError('rig', what, 'free some disk space or name another file');
  }
}
