import type { Mutant } from '../types.ts';
import { executing, faulting, leaving, mutant } from './predicates.ts';

const CALL = 'vm/vm_handlers_call.c';

const RESTORE = `cvm_set_base(registers,
                 engine->depth == 0 ? engine->stack : &engine->stack[frame[-1].frame_base]);`;

/** CALL, RET. */
export const CALLS: readonly Mutant[] = [
  {
    id: 'ret-base-not-restored',
    class: 'frame not restored',
    file: CALL,
    edits: [{ find: RESTORE, replace: '' }],
    sight: leaving('RET', (machine, { base }) => {
      machine.frameBase = base;
    }),
  },
  {
    id: 'ret-base-of-the-left-frame',
    class: 'frame not restored',
    file: CALL,
    edits: [{ find: 'frame[-1].frame_base', replace: 'frame[0].frame_base' }],
    sight: leaving('RET', (machine, { base }) => {
      if (machine.depth > 0) machine.frameBase = base;
    }),
  },
  {
    id: 'ret-base-is-the-bottom',
    class: 'frame not restored',
    file: CALL,
    edits: [{ find: RESTORE, replace: 'cvm_set_base(registers, engine->stack);' }],
    sight: leaving('RET', (machine) => {
      machine.frameBase = 0;
    }),
  },
  mutant(
    'ret-keeps-locals',
    'frame not restored',
    CALL,
    'registers->top = registers->base;',
    'registers->top = flags == 0 ? registers->top : registers->base;',
    executing('RET', ({ flags, own }) => flags === 0 && own > 0),
  ),
  mutant(
    'ret-value-is-the-first',
    'wrong operator',
    CALL,
    'flags == CVM_FLAG_RET_VALUE ? cvm_peek(registers, hand, 0) : 0;',
    'flags == CVM_FLAG_RET_VALUE ? *registers->base : 0;',
    executing(
      'RET',
      ({ flags, base, b, machine }) => flags === 1 && (machine.stack[base] ?? 0) !== b,
    ),
  ),
  mutant(
    'ret-flags-2-accepted',
    'jump or dispatch',
    CALL,
    'flags > CVM_FLAG_RET_VALUE',
    'flags > CVM_FLAG_RET_VALUE + 1',
    faulting('RET', 5, ({ flags }) => flags === 2),
  ),
  mutant(
    'ret-without-frame-code',
    'wrong error code',
    CALL,
    'if (engine->depth == 0) {\n        return cvm_fault(CVM_ERR_STACK_UNDERFLOW);',
    'if (engine->depth == 0) {\n        return cvm_fault(CVM_ERR_INVALID_JUMP);',
    faulting('RET', 2, ({ depth }) => depth === 0),
  ),
  {
    id: 'call-returns-one-further',
    class: 'bound off by one',
    file: CALL,
    edits: [
      {
        find: 'frame->return_pc = cvm_next_pc(engine, registers);',
        replace: 'frame->return_pc = (uint16_t)(cvm_next_pc(engine, registers) + 1U);',
      },
    ],
    sight: {
      kind: 'hidden',
      spoil:
        () =>
        (machine, { op, fault, depth }) => {
          if (op !== 'CALL' || fault !== 0) return;
          machine.frames[2 * depth] = ((machine.frames[2 * depth] ?? 0) + 1) & 0xffff;
        },
    },
  },
  {
    id: 'call-one-argument-less',
    class: 'bound off by one',
    file: CALL,
    edits: [
      {
        find: 'registers->top - arguments);',
        replace: 'registers->top - (arguments == 0 ? 0 : arguments - 1U));',
      },
    ],
    sight: {
      kind: 'hidden',
      spoil:
        () =>
        (machine, { op, fault, depth, flags }) => {
          if (op !== 'CALL' || fault !== 0 || flags === 0) return;
          machine.frameBase += 1;
          machine.frames[2 * depth + 1] = machine.frameBase;
        },
    },
  },
  mutant(
    'call-depth-one-too-small',
    'stack or depth limit',
    CALL,
    'engine->depth >= CVM_CALL_DEPTH',
    'engine->depth >= CVM_CALL_DEPTH - 1',
    executing('CALL', ({ depth }) => depth === 23),
  ),
  mutant(
    'call-depth-one-too-large',
    'stack or depth limit',
    CALL,
    'engine->depth >= CVM_CALL_DEPTH',
    'engine->depth > CVM_CALL_DEPTH',
    faulting('CALL', 1),
  ),
  mutant(
    'call-overflow-code',
    'wrong error code',
    CALL,
    'return cvm_fault(CVM_ERR_STACK_OVERFLOW);',
    'return cvm_fault(CVM_ERR_STACK_UNDERFLOW);',
    faulting('CALL', 1),
  ),
  mutant(
    'call-overflow-before-target',
    'wrong fault priority',
    CALL,
    'if (!is_near && immediate >= engine->instruction_count) {',
    `if (engine->depth >= CVM_CALL_DEPTH) {
        return cvm_fault(CVM_ERR_STACK_OVERFLOW);
    }
    if (!is_near && immediate >= engine->instruction_count) {`,
    faulting('CALL', 4, ({ depth }) => depth === 24),
  ),
  mutant(
    'call-target-before-underflow',
    'wrong fault priority',
    CALL,
    'const uint32_t arguments = flags;\n',
    `const uint32_t arguments = flags;
    if (immediate >= engine->instruction_count) {
        return cvm_fault(CVM_ERR_INVALID_JUMP);
    }
`,
    faulting('CALL', 2, ({ immediate, machine }) => immediate >= machine.instructionCount),
  ),
  mutant(
    'call-to-the-end',
    'bound off by one',
    CALL,
    'if (!is_near && immediate >= engine->instruction_count) {',
    'if (!is_near && immediate > engine->instruction_count) {',
    faulting('CALL', 4, ({ immediate, machine }) => immediate === machine.instructionCount),
  ),
];
