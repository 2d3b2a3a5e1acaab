import type { Mutant } from '../types.ts';
import { executing, faulting, mutant, resulting, stepWhere } from './predicates.ts';

const FILE = 'vm/vm_handlers_arithmetic.c';
const INT_MIN = -0x8000_0000;
const INT_MAX = 0x7fff_ffff;

const add = (a: number, b: number): number => a + b;
const subtract = (a: number, b: number): number => a - b;
const divide = (a: number, b: number): number => Math.trunc(a / b);
const remainder = (a: number, b: number): number => a % b;

/** ADD, SUB, MUL, DIV, MOD. */
export const ARITHMETIC: readonly Mutant[] = [
  mutant(
    'add-subtracts',
    'wrong operator',
    FILE,
    'return cvm_signed(a + b);',
    'return cvm_signed(a - b);',
    resulting('ADD', add, subtract),
  ),
  mutant(
    'add-saturates',
    'sign or width',
    FILE,
    'return cvm_signed(a + b);',
    `const int64_t sum = (int64_t)cvm_signed(a) + cvm_signed(b);
    return sum > INT32_MAX ? INT32_MAX : sum < INT32_MIN ? INT32_MIN : (int32_t)sum;`,
    resulting('ADD', add, (a, b) => Math.max(INT_MIN, Math.min(INT_MAX, a + b))),
  ),
  mutant(
    'add-16-bits',
    'sign or width',
    FILE,
    'return cvm_signed(a + b);',
    'return cvm_signed((a + b) & 0xFFFFU);',
    resulting('ADD', add, (a, b) => (a + b) & 0xffff),
  ),
  mutant(
    'sub-swapped',
    'swapped operands',
    FILE,
    'CVM_DEFECT_SUB_SWAPPED ? b - a : a - b',
    'CVM_DEFECT_SUB_SWAPPED ? a - b : b - a',
    resulting('SUB', subtract, (a, b) => b - a),
  ),
  mutant(
    'sub-loses-sign',
    'sign or width',
    FILE,
    'CVM_DEFECT_SUB_SWAPPED ? b - a : a - b',
    '(CVM_DEFECT_SUB_SWAPPED ? b - a : a - b) & 0x7FFFFFFFU',
    resulting('SUB', subtract, (a, b) => (a - b) & 0x7fff_ffff),
  ),
  mutant(
    'mul-adds',
    'wrong operator',
    FILE,
    'CVM_BINARY_HANDLER(mul, (cvm_signed(a * b)))',
    'CVM_BINARY_HANDLER(mul, (cvm_signed(a + b)))',
    resulting('MUL', Math.imul, add),
  ),
  mutant(
    'mul-16-bits',
    'sign or width',
    FILE,
    'CVM_BINARY_HANDLER(mul, (cvm_signed(a * b)))',
    'CVM_BINARY_HANDLER(mul, (cvm_signed((a & 0xFFFFU) * (b & 0xFFFFU))))',
    resulting('MUL', Math.imul, (a, b) => Math.imul(a & 0xffff, b & 0xffff)),
  ),
  mutant(
    'div-unsigned',
    'sign or width',
    FILE,
    ': a / b);',
    ': cvm_signed((uint32_t)a / (uint32_t)b));',
    executing('DIV', ({ a, b }) => b !== -1 && divide(a, b) !== (divide(a >>> 0, b >>> 0) | 0)),
  ),
  mutant(
    'div-rounds-down',
    'wrong operator',
    FILE,
    ': a / b);',
    ': a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0));',
    executing('DIV', ({ a, b }) => b !== -1 && Math.trunc(a / b) !== Math.floor(a / b)),
  ),
  mutant(
    'div-int-min-saturates',
    'sign or width',
    FILE,
    'cvm_signed(0U - (uint32_t)a)',
    '(a == INT32_MIN ? INT32_MAX : -a)',
    executing('DIV', ({ a, b }) => a === INT_MIN && b === -1),
  ),
  mutant(
    'div-by-zero-gives-zero',
    'wrong error code',
    FILE,
    'return cvm_fault(CVM_ERR_DIVISION_BY_ZERO);',
    'cvm_replace(registers, hand, 2, 0);\n        return cvm_continue();',
    faulting('DIV', 6),
    1,
  ),
  mutant(
    'div-by-zero-other-code',
    'wrong error code',
    FILE,
    'CVM_ERR_DIVISION_BY_ZERO',
    'CVM_ERR_INVALID_ARGUMENT',
    faulting('DIV', 6),
    1,
  ),
  mutant(
    'div-by-zero-pops',
    'fault that changes state',
    FILE,
    'return cvm_fault(CVM_ERR_DIVISION_BY_ZERO);',
    'cvm_drop(registers, hand, 1);\n        return cvm_fault(CVM_ERR_DIVISION_BY_ZERO);',
    faulting('DIV', 6),
    1,
  ),
  {
    id: 'mod-zero-before-underflow',
    class: 'wrong fault priority',
    file: FILE,
    edits: [
      {
        find: 'CVM_HANDLER(mod) {\n',
        replace: `CVM_HANDLER(mod) {
    if (flags == 0 && cvm_has(registers, hand, 1) && cvm_peek(registers, hand, 0) == 0) {
        return cvm_fault(CVM_ERR_DIVISION_BY_ZERO);
    }
`,
      },
    ],
    sight: faulting('MOD', 2, ({ own, b }) => own === 1 && b === 0),
  },
  {
    id: 'mod-zero-clobbers',
    class: 'fault that changes state',
    file: FILE,
    edits: [
      {
        find: 'return cvm_fault(CVM_ERR_DIVISION_BY_ZERO);',
        replace: `cvm_replace(registers, hand, 1, 1);
        return cvm_fault(CVM_ERR_DIVISION_BY_ZERO);`,
        nth: 2,
      },
    ],
    sight: {
      kind: 'hidden',
      spoil:
        () =>
        (machine, { op, fault, sp }) => {
          if (op === 'MOD' && fault === 6) machine.stack[sp - 1] = 1;
        },
    },
  },
  mutant(
    'mod-sign-of-divisor',
    'sign or width',
    FILE,
    'b == -1 ? 0 : a % b',
    'b == -1 ? 0 : (int32_t)(((int64_t)a % b + b) % b)',
    resulting('MOD', remainder, (a, b) => ((a % b) + b) % b),
  ),
  mutant(
    'mod-by-minus-one',
    'wrong operator',
    FILE,
    'b == -1 ? 0 : a % b',
    'b == -1 ? a : a % b',
    executing('MOD', ({ a, b }) => b === -1 && a !== 0),
  ),
  mutant(
    'mod-divides',
    'wrong operator',
    FILE,
    'b == -1 ? 0 : a % b',
    'b == -1 ? 0 : a / b',
    executing('MOD', ({ a, b }) => b !== -1 && ((a % b) | 0) !== Math.trunc(a / b)),
  ),
  mutant(
    'mod-zero-other-code',
    'wrong error code',
    FILE,
    'CVM_ERR_DIVISION_BY_ZERO',
    'CVM_ERR_EXECUTION_FAILED',
    stepWhere(({ op, fault }) => op === 'MOD' && fault === 6),
    2,
  ),
];
