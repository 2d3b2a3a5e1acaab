/** Runs: one program on one bench, from power-up to the record. */
export { DEFAULT_STEPS, runProgram, type RunObserver, type RunRequest } from './run-program.ts';
