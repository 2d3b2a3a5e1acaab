import type { Instruction } from '../isa/index.ts';
import type { DebugInfo } from './debug.ts';

/** A program, before it is written to an image or after it was read from one. */
export interface Program {
  readonly instructions: readonly Instruction[];
  /** Texts by string id, as bytes without a terminator, each at most 255 long. */
  readonly strings: readonly Uint8Array[];
  /** Index of the first instruction executed. */
  readonly entry: number;
  /** Index of the instruction whose execution begins a loop() round; undefined when the program has no loop(). */
  readonly loop: number | undefined;
  readonly debug: DebugInfo | undefined;
}
