/** Bench validation: a guided list of steps that prove firmware, wiring and harness on one board, and the record of it. */
export type { Ask } from './person.ts';
export { validateBench, type ValidationRequest } from './validate.ts';
