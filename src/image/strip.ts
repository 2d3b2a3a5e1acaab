import { HilError } from '../errors/index.ts';
import { buildImage } from './build.ts';
import { parseImage } from './parse.ts';

/**
 * The same image without its debug section, as it is uploaded to a board.
 * @throws HilError (usage) when the image is not valid
 */
export function stripDebug(image: Uint8Array): Uint8Array {
  const parsed = parseImage(image);
  if (!parsed.ok) {
    throw new HilError(
      'usage',
      `the program image is refused: ${parsed.reason} (${parsed.detail})`,
      'compile the program again',
    );
  }
  return buildImage({ ...parsed.program, debug: undefined });
}
