import type { Mutant } from '../types.ts';
import { executing, faulting, mutant, resulting } from './predicates.ts';

const FILE = 'vm/vm_handlers_bitwise.c';
const LEFT = 'cvm_signed((uint32_t)cvm_peek(registers, hand, 1) << count)';
const RIGHT = 'cvm_peek(registers, hand, 1) >> count)';
const LIMIT = 'if (count > 31U) {';

/** BITWISE_AND to SHIFT_RIGHT. */
export const BITS: readonly Mutant[] = [
  mutant(
    'bit-and-is-or',
    'wrong operator',
    FILE,
    'cvm_signed(a & b)',
    'cvm_signed(a | b)',
    resulting(
      'BITWISE_AND',
      (a, b) => a & b,
      (a, b) => a | b,
    ),
  ),
  mutant(
    'bit-or-is-xor',
    'wrong operator',
    FILE,
    'cvm_signed(a | b)',
    'cvm_signed(a ^ b)',
    resulting(
      'BITWISE_OR',
      (a, b) => a | b,
      (a, b) => a ^ b,
    ),
  ),
  mutant(
    'bit-xor-is-add',
    'wrong operator',
    FILE,
    'cvm_signed(a ^ b)',
    'cvm_signed(a + b)',
    resulting(
      'BITWISE_XOR',
      (a, b) => a ^ b,
      (a, b) => a + b,
    ),
  ),
  mutant(
    'bit-not-negates',
    'wrong operator',
    FILE,
    'cvm_signed(~(uint32_t)cvm_peek(registers, hand, 0))',
    'cvm_signed(0U - (uint32_t)cvm_peek(registers, hand, 0))',
    executing('BITWISE_NOT'),
  ),
  mutant(
    'shift-left-rotates',
    'shift',
    FILE,
    LEFT,
    `cvm_signed(((uint32_t)cvm_peek(registers, hand, 1) << count) |
                                         ((uint32_t)cvm_peek(registers, hand, 1) >> ((32U - count) & 31U)))`,
    executing('SHIFT_LEFT', ({ a, b }) => b !== 0 && a >>> (32 - b) !== 0),
  ),
  mutant(
    'shift-left-16-bits',
    'shift',
    FILE,
    LEFT,
    'cvm_signed(((uint32_t)cvm_peek(registers, hand, 1) << count) & 0xFFFFU)',
    executing('SHIFT_LEFT', ({ a, b }) => ((a << b) & 0xffff) !== a << b),
  ),
  mutant(
    'shift-left-31-refused',
    'bound off by one',
    FILE,
    LIMIT,
    'if (count > 30U) {',
    executing('SHIFT_LEFT', ({ b }) => b === 31),
    1,
  ),
  mutant(
    'shift-left-count-masked',
    'shift',
    FILE,
    'const uint32_t count = (uint32_t)cvm_peek(registers, hand, 0);',
    'const uint32_t count = (uint32_t)cvm_peek(registers, hand, 0) & 31U;',
    faulting('SHIFT_LEFT', 12),
    1,
  ),
  mutant(
    'shift-left-other-code',
    'wrong error code',
    FILE,
    'CVM_ERR_INVALID_ARGUMENT',
    'CVM_ERR_MEMORY_BOUNDS',
    faulting('SHIFT_LEFT', 12),
    1,
  ),
  mutant(
    'shift-right-logical',
    'shift',
    FILE,
    RIGHT,
    'cvm_signed((uint32_t)cvm_peek(registers, hand, 1) >> count))',
    executing('SHIFT_RIGHT', ({ a, b }) => a >> b !== ((a >>> b) | 0)),
  ),
  mutant(
    'shift-right-toward-zero',
    'shift',
    FILE,
    RIGHT,
    '(int32_t)((int64_t)cvm_peek(registers, hand, 1) / ((int64_t)1 << count)))',
    executing('SHIFT_RIGHT', ({ a, b }) => a >> b !== Math.trunc(a / 2 ** b)),
  ),
  mutant(
    'shift-right-count-in-4-bits',
    'shift',
    FILE,
    RIGHT,
    'cvm_peek(registers, hand, 1) >> (count & 15U))',
    executing('SHIFT_RIGHT', ({ a, b }) => a >> b !== a >> (b & 15)),
  ),
  mutant(
    'shift-right-swapped',
    'swapped operands',
    FILE,
    RIGHT,
    '(int32_t)count >> (cvm_peek(registers, hand, 1) & 31))',
    executing('SHIFT_RIGHT', ({ a, b }) => a >> b !== b >> (a & 31)),
  ),
  {
    id: 'shift-right-count-before-underflow',
    class: 'wrong fault priority',
    file: FILE,
    edits: [
      {
        find: 'CVM_HANDLER(shift_right) {\n',
        replace: `CVM_HANDLER(shift_right) {
    if (flags == 0 && cvm_has(registers, hand, 1) && (uint32_t)cvm_peek(registers, hand, 0) > 31U) {
        return cvm_fault(CVM_ERR_INVALID_ARGUMENT);
    }
`,
      },
    ],
    sight: faulting('SHIFT_RIGHT', 2, ({ own, b }) => own === 1 && b >>> 0 > 31),
  },
  {
    id: 'shift-right-fault-clobbers',
    class: 'fault that changes state',
    file: FILE,
    edits: [
      {
        find: 'return cvm_fault(CVM_ERR_INVALID_ARGUMENT);',
        replace: `registers->top[-2] = 0;
        return cvm_fault(CVM_ERR_INVALID_ARGUMENT);`,
        nth: 2,
      },
    ],
    sight: {
      kind: 'hidden',
      spoil:
        () =>
        (machine, { op, fault, sp }) => {
          if (op === 'SHIFT_RIGHT' && fault === 12) machine.stack[sp - 2] = 0;
        },
    },
  },
];
