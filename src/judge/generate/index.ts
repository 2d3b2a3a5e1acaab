/** Generated sketches: right, ending, and with one meaning in C. */
export { programSyntax } from './arbitrary.ts';
export { ConstructCounts } from './constructs.ts';
export type { ProgramSyntax } from './syntax.ts';
export { writeProgram } from './write-program.ts';
