import type { Engine } from '../../../src/vm/index.ts';
import { formatText } from '../../../src/vm/printf.ts';
import type { Ending, Moment, Mutant } from '../types.ts';
import { executing, mutant, stepWhere } from './predicates.ts';
import { argumentsOf, printingOtherwise } from './printf.ts';

const ENGINE = 'vm/vm_engine.c';
const BINARY = 'vm/vm_binary.h';
const STACK = 'vm/vm_stack.h';
const MEMORY = 'vm/vm_handlers_memory.c';
const SESSION = 'agent/session.c';
const DISPATCHER = 'vm/vm_dispatcher.h';

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

/** The digest's loop takes an instruction apart by itself. */
const DISPATCHED = ['trace', 'free'] as const;

const endsByRounds = ({ loops, stopped, steps, stepLimit }: Ending): boolean =>
  loops > 0 && !stopped && steps < stepLimit;
const endsBySteps = ({ stopped, steps, stepLimit }: Ending): boolean =>
  !stopped && steps === stepLimit;

/** Single bits, single steps, and the engine itself. */
export const ENGINES: readonly Mutant[] = [
  mutant(
    'flip-result-at-step-200',
    'bit flip at one step',
    BINARY,
    'cvm_replace(registers, 2, (result));',
    `cvm_settle_steps(engine, registers);                                                       \\
        cvm_replace(registers, 2, (result) ^ (engine->steps == 200 ? 1 : 0));`,
    executing(BINARIES, ({ step }) => step === 200),
  ),
  mutant(
    'flip-sign-at-step-77',
    'bit flip at one step',
    BINARY,
    'cvm_replace(registers, 2, (result));',
    `cvm_settle_steps(engine, registers);                                                       \\
        cvm_replace(registers, 2, (result) ^ (engine->steps == 77 ? INT32_MIN : 0));`,
    executing(BINARIES, ({ step }) => step === 77),
  ),
  mutant(
    'flip-local-at-step-300',
    'bit flip at one step',
    MEMORY,
    'cvm_push(registers, *(const int32_t *)place);',
    `cvm_settle_steps(engine, registers);
    cvm_push(registers, *(const int32_t *)place ^ (engine->steps == 300 ? 0x10000 : 0));`,
    executing('LOAD_LOCAL', ({ step }) => step === 300),
  ),
  {
    id: 'flip-return-at-step-100',
    class: 'bit flip at one step',
    file: BINARY,
    edits: [
      {
        find: 'cvm_replace(registers, 2, (result));',
        replace: `cvm_settle_steps(engine, registers);                                                       \\
        if (engine->steps == 100 && engine->depth > 0) {                                           \\
            engine->frames[engine->depth - 1U].return_pc ^= 1U;                                    \\
        }                                                                                          \\
        cvm_replace(registers, 2, (result));`,
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
        find: 'cvm_replace(registers, 2, (result));',
        replace: `cvm_settle_steps(engine, registers);                                                       \\
        if (engine->steps == 120) {                                                                \\
            ((int32_t *)engine->memory->context)[1] ^= 8;                                          \\
        }                                                                                          \\
        cvm_replace(registers, 2, (result));`,
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
        find: 'cvm_replace(registers, 2, (result));',
        replace: `cvm_replace(registers, 2, (result));                                                       \\
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
        find: '    *top = value;\n}\n\nstatic CVM_INLINE void cvm_drop(',
        replace: `    *top = value;
    if (value == 7 && top - 2 >= registers->base) {
        top[-2] ^= 2;
    }
}

static CVM_INLINE void cvm_drop(`,
      },
    ],
    sight: {
      kind: 'hidden',
      spoil:
        () =>
        (machine, { op, fault, flags, sp, base, effect }) => {
          const pushes =
            (op === 'PUSH' && flags !== 2) ||
            ['LOAD_GLOBAL', 'LOAD_LOCAL', 'MILLIS', 'MICROS'].includes(op);
          if (!pushes || fault !== 0 || effect.value !== 7 || sp - 2 < base) return;
          machine.stack[sp - 2] = (machine.stack[sp - 2] ?? 0) ^ 2;
        },
    },
  },
  {
    id: 'opcode-in-7-bits',
    class: 'jump or dispatch',
    file: DISPATCHER,
    edits: [{ find: 'table[word & 0xFFU]', replace: 'table[word & 0x7FU]' }],
    sight: stepWhere(({ effect, fault }) => fault === 5 && [0x80, 0x83].includes(effect.opcode)),
    modes: DISPATCHED,
  },
  {
    id: 'flags-in-7-bits',
    class: 'sign or width',
    file: DISPATCHER,
    edits: [{ find: '(uint8_t)(word >> 8)', replace: '(uint8_t)(word >> 8 & 0x7FU)' }],
    sight: {
      // CALL takes up to 255 arguments; of the others only flags of 128 and more change their meaning.
      kind: 'hidden',
      spoil:
        () =>
        (machine, { op, fault, flags, sp, depth }) => {
          if (op !== 'CALL' || fault !== 0 || flags < 128) return;
          machine.frameBase = sp - (flags & 127);
          machine.frames[2 * depth + 1] = machine.frameBase;
        },
      differs:
        () =>
        ({ op, flags, own, fault }) =>
          op === 'CALL' ? fault === 2 && own >= (flags & 127) : flags === 128,
    },
    modes: DISPATCHED,
  },
  {
    id: 'string-one-shorter',
    class: 'bound off by one',
    file: ENGINE,
    edits: [
      {
        find: '*length = (uint8_t)(string_offset(engine, id + 1U) - start);',
        replace:
          '*length = (uint8_t)(string_offset(engine, id + 1U) - start);\n    if (*length == 255) {\n        *length = 254;\n    }',
      },
    ],
    sight: executing(
      'PRINTF',
      ({ machine, immediate }) => machine.strings[immediate]?.length === 255,
    ),
  },
  mutant(
    'string-of-the-next',
    'memory operation',
    ENGINE,
    'const uint8_t *entry = &engine->strings[2U * index];',
    'const uint8_t *entry = &engine->strings[2U * (index == 3 ? 2 : index)];',
    // The third string has no bytes then, and the fourth begins with those of the third.
    printingOtherwise((moment) => {
      const { machine, immediate } = moment;
      const [first, second, third, fourth, ...others] = machine.strings;
      const wrong = [first, second, third && new Uint8Array()];
      if (fourth !== undefined) wrong.push(Buffer.concat([third ?? fourth, fourth]), ...others);
      const strings = wrong.filter((text) => text !== undefined);
      return formatText(strings, immediate, argumentsOf(moment));
    }),
  ),
  mutant(
    'end-is-success',
    'wrong error code',
    ENGINE,
    '(void)cvm_stop_with(engine, CVM_ERR_INVALID_JUMP);',
    '(void)cvm_stop_with(engine, CVM_ERR_EXECUTION_FAILED);',
    stepWhere(({ op, fault }) => op === 'NONE' && fault === 4),
  ),
  {
    id: 'halt-moves-pc',
    class: 'jump or dispatch',
    file: ENGINE,
    edits: [
      {
        find: 'engine->pc = (uint16_t)(after - 1U);\n        if (engine->pc < engine->instruction_count) {',
        replace: 'engine->pc = after;\n        if (after <= engine->instruction_count) {',
      },
    ],
    sight: {
      kind: 'hidden',
      spoil:
        () =>
        (machine, { op, fault }) => {
          if (op === 'HALT' && fault === 0) machine.pc += 1;
        },
    },
    vague: {
      digest:
        'the step itself is named, which is better: its pc is computed from where the machine stands afterwards.',
    },
  },
  {
    id: 'rounds-uncounted-in-the-loop',
    class: 'budget',
    file: ENGINE,
    edits: [{ find: 'first = loop + 1U;', replace: 'first = loop;' }],
    sight: { kind: 'end', differs: endsByRounds },
    modes: ['digest', 'free'],
  },
  {
    id: 'fault-counts-as-executed',
    class: 'fault that changes state',
    file: ENGINE,
    edits: [
      {
        find: '(void)cvm_stop_with(engine, result.error);\n        left++;',
        replace: '(void)cvm_stop_with(engine, result.error);',
      },
    ],
    sight: { kind: 'end', differs: ({ faulted }) => faulted },
  },
  {
    id: 'rounds-one-too-many-in-the-loop',
    class: 'budget',
    file: ENGINE,
    edits: [
      {
        find: 'max_rounds != 0 && engine->rounds >= max_rounds',
        replace: 'max_rounds != 0 && engine->rounds > max_rounds',
      },
    ],
    sight: { kind: 'end', differs: endsByRounds },
    modes: ['digest', 'free'],
  },
  mutant(
    'rounds-one-too-many',
    'budget',
    SESSION,
    'engine->rounds >= it->budget.loops',
    'engine->rounds > it->budget.loops',
    { kind: 'end', differs: endsByRounds },
  ),
  {
    id: 'steps-one-too-few',
    class: 'budget',
    file: SESSION,
    edits: [{ find: 'if (it->budget.steps == 0) {', replace: 'if (it->budget.steps <= 1) {' }],
    sight: {
      kind: 'end',
      // A budget of one step is over before it: then nothing is compared, and that is an error.
      differs: (ending) => endsBySteps(ending) && ending.stepLimit > 1,
    },
    // The others take the rest of the budget at once.
    modes: ['trace'],
  },
  {
    id: 'reset-leaves-rounds',
    class: 'missed clear',
    file: ENGINE,
    edits: [{ find: '    engine->rounds = 0;\n', replace: '' }],
    sight: {
      kind: 'carried',
      spoil: () => {
        let kept = 0;
        return {
          load: (machine) => {
            machine.rounds = kept;
          },
          after: ({ rounds }) => {
            kept = rounds;
          },
        };
      },
    },
  },
  {
    id: 'reset-leaves-steps',
    class: 'missed clear',
    file: ENGINE,
    edits: [{ find: '    engine->steps = 0;\n', replace: '' }],
    sight: {
      kind: 'carried',
      spoil: () => {
        let kept = 0;
        return {
          load: (machine) => {
            machine.executed = kept;
          },
          after: ({ executed }) => {
            kept = executed;
          },
        };
      },
    },
    missed: {
      digest:
        'the host refuses to begin a digest run of a VM that has executed steps, and takes that for its own mistake.',
    },
  },
  {
    id: 'reset-leaves-depth',
    class: 'missed clear',
    file: ENGINE,
    edits: [{ find: '    engine->depth = 0;\n', replace: '' }],
    sight: {
      kind: 'carried',
      spoil: () => {
        let kept = 0;
        return {
          load: (machine) => {
            machine.depth = kept;
          },
          after: ({ depth }) => {
            kept = depth;
          },
        };
      },
    },
  },
  {
    id: 'reset-leaves-the-stack-cells',
    class: 'missed clear',
    file: ENGINE,
    edits: [{ find: '    memset(engine->stack, 0, sizeof engine->stack);\n', replace: '' }],
    sight: {
      kind: 'equivalent',
      reason:
        'The stack is empty all the same, and no instruction reads a cell above its top before it was written.',
    },
  },
  mutant(
    'guards-unchecked-in-the-middle',
    'stack or depth limit',
    DISPATCHER,
    'engine->guard_middle == CVM_GUARD',
    'engine->guard_middle != 0',
    {
      kind: 'equivalent',
      reason:
        'A guard word changes only when the firmware writes past a stack, which the good firmware never does.',
    },
  ),
];
