import { formatText } from '../../../src/vm/printf.ts';
import type { Ending, Mutant } from '../types.ts';
import { executing, mutant, stepWhere } from './predicates.ts';
import { argumentsOf, printingOtherwise } from './printf.ts';

const ENGINE = 'vm/vm_engine.c';
const SESSION = 'agent/session.c';
const DISPATCHER = 'vm/vm_dispatcher.h';

/** The digest's loop takes an instruction apart by itself. */
const DISPATCHED = ['trace', 'free'] as const;

const endsByRounds = ({ loops, stopped, steps, stepLimit }: Ending): boolean =>
  loops > 0 && !stopped && steps < stepLimit;
const endsBySteps = ({ stopped, steps, stepLimit }: Ending): boolean =>
  !stopped && steps === stepLimit;

/** The engine: dispatch, strings, ends and budgets. */
export const ENGINES: readonly Mutant[] = [
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
    vague: {
      trace:
        'the verdict is that the board claims a step, which it names, and sends no record of it.',
    },
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
