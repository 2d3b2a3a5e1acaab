import type { Program } from '../image/index.ts';

/** One program and everything its execution depends on. */
export interface FuzzCase {
  readonly program: Program;
  /** u32; what the program reads, see createWorld(). */
  readonly inputs: number;
  /** Most steps, 1..MAX_STEPS. */
  readonly steps: number;
  /** Rounds of loop(); 0 = no such limit. */
  readonly rounds: number;
}

/** Steps that firmware/fuzz/effects_main.c takes at most. */
export const MAX_STEPS = 8192;
