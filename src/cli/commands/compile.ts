import { writeFile } from 'node:fs/promises';
import { errorText, HilError } from '../../errors/index.ts';
import { stripDebug } from '../../image/index.ts';
import type { CliContext } from '../context.ts';
import { loadProgram } from '../load-program.ts';

/** `compile FILE [-o FILE]`: says what a sketch became and writes the image. */
export async function compileCommand(
  context: CliContext,
  file: string,
  options: { output?: string },
): Promise<number> {
  const { program, image } = await loadProgram(file, context);
  const uploaded = stripDebug(image).length;
  const style = program.loop === undefined ? 'main()' : 'setup() and loop()';
  context.out(
    `${file}: ${style}, ${program.instructions.length} instructions, ${program.strings.length} strings, ` +
      `${program.debug?.globals.length ?? 0} globals, ${program.debug?.arrays.length ?? 0} arrays, ` +
      `${uploaded} bytes to upload`,
  );
  if (options.output === undefined) return 0;
  if (options.output.endsWith('.ino')) {
    throw new HilError(
      'usage',
      `${options.output} would overwrite a sketch`,
      'give a name ending in .cvbc',
    );
  }
  try {
    await writeFile(options.output, image);
  } catch (error) {
    throw new HilError('usage', `cannot write ${options.output}: ${errorText(error)}`);
  }
  context.out(`${options.output}: ${image.length} bytes with debug information`);
  return 0;
}
