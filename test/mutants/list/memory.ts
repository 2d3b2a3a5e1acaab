import type { Engine } from '../../../src/vm/index.ts';
import type { Moment, Mutant, Spoil } from '../types.ts';
import { executing, faulting, mutant, stepWhere } from './predicates.ts';

const HANDLERS = 'vm/vm_handlers_memory.c';
const OPERATIONS = 'vm/vm_memory.h';
const MEMORY = 'vm/vm_memory.c';

const CELLS = 64;

const READ_BACK =
  'what a store wrote is read again from the cell that it should have written: when that holds the value already, the state shows it.';

const cellOf = (machine: Engine, id: number, index: number): number =>
  machine.context.arrays[id * CELLS + index] ?? 0;
const lengthOf = ({ machine, immediate }: Moment): number =>
  machine.context.arrayLengths[immediate] ?? 0;
/** The value at an offset from the bottom of the stack; undefined above the top. */
const localAt = ({ machine, sp }: Moment, place: number): number | undefined =>
  place < sp ? machine.stack[place] : undefined;

/** Spoils the machine after each execution of an opcode without a fault. */
const after =
  (op: Moment['op'], spoil: Spoil): (() => Spoil) =>
  () =>
  (machine, moment) => {
    if (moment.op === op && moment.fault === 0) spoil(machine, moment);
  };

/** Globals, locals and arrays. */
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
    if (!cvm_has_room(registers)) {
        return cvm_fault(CVM_ERR_STACK_OVERFLOW);
    }
    if (!load_global(`,
    faulting('LOAD_GLOBAL', 7, ({ sp }) => sp === 128),
  ),
  mutant(
    'store-global-keeps',
    'memory operation',
    HANDLERS,
    `cvm_peek(registers, 0))) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    cvm_drop(registers, 1);`,
    `cvm_peek(registers, 0))) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }`,
    executing('STORE_GLOBAL'),
  ),
  mutant(
    'store-global-id-in-8-bits',
    'sign or width',
    HANDLERS,
    'store_global(engine, memory, immediate, cvm_peek(registers, 0))',
    'store_global(engine, memory, (uint8_t)immediate, cvm_peek(registers, 0))',
    faulting('STORE_GLOBAL', 7, ({ immediate }) => (immediate & 0xff) < 64),
  ),
  mutant(
    'store-global-16-bits',
    'sign or width',
    HANDLERS,
    'store_global(engine, memory, immediate, cvm_peek(registers, 0))',
    'store_global(engine, memory, immediate, (int16_t)cvm_peek(registers, 0))',
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
    'place + sizeof(int32_t) >= (uintptr_t)registers->top',
    'place >= (uintptr_t)registers->top',
    faulting('STORE_LOCAL', 7, ({ base, immediate, sp }) => base + immediate === sp - 1),
  ),
  mutant(
    'store-local-codes-swapped',
    'wrong error code',
    HANDLERS,
    'cvm_has(registers, 1) ? CVM_ERR_MEMORY_BOUNDS : CVM_ERR_STACK_UNDERFLOW',
    'cvm_has(registers, 1) ? CVM_ERR_STACK_UNDERFLOW : CVM_ERR_MEMORY_BOUNDS',
    stepWhere(({ op, fault }) => op === 'STORE_LOCAL' && (fault === 2 || fault === 7)),
  ),
  {
    id: 'store-local-next-too',
    class: 'stray write',
    file: HANDLERS,
    edits: [
      {
        find: '*(int32_t *)place = cvm_peek(registers, 0);\n',
        replace: `*(int32_t *)place = cvm_peek(registers, 0);
    if (registers->top - 2 > (int32_t *)place) {
        ((int32_t *)place)[1] ^= 1;
    }
