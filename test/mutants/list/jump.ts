import type { Mutant } from '../types.ts';
import { executing, faulting, leaving, mutant } from './predicates.ts';

const JUMP = 'vm/vm_handlers_jump.c';
const STACK = 'vm/vm_stack.h';

/** JMP, JMP_TRUE, JMP_FALSE. */
export const JUMPS: readonly Mutant[] = [
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
    sight: leaving('JMP', (machine, { immediate }) => {
      if (immediate + 1 < machine.instructionCount) machine.pc += 1;
    }),
  },
  {
    id: 'jmp-true-inverted',
    class: 'wrong operator',
    file: JUMP,
    edits: [
      {
        find: 'return jump_if(engine, registers, hand, flags, immediate, true);',
        replace: 'return jump_if(engine, registers, hand, flags, immediate, false);',
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
        find: '(cvm_peek(registers, hand, 0) != 0) != when',
        replace: '((cvm_peek(registers, hand, 0) & 0xFF) != 0) != when',
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
    'if ((cvm_peek(registers, hand, 0) != 0) != when) {',
    `if (target >= engine->instruction_count) {
        return cvm_fault(CVM_ERR_INVALID_JUMP);
    }
    if ((cvm_peek(registers, hand, 0) != 0) != when) {`,
    executing(
      ['JMP_TRUE', 'JMP_FALSE'],
      ({ immediate, machine }) => immediate >= machine.instructionCount,
    ),
  ),
  mutant(
    'jump-not-taken-keeps',
    'memory operation',
    JUMP,
    'cvm_drop(registers, hand, 1);\n        return cvm_continue();',
    'return cvm_continue();',
    executing(['JMP_TRUE', 'JMP_FALSE'], ({ op, b }) => (b !== 0) !== (op === 'JMP_TRUE')),
  ),
  mutant(
    'jump-fault-pops',
    'fault that changes state',
    JUMP,
    'if (result.bits < CVM_ACTION_BITS(CVM_ACTION_ERROR)) {\n        cvm_drop(registers, hand, 1);\n    }',
    'cvm_drop(registers, hand, 1);',
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
