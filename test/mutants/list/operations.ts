import type { Engine } from '../../../src/vm/index.ts';
import type { Mutant } from '../types.ts';
import { executing, faulting, leaving, lengthOf, mutant } from './predicates.ts';

const OPERATIONS = 'vm/vm_memory.h';
const MEMORY = 'vm/vm_memory.c';

const CELLS = 64;

const cellOf = (machine: Engine, id: number, index: number): number =>
  machine.context.arrays[id * CELLS + index] ?? 0;
/** The memory operations. */
export const OPERATIONS_ON_MEMORY: readonly Mutant[] = [
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
    sight: leaving('STORE_GLOBAL', ({ context }, { immediate }) => {
      const next = (immediate + 1) % 64;
      context.globals[next] = (context.globals[next] ?? 0) ^ 4;
    }),
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
    sight: leaving('STORE_ARRAY', ({ context }, { immediate, b }) => {
      context.arrays[immediate * CELLS] = b;
    }),
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
    sight: leaving('CREATE_ARRAY', ({ context }, { immediate, b }) => {
      context.arrayLengths[immediate] = b - 1;
    }),
  },
];