`,
      },
    ],
    sight: {
      kind: 'hidden',
      spoil: after('STORE_LOCAL', (machine, { base, immediate, sp }) => {
        const place = base + immediate;
        if (sp - 2 > place) machine.stack[place + 1] = (machine.stack[place + 1] ?? 0) ^ 1;
      }),
    },
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
        find: 'const int32_t index = cvm_peek(registers, 1);\n    const int32_t value = cvm_peek(registers, 0);',
        replace:
          'const int32_t index = cvm_peek(registers, 0);\n    const int32_t value = cvm_peek(registers, 1);',
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
    edits: [{ find: 'cvm_drop(registers, 2);', replace: 'cvm_drop(registers, 1);' }],
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
  mutant(
    'load-global-64',
    'bound off by one',
    OPERATIONS,
    'if (id >= CVM_GLOBAL_COUNT) {',
    'if (id > CVM_GLOBAL_COUNT) {',
    faulting('LOAD_GLOBAL', 7, ({ immediate }) => immediate === 64),
    1,
  ),
  mutant(
    'store-global-64',
    'bound off by one',
    OPERATIONS,
    'if (id >= CVM_GLOBAL_COUNT) {',
    'if (id > CVM_GLOBAL_COUNT) {',
    faulting('STORE_GLOBAL', 7, ({ immediate }) => immediate === 64),
    2,
  ),
  {
    id: 'store-global-next-too',
    class: 'stray write',
    file: OPERATIONS,
    edits: [
      {
        find: 'memory->globals[id] = value;\n',
        replace:
          'memory->globals[id] = value;\n    memory->globals[(id + 1U) % CVM_GLOBAL_COUNT] ^= 4;\n',
      },
    ],
    sight: {
      kind: 'hidden',
      spoil: after('STORE_GLOBAL', ({ context }, { immediate }) => {
        const next = (immediate + 1) % 64;
        context.globals[next] = (context.globals[next] ?? 0) ^ 4;
      }),
    },
  },
  mutant(
    'global-count',
    'bound off by one',
    OPERATIONS,
    'memory->global_count = (uint8_t)(id + 1U);',
    'memory->global_count = (uint8_t)id;',
    {
      kind: 'leg',
      leg: 'c-unit',
      reason: 'No instruction and no request reads global_count.',
    },
  ),
  mutant(
    'array-index-is-the-length',
    'bound off by one',
    OPERATIONS,
    'index < memory->array_active[id]',
    'index <= memory->array_active[id]',
    faulting(
      ['LOAD_ARRAY', 'STORE_ARRAY'],
      7,
      (it) => it.immediate < 16 && (it.op === 'LOAD_ARRAY' ? it.b : it.a) === lengthOf(it),
    ),
  ),
  mutant(
    'load-array-of-another',
    'memory operation',
    OPERATIONS,
    '*out = memory->arrays[id][index];',
    '*out = memory->arrays[id ^ 1U][index];',
    executing('LOAD_ARRAY', ({ machine, immediate: id, b }) => {
      return cellOf(machine, id, b) !== cellOf(machine, id ^ 1, b);
    }),
  ),
  {
    id: 'store-array-first-too',
    class: 'stray write',
    file: OPERATIONS,
    edits: [
      {
        find: 'memory->arrays[id][index] = value;',
        replace: 'memory->arrays[id][index] = value;\n    memory->arrays[id][0] = value;',
      },
    ],
    sight: {
      kind: 'hidden',
      spoil: after('STORE_ARRAY', ({ context }, { immediate, b }) => {
        context.arrays[immediate * CELLS] = b;
      }),
    },
  },
  mutant(
    'create-array-again',
    'wrong error code',
    MEMORY,
    ' || memory->array_active[id] != 0) {',
    ') {',
    faulting(
      'CREATE_ARRAY',
      7,
      (it) => it.immediate < 16 && lengthOf(it) > 0 && it.b >= 1 && it.b <= 64,
    ),
  ),
  mutant(
    'create-array-64-refused',
    'bound off by one',
    MEMORY,
    'size > CVM_ARRAY_LENGTH',
    'size >= CVM_ARRAY_LENGTH',
    executing('CREATE_ARRAY', ({ b }) => b === 64),
  ),
  mutant(
    'create-array-of-none',
    'bound off by one',
    MEMORY,
    'size < 1 || ',
    '',
    faulting('CREATE_ARRAY', 7, (it) => it.b === 0 && it.immediate < 16 && lengthOf(it) === 0),
  ),
  {
    id: 'create-array-one-shorter',
    class: 'bound off by one',
    file: MEMORY,
    edits: [
      {
        find: 'memory->array_active[id] = (uint8_t)size;',
        replace: 'memory->array_active[id] = (uint8_t)(size - 1U);',
      },
    ],
    sight: {
      kind: 'hidden',
      spoil: after('CREATE_ARRAY', ({ context }, { immediate, b }) => {
        context.arrayLengths[immediate] = b - 1;
      }),
    },
  },
  {
    id: 'create-array-not-zeroed',
    class: 'missed clear',
    file: MEMORY,
    edits: [
      { find: '    memset(memory->arrays[id], 0, sizeof memory->arrays[id]);\n', replace: '' },
    ],
    sight: {
      kind: 'equivalent',
      reason:
        'Load and reset zero every cell, only an active array can be stored to, and nothing makes one inactive again: the cells are 0 already.',
    },
  },
  {
    id: 'clear-leaves-arrays',
    class: 'missed clear',
    file: MEMORY,
    edits: [
      {
        find: 'memset(context, 0, sizeof *context);',
        replace: 'memset(context->globals, 0, sizeof context->globals);',
      },
    ],
    sight: {
      kind: 'carried',
      spoil: () => {
        const lengths = new Uint8Array(16);
        const cells = new Int32Array(16 * CELLS);
        return {
          load: ({ context }) => {
            context.arrayLengths.set(lengths);
            context.arrays.set(cells);
          },
          after: ({ context }) => {
            lengths.set(context.arrayLengths);
            cells.set(context.arrays);
          },
        };
      },
    },
  },
  {
    id: 'clear-leaves-the-first-global',
    class: 'missed clear',
    file: MEMORY,
    edits: [
      {
        find: 'memset(context, 0, sizeof *context);',
        replace: `const int32_t kept = context->globals[0];
    memset(context, 0, sizeof *context);
    context->globals[0] = kept;`,
      },
    ],
    sight: {
      kind: 'carried',
      spoil: () => {
        let kept = 0;
        return {
          load: ({ context }) => {
            context.globals[0] = kept;
          },
          after: ({ context }) => {
            kept = context.globals[0] ?? 0;
          },
        };
      },
    },
  },
];
