import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import {
  compileFile,
  compileReport,
  programFacts,
  type CompiledFile,
  type CompileReport,
  type ProgramFacts,
} from '../../compiler/index.ts';
import { errorText, HilError } from '../../errors/index.ts';
import { buildImage } from '../../image/index.ts';
import type { CliContext } from '../context.ts';
import { counted, printDiagnostics, readInput, sketchErrors } from '../load-program.ts';
import { statsLines } from './compile-stats.ts';
import { watchSketch } from './compile-watch.ts';

/** Exit code for a sketch with errors, as for every mistake in what a command is given. */
const REFUSED = 2;

export interface CompileOptions {
  readonly output?: string;
  readonly format: 'text' | 'json';
  readonly watch?: true;
  readonly stats?: true;
}

/**
 * `compile FILE`: says what a sketch became, or what is wrong with it, and writes the image. With `--format json` that is one
 * document on stdout, and with `--watch` one, on one line, each time the file is saved.
 */
export async function compileCommand(
  context: CliContext,
  file: string,
  options: CompileOptions,
): Promise<number> {
  if (extname(file) !== '.ino') {
    throw new HilError('usage', `${file} is no sketch`, 'give a file that ends in .ino');
  }
  const { output } = options;
  if (output?.endsWith('.ino') === true) {
    throw new HilError(
      'usage',
      `${output} would overwrite a sketch`,
      'give a name ending in .cvbc',
    );
  }
  if (options.stats === true && options.format === 'json') {
    throw new HilError('usage', '--stats prints text', 'leave out --format json');
  }
  if (options.watch === true)
    return watchSketch(context, file, sketchPrinter(context, file, options));
  const compiled = compileFile(await readInput(file), file);
  const errors = await printCompiled(context, file, compiled, options);
  if (errors > 0 && options.format === 'text') throw sketchErrors(file, errors);
  return errors > 0 ? REFUSED : 0;
}

/** What `--watch` prints each time. */
function sketchPrinter(
  context: CliContext,
  file: string,
  options: CompileOptions,
): Parameters<typeof watchSketch>[2] {
  const text = options.format === 'text';
  return {
    saved: async (bytes, count) => {
      if (text) context.out(`--- ${count}: ${file}`);
      const errors = await printCompiled(context, file, compileFile(bytes, file), options);
      if (text && errors > 0) context.out(`${file}: ${counted(errors, 'error')}`);
    },
    gone: () => {
      if (text) context.out(`--- ${file} is gone; waiting for it to come back`);
      else {
        const place = { line: 1, column: 1, endColumn: 1 };
        const missing = { severity: 'error', message: 'the file is gone', file, ...place } as const;
        const report: CompileReport = { file, ok: false, diagnostics: [missing] };
        context.out(JSON.stringify(report));
      }
    },
  };
}

/** Prints the result and writes the image, when there is one. The result is the number of errors. */
async function printCompiled(
  context: CliContext,
  file: string,
  compiled: CompiledFile,
  { output, format, watch, stats }: CompileOptions,
): Promise<number> {
  const { result } = compiled;
  if (format === 'json') {
    const report = compileReport(file, result);
    context.out(JSON.stringify(report, undefined, watch === true ? undefined : 2));
    if (result.ok && output !== undefined) await writeImage(output, buildImage(result.program));
    return report.ok ? 0 : report.diagnostics.filter(({ severity }) => severity === 'error').length;
  }
  const errors = printDiagnostics(context, compiled);
  if (!result.ok) return errors;
  context.out(`${file}: ${factsLine(programFacts(result.program))}`);
  if (stats === true) for (const line of statsLines(result.program)) context.out(line);
  if (output === undefined) return errors;
  const image = buildImage(result.program);
  await writeImage(output, image);
  context.out(`${output}: ${image.length} bytes with debug information`);
  return errors;
}

function factsLine(facts: ProgramFacts): string {
  const counts = [
    [facts.instructions, 'instruction'],
    [facts.strings, 'string'],
    [facts.globals, 'global'],
    [facts.arrays, 'array'],
  ] as const;
  const entry = facts.entry === 'main' ? 'main()' : 'setup() and loop()';
  const parts = counts.map(([count, word]) => counted(count, word));
  return `${[entry, ...parts].join(', ')}, ${facts.uploadBytes} bytes to upload`;
}

async function writeImage(output: string, image: Uint8Array): Promise<void> {
  try {
    await writeFile(output, image);
  } catch (error) {
    throw new HilError('usage', `cannot write ${output}: ${errorText(error)}`);
  }
}
