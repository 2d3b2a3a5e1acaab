import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { compileFile, formatDiagnostic, type CompiledFile } from '../compiler/index.ts';
import { errorText, HilError } from '../errors/index.ts';
import { buildImage, parseImage, type Program } from '../image/index.ts';
import { printable } from '../report/index.ts';
import type { CliContext } from './context.ts';

/** Larger inputs are refused unread: the largest possible image is under 1 MiB, and sketches are far smaller. */
const LARGEST_FILE = 4 * 1024 * 1024;

/** A program and where it came from. */
export interface LoadedProgram {
  readonly file: string;
  /** SHA-256 of the file, 64 hex digits. */
  readonly sha256: string;
  readonly program: Program;
  /** The whole image, debug section included. */
  readonly image: Uint8Array;
}

/**
 * Reads a sketch or an image.
 * @throws HilError (usage) when there is no such file, or none that can be read whole
 */
export async function readInput(file: string): Promise<Buffer> {
  let bytes: Buffer;
  try {
    // A pipe or a device may never end; a folder has no text.
    if (!(await stat(file)).isFile()) {
      throw new HilError('usage', `${file} is no regular file`, 'give a sketch or an image');
    }
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof HilError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new HilError('usage', `no such file: ${file}`, 'check the path');
    throw new HilError('usage', `cannot read ${file}: ${errorText(error)}`);
  }
  if (bytes.length <= LARGEST_FILE) return bytes;
  throw new HilError('usage', `${file} has ${bytes.length} bytes, more than ${LARGEST_FILE}`);
}

/** Prints what the compiler says about a sketch to the context's `err`. The result is its number of errors. */
export function printDiagnostics(context: CliContext, { source, result }: CompiledFile): number {
  const diagnostics = result.ok ? result.warnings : result.diagnostics;
  for (const diagnostic of diagnostics) {
    context.err(printable(formatDiagnostic(diagnostic, source)));
  }
  return diagnostics.filter(({ severity }) => severity === 'error').length;
}

/** `1 error`, `2 errors`. */
export const counted = (count: number, word: string): string =>
  `${count} ${word}${count === 1 ? '' : 's'}`;

/** The error of a command that needs a program and got a sketch with errors, which are printed before. */
export function sketchErrors(file: string, count: number): HilError {
  return new HilError('usage', `${file} has ${counted(count, 'error')}, see above`);
}

/**
 * Reads a program: compiles a sketch (.ino), verifies an image (.cvbc). Compiler messages go to the context's `err`.
 * @throws HilError (usage) when the file is missing, neither of the two, or refused
 */
export async function loadProgram(file: string, context: CliContext): Promise<LoadedProgram> {
  const extension = extname(file);
  if (extension !== '.ino' && extension !== '.cvbc') {
    throw new HilError(
      'usage',
      `${file} is neither a sketch (.ino) nor a program image (.cvbc)`,
      'give a file with one of these endings',
    );
  }
  const bytes = await readInput(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (extension === '.cvbc') {
    const parsed = parseImage(bytes);
    if (parsed.ok) return { file, sha256, program: parsed.program, image: bytes };
    throw new HilError(
      'usage',
      `${file} is no valid program image: ${parsed.reason} (${parsed.detail})`,
      `compile it again with: cockpit-hil compile SKETCH -o ${basename(file)}`,
    );
  }
  const compiled = compileFile(bytes, file);
  const errors = printDiagnostics(context, compiled);
  const { result } = compiled;
  if (!result.ok) throw sketchErrors(file, errors);
  return { file, sha256, program: result.program, image: buildImage(result.program) };
}
