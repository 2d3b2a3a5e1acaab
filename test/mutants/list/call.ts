import type { Mutant } from '../types.ts';
import { executing, faulting, mutant } from './predicates.ts';

const CALL = 'vm/vm_handlers_call.c';
const JUMP = 'vm/vm_handlers_jump.c';
const STACK = 'vm/vm_stack.h';

const RESTORE = `cvm_set_base(registers,
                 engine->depth == 0 ? engine->stack : &engine->stack[frame[-1].frame_base]);`;

/** CALL, RET, JMP, JMP_TRUE, JMP_FALSE. */
export const CALLS: readonly Mutant[] = [
  {
    id: 'ret-base-not-restored',
    class: 'frame not restored',
    file: CALL,
    edits: [{ find: RESTORE, replace: '' }],
    sight: {
      kind: 'hidden',
      spoil:
        () =>
        (machine, { op, fault, base }) => {
          if (op === 'RET' && fault === 0) machine.frameBase = base;
        },
    },
  },
  {
    id: 'ret-base-of-the-left-frame',
    class: 'frame not restored',
    file: CALL,
    edits: [{ find: 'frame[-1].frame_base', replace: 'frame[0].frame_base' }],
    sight: {
      kind: 'hidden',
      spoil:
        () =>
        (machine, { op, fault, base }) => {
          if (op === 'RET' && fault === 0 && machine.depth > 0) machine.frameBase = base;
        },
    },
  },
  {
    id: 'ret-base-is-the-bottom',
    class: 'frame not restored',
    file: CALL,
    edits: [{ find: RESTORE, replace: 'cvm_set_base(registers, engine->stack);' }],
    sight: {
      kind: 'hidden',
      spoil:
        () =>
        (machine, { op, fault }) => {
          if (op === 'RET' && fault === 0) machine.frameBase = 0;
        },
    },
  },
  mutant(
    'ret-keeps-locals',
    'frame not restored',
    CALL,
    'registers->top = top;',
    'registers->top = flags == 0 ? registers->top : top;',
    executing('RET', ({ flags, own }) => flags === 0 && own > 0),
  ),
  mutant(
    'ret-value-is-the-first',
    'wrong operator',
    CALL,
    '*top = cvm_peek(registers, 0);\n',
    '',
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
  {
    id: 'jmp-one-further',
    class: 'jump or dispatch',
    file: JUMP,
    edits: [
      {
        find: 'CVM_HANDLER(jmp) {\n    if (flags != 0) {\n        return cvm_fault(CVM_ERR_INVALID_OPCODE);\n    }\n    return cvm_go_if_valid(engine, immediate);',
        replace:
          'CVM_HANDLER(jmp) {\n    if (flags != 0) {\n        return cvm_fault(CVM_ERR_INVALID_OPCODE);\n    }\n    return cvm_go_if_valid(engine, (uint16_t)(immediate + (immediate + 1U < engine->instruction_count ? 1U : 0U)));',
      },
    ],
    sight: {
      kind: 'hidden',
      spoil:
        () =>
        (machine, { op, fault, immediate }) => {
          if (op === 'JMP' && fault === 0 && immediate + 1 < machine.instructionCount)
            machine.pc += 1;
        },
    },
  },
  {
    id: 'jmp-true-inverted',
    class: 'wrong operator',
    file: JUMP,
    edits: [
      {
        find: 'return jump_if(engine, registers, flags, immediate, true);',
        replace: 'return jump_if(engine, registers, flags, immediate, false);',
      },
    ],
    sight: {
      kind: 'hidden',
      spoil:
        () =>
        (machine, { op, fault, immediate, b, effect }) => {
          if (op === 'JMP_TRUE' && fault === 0) machine.pc = b === 0 ? immediate : effect.pc + 1;
        },
      // A bad target is judged in the wrong case.
      differs:
        () =>
        ({ op, flags, own, immediate, machine }) =>
          op === 'JMP_TRUE' && flags === 0 && own > 0 && immediate >= machine.instructionCount,
    },
  },
  {
    id: 'jump-truth-in-8-bits',
    class: 'sign or width',
    file: JUMP,
    edits: [
      {
        find: '(cvm_peek(registers, 0) != 0) != when',
        replace: '((cvm_peek(registers, 0) & 0xFF) != 0) != when',
      },
    ],
    sight: {
      kind: 'hidden',
      spoil:
        () =>
        (machine, { op, fault, immediate, b, effect }) => {
          if (fault !== 0 || b === 0 || (b & 0xff) !== 0) return;
          // Taken for 0.
          if (op === 'JMP_TRUE') machine.pc = effect.pc + 1;
          if (op === 'JMP_FALSE') machine.pc = immediate;
        },
      // A bad target that is judged in one case only.
      differs:
        () =>
        ({ op, flags, own, immediate, b, machine }) =>
          (op === 'JMP_TRUE' || op === 'JMP_FALSE') &&
          flags === 0 &&
          own > 0 &&
          b !== 0 &&
          (b & 0xff) === 0 &&
          immediate >= machine.instructionCount,
    },
  },
  mutant(
    'jump-target-judged-always',
    'wrong fault priority',
    JUMP,
    'if ((cvm_peek(registers, 0) != 0) != when) {',
    `if (target >= engine->instruction_count) {
        return cvm_fault(CVM_ERR_INVALID_JUMP);
    }
    if ((cvm_peek(registers, 0) != 0) != when) {`,
    executing(
      ['JMP_TRUE', 'JMP_FALSE'],
      ({ immediate, machine }) => immediate >= machine.instructionCount,
    ),
  ),
  mutant(
    'jump-not-taken-keeps',
    'memory operation',
    JUMP,
    'cvm_drop(registers, 1);\n        return cvm_continue();',
    'return cvm_continue();',
    executing(['JMP_TRUE', 'JMP_FALSE'], ({ op, b }) => (b !== 0) !== (op === 'JMP_TRUE')),
  ),
  mutant(
    'jump-fault-pops',
    'fault that changes state',
    JUMP,
    'if (result.bits < CVM_ACTION_BITS(CVM_ACTION_ERROR)) {\n        cvm_drop(registers, 1);\n    }',
    'cvm_drop(registers, 1);',
    faulting(['JMP_TRUE', 'JMP_FALSE'], 4),
  ),
  mutant(
    'jump-to-the-end',
    'bound off by one',
    STACK,
    'target < engine->instruction_count ?',
    'target <= engine->instruction_count ?',
    faulting(
      ['JMP', 'JMP_TRUE', 'JMP_FALSE'],
      4,
      ({ immediate, machine }) => immediate === machine.instructionCount,
    ),
  ),
  mutant(
    'jump-code',
    'wrong error code',
    STACK,
    'cvm_fault(CVM_ERR_INVALID_JUMP)',
    'cvm_fault(CVM_ERR_MEMORY_BOUNDS)',
    faulting(['JMP', 'JMP_TRUE', 'JMP_FALSE'], 4),
  ),
];
