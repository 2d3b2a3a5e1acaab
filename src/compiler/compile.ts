import type { Program } from '../image/index.ts';
import { checkProgram } from './check-program.ts';
import { Diagnostics, type Diagnostic } from './diagnostics.ts';
import { generateProgram } from './generate.ts';
import { parse } from './parser.ts';
import { preprocess } from './preprocess.ts';
import { checkSource, decodeSource } from './source-text.ts';

/** What became of a source text. `diagnostics` holds errors and warnings in the order of the source. */
export type CompileResult =
  | { readonly ok: true; readonly program: Program; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** What became of a file, and the text that its diagnostics are about. */
export interface CompiledFile {
  readonly source: string;
  readonly result: CompileResult;
}

/**
 * Compiles a sketch. All errors of the file are reported together; never throws, whatever the text.
 * @param source the whole text
 * @param fileName goes into diagnostics and debug information as it is
 */
export function compile(source: string, fileName: string): CompileResult {
  return run(source, new Diagnostics(fileName));
}

/** Compiles a sketch as it stands in a file: UTF-8, with or without a byte order mark. What is not UTF-8 is an error of the sketch. */
export function compileFile(bytes: Uint8Array, fileName: string): CompiledFile {
  const diagnostics = new Diagnostics(fileName);
  const source = decodeSource(bytes, diagnostics);
  return { source, result: run(source, diagnostics) };
}

function run(source: string, diagnostics: Diagnostics): CompileResult {
  const program = diagnostics.hasErrors ? undefined : translate(source, diagnostics);
  if (program === undefined || diagnostics.hasErrors) {
    return { ok: false, diagnostics: diagnostics.sorted() };
  }
  return { ok: true, program, warnings: diagnostics.sorted() };
}

function translate(source: string, diagnostics: Diagnostics): Program | undefined {
  if (!checkSource(source, diagnostics)) return undefined;
  const file = preprocess(source, diagnostics);
  const unit = parse(file, diagnostics);
  const typed = checkProgram(unit, diagnostics);
  if (typed === undefined || diagnostics.hasErrors) return undefined;
  return generateProgram(typed, source, diagnostics);
}
