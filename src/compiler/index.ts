/** ArduinoC to programs: docs/language.md says what the language is. */
export { compile, compileFile, type CompiledFile, type CompileResult } from './compile.ts';
export {
  compileReport,
  compileReportSchema,
  programFacts,
  type CompileReport,
  type ProgramFacts,
} from './compile-report.ts';
export { formatDiagnostic, type Diagnostic } from './diagnostics.ts';
export { pathText, stackUse, type DeepestPath, type StackUse } from './stack-use.ts';
