import type { Moment, Mutant } from '../types.ts';
import { executing, faulting, leaving, lengthOf, mutant, stepWhere } from './predicates.ts';

const HANDLERS = 'vm/vm_handlers_memory.c';

const READ_BACK =
  'what a store wrote is read again from the cell that it should have written. When that holds the value already only the state is wrong, and a program that reads inputs is not run again for that.';

/** The value at an offset from the bottom of the stack; undefined above the top. */
const localAt = ({ machine, sp }: Moment, place: number): number | undefined =>
  place < sp ? machine.stack[place] : undefined;

/** The handlers of globals, locals and arrays. */
export const MEMORIES: readonly Mutant[] = [
  mutant(
    'load-global-neighbour',
    'memory operation',
    HANDLERS,
    'load_global(engine, memory, immediate, &value)',
    'load_global(engine, memory, (uint16_t)(immediate ^ 1U), &value)',
    executing('LOAD_GLOBAL', ({ machine, immediate }) => {
      const { globals } = machine.context;
      return globals[immediate] !== globals[immediate ^ 1];
    }),
  ),
  mutant(
    'load-global-overflow-before-bounds',
    'wrong fault priority',
    HANDLERS,
    'int32_t value = 0;\n    if (!load_global(',
    `int32_t value = 0;
    if (!cvm_has_room(registers, hand)) {
        return cvm_fault(CVM_ERR_STACK_OVERFLOW);
    }
    if (!load_global(`,
    faulting('LOAD_GLOBAL', 7, ({ sp }) => sp === 128),
  ),
  mutant(
    'store-global-keeps',
    'memory operation',
    HANDLERS,
    `cvm_peek(registers, hand, 0))) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    cvm_drop(registers, hand, 1);`,
    `cvm_peek(registers, hand, 0))) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }`,
    executing('STORE_GLOBAL'),
  ),
  mutant(
    'store-global-id-in-8-bits',
    'sign or width',
    HANDLERS,
    'store_global(engine, memory, immediate, cvm_peek(registers, hand, 0))',
    'store_global(engine, memory, (uint8_t)immediate, cvm_peek(registers, hand, 0))',
    faulting('STORE_GLOBAL', 7, ({ immediate }) => (immediate & 0xff) < 64),
  ),
  mutant(
    'store-global-16-bits',
    'sign or width',
    HANDLERS,
    'store_global(engine, memory, immediate, cvm_peek(registers, hand, 0))',
    'store_global(engine, memory, immediate, (int16_t)cvm_peek(registers, hand, 0))',
    executing('STORE_GLOBAL', ({ b }) => (b << 16) >> 16 !== b),
  ),
  mutant(
    'load-local-above-the-top',
    'bound off by one',
    HANDLERS,
    'if (place >= (uintptr_t)registers->top) {',
    'if (place > (uintptr_t)registers->top) {',
    faulting('LOAD_LOCAL', 7, ({ base, immediate, sp }) => base + immediate === sp),
  ),
  mutant(
    'load-local-of-the-bottom',
    'frame not restored',
    HANDLERS,
    'const uintptr_t place = cvm_local(registers, distance);',
    'const uintptr_t place = (uintptr_t)engine->stack + distance;',
    stepWhere((moment) => {
      const { op, flags, base, immediate, sp } = moment;
      if (op !== 'LOAD_LOCAL' || flags !== 0) return false;
      const [right, wrong] = [localAt(moment, base + immediate), localAt(moment, immediate)];
      // On a full stack both are faults, of another kind when one of them lies above the top.
      return sp === 128 ? (right === undefined) !== (wrong === undefined) : right !== wrong;
    }),
    1,
  ),
  mutant(
    'store-local-own-place',
    'bound off by one',
    HANDLERS,
    'const uint32_t value_size = CVM_HOLDS(hand) ? 0 : sizeof(int32_t);',
    'const uint32_t value_size = CVM_HOLDS(hand) ? 0 : 0;',
    faulting('STORE_LOCAL', 7, ({ base, immediate, sp }) => base + immediate === sp - 1),
  ),
  mutant(
    'store-local-codes-swapped',
    'wrong error code',
    HANDLERS,
    'return cvm_fault(cvm_has(registers, hand, 1) ? CVM_ERR_MEMORY_BOUNDS',
    'return cvm_fault(!cvm_has(registers, hand, 1) ? CVM_ERR_MEMORY_BOUNDS',
    stepWhere(({ op, fault }) => op === 'STORE_LOCAL' && (fault === 2 || fault === 7)),
  ),
  {
    id: 'store-local-next-too',
    class: 'stray write',
    file: HANDLERS,
    edits: [
      {
        find: '*(int32_t *)place = cvm_peek(registers, hand, 0);\n',
        replace: `*(int32_t *)place = cvm_peek(registers, hand, 0);
    if (registers->top - 2 > (int32_t *)place) {
        ((int32_t *)place)[1] ^= 1;
    }
`,
      },
    ],
    sight: leaving('STORE_LOCAL', (machine, { base, immediate, sp }) => {
      const place = base + immediate;
      if (sp - 2 > place) machine.stack[place + 1] = (machine.stack[place + 1] ?? 0) ^ 1;
    }),
  },
  {
    id: 'load-array-sign-unchecked',
    class: 'bound off by one',
    file: HANDLERS,
    edits: [
      {
        find: 'index >= 0 && memory->load_array(',
        replace: 'memory->load_array(',
      },
    ],
    sight: {
      kind: 'equivalent',
      reason:
        'A negative index becomes one of at least 2^31, which no array has: the operation refuses it with the same fault.',
    },
  },
  mutant(
    'load-array-index-in-8-bits',
    'sign or width',
    HANDLERS,
    'load_array(engine, memory, immediate, index, &value)',
    'load_array(engine, memory, immediate, (uint8_t)index, &value)',
    faulting('LOAD_ARRAY', 7, (it) => (it.b & 0xff) < lengthOf(it)),
  ),
  {
    id: 'store-array-swapped',
    class: 'swapped operands',
    file: HANDLERS,
    edits: [
      {
        find: 'const int32_t index = cvm_peek(registers, hand, 1);\n    const int32_t value = cvm_peek(registers, hand, 0);',
        replace:
          'const int32_t index = cvm_peek(registers, hand, 0);\n    const int32_t value = cvm_peek(registers, hand, 1);',
      },
    ],
    sight: stepWhere((moment) => {
      const { op, flags, own, fault, a, b } = moment;
      if (op !== 'STORE_ARRAY' || flags !== 0 || own < 2) return false;
      const wrongFaults = b < 0 || b >= lengthOf(moment);
      return fault === 0 ? wrongFaults || a !== b : !wrongFaults;
    }),
    vague: { digest: READ_BACK },
  },
  {
    id: 'store-array-drops-one',
    class: 'memory operation',
    file: HANDLERS,
    edits: [{ find: 'cvm_drop(registers, hand, 2);', replace: 'cvm_drop(registers, hand, 1);' }],
    sight: executing('STORE_ARRAY'),
    vague: {
      digest:
        'the cell to read again is found by the index above the top, where this mutant leaves the value: the board may die of it.',
    },
  },
  mutant(
    'create-array-code',
    'wrong error code',
    HANDLERS,
    'return cvm_fault(CVM_ERR_MEMORY_BOUNDS);',
    'return cvm_fault(CVM_ERR_INVALID_ARGUMENT);',
    faulting('CREATE_ARRAY', 7),
    6,
  ),
];
