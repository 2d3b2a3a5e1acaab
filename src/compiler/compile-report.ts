/** What became of a sketch, as one JSON document for editors and other programs. docs/language.md describes it. */
import { z } from 'zod';
import { buildImage, stripDebug, type Program } from '../image/index.ts';
import type { CompileResult } from './compile.ts';
import type { Diagnostic } from './diagnostics.ts';

/** Lines and columns count from 1, columns in UTF-16 code units; `endColumn` is that of the first one behind. */
const diagnosticSchema = z.strictObject({
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  hint: z.string().optional(),
  file: z.string(),
  line: z.int().min(1),
  column: z.int().min(1),
  endColumn: z.int().min(1),
});

const programSchema = z.strictObject({
  /** `setup() and loop()` or `main()`. */
  entry: z.enum(['sketch', 'main']),
  instructions: z.int().min(1),
  strings: z.int().min(0),
  globals: z.int().min(0),
  arrays: z.int().min(0),
  /** Size of the image without its debug section, in bytes. */
  uploadBytes: z.int().min(1),
});

export const compileReportSchema = z.discriminatedUnion('ok', [
  z.strictObject({
    file: z.string(),
    ok: z.literal(true),
    /** Warnings, in the order of the source. */
    diagnostics: z.array(diagnosticSchema),
    program: programSchema,
  }),
  z.strictObject({
    file: z.string(),
    ok: z.literal(false),
    /** At least one error, and warnings, in the order of the source. */
    diagnostics: z.array(diagnosticSchema).min(1),
  }),
]);

export type CompileReport = z.infer<typeof compileReportSchema>;
export type ProgramFacts = z.infer<typeof programSchema>;

/** What a program consists of. */
export function programFacts(program: Program): ProgramFacts {
  return {
    entry: program.loop === undefined ? 'main' : 'sketch',
    instructions: program.instructions.length,
    strings: program.strings.length,
    globals: program.debug?.globals.length ?? 0,
    arrays: program.debug?.arrays.length ?? 0,
    uploadBytes: stripDebug(buildImage(program)).length,
  };
}

/** The document about one compilation. */
export function compileReport(file: string, result: CompileResult): CompileReport {
  if (!result.ok) return { file, ok: false, diagnostics: result.diagnostics.map(diagnosticView) };
  const diagnostics = result.warnings.map(diagnosticView);
  return { file, ok: true, diagnostics, program: programFacts(result.program) };
}

function diagnosticView(diagnostic: Diagnostic): z.infer<typeof diagnosticSchema> {
  const { severity, message, hint, file, line, column, length } = diagnostic;
  const hinted = hint === undefined ? {} : { hint };
  return { severity, message, ...hinted, file, line, column, endColumn: column + length };
}
