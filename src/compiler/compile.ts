import type { Program } from '../image/index.ts';
import { checkProgram } from './check-program.ts';
import { Diagnostics, type Diagnostic } from './diagnostics.ts';
import { generateProgram } from './generate.ts';
import { parse } from './parser.ts';
import { preprocess } from './preprocess.ts';

/** What became of a source text. `diagnostics` holds errors and warnings in the order of the source. */
export type CompileResult =
  | { readonly ok: true; readonly program: Program; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Longest source, in UTF-16 code units. A sketch that fills a board has a tenth of it. */
const MAX_SOURCE = 1_000_000;

/**
 * Compiles a sketch. All errors of the file are reported together; never throws, whatever the text.
 * @param source the whole text
 * @param fileName goes into diagnostics and debug information as it is
 */
export function compile(source: string, fileName: string): CompileResult {
  const diagnostics = new Diagnostics(fileName);
  const program = source.length > MAX_SOURCE ? undefined : translate(source, diagnostics);
  if (source.length > MAX_SOURCE) {
    const message = `the file has more than ${MAX_SOURCE} characters`;
    diagnostics.error({ line: 1, column: 1, length: 1 }, message, 'make it shorter');
  }
  if (program === undefined || diagnostics.hasErrors) {
    return { ok: false, diagnostics: diagnostics.sorted() };
  }
  return { ok: true, program, warnings: diagnostics.sorted() };
}

function translate(source: string, diagnostics: Diagnostics): Program | undefined {
  const tokens = preprocess(source, diagnostics);
  const unit = parse(tokens, diagnostics);
  const typed = checkProgram(unit, diagnostics);
  if (typed === undefined || diagnostics.hasErrors) return undefined;
  return generateProgram(typed, source, diagnostics);
}
