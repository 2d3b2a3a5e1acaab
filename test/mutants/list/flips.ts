import { opcodeByName } from '../../../src/isa/index.ts';
import type { Engine } from '../../../src/vm/index.ts';
import type { Moment, Mutant } from '../types.ts';
import { executing, mutant } from './predicates.ts';

const BINARY = 'vm/vm_binary.h';
const STACK = 'vm/vm_stack.h';
const MEMORY = 'vm/vm_handlers_memory.c';

/** What CVM_BINARY_HANDLER defines. */
const BINARIES = [
  ...(['ADD', 'SUB', 'MUL', 'AND', 'OR'] as const),
  ...(['EQ', 'NE', 'LT', 'GT', 'LE', 'GE'] as const),
  ...(['EQ_SIGNED', 'NE_SIGNED', 'LT_SIGNED', 'GT_SIGNED', 'LE_SIGNED', 'GE_SIGNED'] as const),
  ...(['BITWISE_AND', 'BITWISE_OR', 'BITWISE_XOR'] as const),
];

/** Flips a bit of a global when a step of this number is `when`, behind the effects. */
const flipGlobal =
  (global: number, bit: number, when: (moment: Moment) => boolean) =>
  () =>
  ({ context }: Engine, moment: Moment): void => {
    if (when(moment)) context.globals[global] = (context.globals[global] ?? 0) ^ bit;
  };

/** Single bits at single steps, and writes behind the effects. */
export const FLIPS: readonly Mutant[] = [
  mutant(
    'flip-result-at-step-200',
    'bit flip at one step',
    BINARY,
    'cvm_push(registers, hand, (result));',
    `cvm_settle_steps(engine, registers);                                                       \\
        cvm_push(registers, hand, (result) ^ (engine->steps == 200 ? 1 : 0));`,
    executing(BINARIES, ({ step }) => step === 200),
  ),
  mutant(
    'flip-sign-at-step-77',
    'bit flip at one step',
    BINARY,
    'cvm_push(registers, hand, (result));',
    `cvm_settle_steps(engine, registers);                                                       \\
        cvm_push(registers, hand, (result) ^ (engine->steps == 77 ? INT32_MIN : 0));`,
    executing(BINARIES, ({ step }) => step === 77),
  ),
  mutant(
    'flip-local-at-step-300',
    'bit flip at one step',
    MEMORY,
    'cvm_push(registers, hand, *(const int32_t *)place);',
    `cvm_settle_steps(engine, registers);
    cvm_push(registers, hand, *(const int32_t *)place ^ (engine->steps == 300 ? 0x10000 : 0));`,
    executing('LOAD_LOCAL', ({ step }) => step === 300),
  ),
  {
    id: 'flip-return-at-step-100',
    class: 'bit flip at one step',
    file: BINARY,
    edits: [
      {
        find: 'cvm_push(registers, hand, (result));',
        replace: `cvm_settle_steps(engine, registers);                                                       \\
        if (engine->steps == 100 && engine->depth > 0) {                                           \\
            engine->frames[engine->depth - 1U].return_pc ^= 1U;                                    \\
        }                                                                                          \\
        cvm_push(registers, hand, (result));`,
      },
    ],
    sight: {
      kind: 'hidden',
      spoil:
        () =>
        (machine, { op, fault, step, depth }) => {
          const isBinary = (BINARIES as readonly string[]).includes(op);
          if (!isBinary || fault !== 0 || step !== 100 || depth === 0) return;
          machine.frames[2 * depth - 2] = (machine.frames[2 * depth - 2] ?? 0) ^ 1;
        },
    },
  },
  {
    id: 'flip-global-at-step-120',
    class: 'bit flip at one step',
    file: BINARY,
    edits: [
      {
        find: 'cvm_push(registers, hand, (result));',
        replace: `cvm_settle_steps(engine, registers);                                                       \\
        if (engine->steps == 120) {                                                                \\
            ((int32_t *)engine->memory->context)[1] ^= 8;                                          \\
        }                                                                                          \\
        cvm_push(registers, hand, (result));`,
      },
      {
        find: '#include "vm_handlers.h"\n',
        replace: '#include "vm_handlers.h"\n#include "vm_memory.h"\n',
      },
    ],
    sight: {
      kind: 'hidden',
      spoil: flipGlobal(
        1,
        8,
        ({ step, op, fault }) =>
          step === 120 && fault === 0 && (BINARIES as readonly string[]).includes(op),
      ),
    },
  },
  {
    id: 'compare-writes-global-63',
    class: 'stray write',
    file: BINARY,
    edits: [
      {
        find: 'cvm_push(registers, hand, (result));',
        replace: `cvm_push(registers, hand, (result));                                                       \\
        if (registers->top[-1] == 1) {                                                             \\
            ((int32_t *)engine->memory->context)[63] ^= 1;                                         \\
        }`,
      },
      {
        find: '#include "vm_handlers.h"\n',
        replace: '#include "vm_handlers.h"\n#include "vm_memory.h"\n',
      },
    ],
    sight: {
      kind: 'hidden',
      spoil: flipGlobal(63, 1, ({ op, fault, effect }) => {
        return fault === 0 && effect.value === 1 && (BINARIES as readonly string[]).includes(op);
      }),
    },
  },
  {
    id: 'push-writes-below',
    class: 'stray write',
    file: STACK,
    edits: [
      {
        find: '#else\n    cvm_store(registers, value);',
        replace: `#else
    cvm_store(registers, value);
    if (value == 7 && registers->top - 3 >= registers->base) {
        registers->top[-3] ^= 2;
    }`,
      },
    ],
    sight: {
      kind: 'hidden',
      spoil:
        () =>
        ({ sp, stack }, { op, fault, base }) => {
          const pushes = op !== 'NONE' && (opcodeByName(op)?.after.length ?? 0) > 0;
          if (!pushes || fault !== 0 || stack[sp - 1] !== 7 || sp - 3 < base) return;
          stack[sp - 3] = (stack[sp - 3] ?? 0) ^ 2;
        },
    },
  },
];
