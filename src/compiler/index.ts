/** ArduinoC to programs: docs/language.md says what the language is. */
export { compile, type CompileResult } from './compile.ts';
export { formatDiagnostic, type Diagnostic } from './diagnostics.ts';
