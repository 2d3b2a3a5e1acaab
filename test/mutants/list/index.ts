import type { Mutant } from '../types.ts';
import { ARITHMETIC } from './arithmetic.ts';
import { BITS } from './bits.ts';
import { BOARD } from './board.ts';
import { CALLS } from './call.ts';
import { CLEARS } from './clears.ts';
import { COMPARISONS } from './compare.ts';
import { ENGINES } from './engine.ts';
import { FLIPS } from './flips.ts';
import { LOADING } from './image.ts';
import { INPUT_OUTPUT } from './io.ts';
import { JUMPS } from './jump.ts';
import { MEMORIES } from './memory.ts';
import { OPERATIONS_ON_MEMORY } from './operations.ts';
import { PRINTF } from './printf.ts';
import { STACKS } from './stack.ts';

/** Every mutant. */
export const MUTANTS: readonly Mutant[] = [
  ...ARITHMETIC,
  ...COMPARISONS,
  ...BITS,
  ...STACKS,
  ...CALLS,
  ...JUMPS,
  ...MEMORIES,
  ...OPERATIONS_ON_MEMORY,
  ...INPUT_OUTPUT,
  ...BOARD,
  ...PRINTF,
  ...ENGINES,
  ...FLIPS,
  ...CLEARS,
  ...LOADING,
];

/** One of each way in which a mutant shows: an arithmetic result, a frame, a store, a text, the clock, a state, a hang. */
export const SAMPLE: readonly string[] = [
  'lt-signed-unsigned',
  'ret-base-not-restored',
  'store-array-swapped',
  'printf-d-unsigned',
  'delay-replaces',
  'compare-writes-global-63',
  'clear-leaves-arrays',
  'delay-hangs',
];

/** One of each class that runs on a board can show, for the campaign on the emulated board. */
export const BOARD_SAMPLE: readonly string[] = [
  'mod-divides',
  'push-signed-not-extended',
  'gt-signed-or-equal',
  'store-array-swapped',
  'ret-base-not-restored',
  'div-by-zero-other-code',
  'push-overflow-before-flags',
  'mod-zero-clobbers',
  'compare-writes-global-63',
  'flip-result-at-step-200',
  'clear-leaves-arrays',
  'stack-one-too-small',
  'shift-right-logical',
  'printf-d-unsigned',
  'delay-replaces',
  'write-to-an-input',
  'load-global-neighbour',
  'jmp-one-further',
  'rounds-one-too-many-in-the-loop',
  'two-vms-one-memory',
  'delay-hangs',
  'printf-crashes',
];
