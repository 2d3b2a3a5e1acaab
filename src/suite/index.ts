/** Runs: programs on a bench, from power-up to the record. */
export type { LoadedProgram } from './compare-programs.ts';
export type { RunObserver } from './observer.ts';
export { DEFAULT_STEPS, runPrograms, type RunRequest } from './run-programs.ts';
