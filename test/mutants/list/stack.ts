import type { Mutant } from '../types.ts';
import { executing, faulting, mutant, stepWhere } from './predicates.ts';

const HANDLERS = 'vm/vm_handlers_stack.c';
const STACK = 'vm/vm_stack.h';

/** HALT, PUSH, POP, and the operations on the stack that all handlers share. */
export const STACKS: readonly Mutant[] = [
  mutant(
    'push-sign-extends',
    'sign or width',
    HANDLERS,
    'return push_value(registers, hand, immediate);',
    'return push_value(registers, hand, (int16_t)immediate);',
    executing('PUSH', ({ flags, immediate }) => flags === 0 && immediate > 0x7fff),
  ),
  mutant(
    'push-8-bits',
    'sign or width',
    HANDLERS,
    'return push_value(registers, hand, immediate);',
    'return push_value(registers, hand, immediate & 0xFF);',
    executing('PUSH', ({ flags, immediate }) => flags === 0 && immediate > 0xff),
  ),
  mutant(
    'push-signed-not-extended',
    'sign or width',
    HANDLERS,
    'immediate > INT16_MAX ? immediate - 0x10000 : immediate',
    'immediate',
    executing('PUSH', ({ flags, immediate }) => flags === 1 && immediate > 0x7fff),
  ),
  mutant(
    'push-signed-bound',
    'bound off by one',
    HANDLERS,
    'immediate > INT16_MAX ?',
    'immediate > INT16_MAX + 1 ?',
    executing('PUSH', ({ flags, immediate }) => flags === 1 && immediate === 0x8000),
  ),
  mutant(
    'push-wide-keeps-high-bits',
    'sign or width',
    HANDLERS,
    '(uint32_t)cvm_peek(registers, hand, 0) & 0xFFFFU;',
    '(uint32_t)cvm_peek(registers, hand, 0);',
    executing('PUSH', ({ flags, immediate, b }) => {
      const wide = immediate << 16;
      return flags === 2 && (wide | (b & 0xffff)) !== (wide | b);
    }),
  ),
  mutant(
    'push-wide-swapped',
    'swapped operands',
    HANDLERS,
    '((uint32_t)immediate << 16) | low',
    '(low << 16) | immediate',
    executing('PUSH', ({ flags, immediate, b }) => flags === 2 && immediate !== (b & 0xffff)),
  ),
  mutant(
    'push-flags-3-accepted',
    'jump or dispatch',
    HANDLERS,
    'if (flags == CVM_FLAG_PUSH_WIDE) {',
    'if (flags >= CVM_FLAG_PUSH_WIDE) {',
    stepWhere(({ op, flags }) => op === 'PUSH' && flags > 2),
  ),
  mutant(
    'push-wide-code',
    'wrong error code',
    HANDLERS,
    'return cvm_fault(CVM_ERR_STACK_UNDERFLOW);',
    'return cvm_fault(CVM_ERR_STACK_OVERFLOW);',
    faulting('PUSH', 2),
    1,
  ),
  mutant(
    'push-overflow-code',
    'wrong error code',
    HANDLERS,
    'return cvm_fault(CVM_ERR_STACK_OVERFLOW);',
    'return cvm_fault(CVM_ERR_MEMORY_BOUNDS);',
    faulting('PUSH', 1),
  ),
  mutant(
    'push-overflow-before-flags',
    'wrong fault priority',
    HANDLERS,
    'CVM_HANDLER(push) {\n',
    `CVM_HANDLER(push) {
    if (!cvm_has_room(registers, hand) && flags != CVM_FLAG_PUSH_WIDE) {
        return cvm_fault(CVM_ERR_STACK_OVERFLOW);
    }
`,
    faulting('PUSH', 5, ({ sp }) => sp === 128),
  ),
  mutant(
    'pop-nothing',
    'memory operation',
    HANDLERS,
    'cvm_drop(registers, hand, 1);',
    'cvm_drop(registers, hand, 0);',
    executing('POP'),
  ),
  mutant(
    'pop-judges-the-whole-stack',
    'bound off by one',
    HANDLERS,
    'CVM_HANDLER(pop) {\n    if (flags != 0) {\n        return cvm_fault(CVM_ERR_INVALID_OPCODE);\n    }\n    if (!cvm_has(registers, hand, 1)) {',
    'CVM_HANDLER(pop) {\n    if (flags != 0) {\n        return cvm_fault(CVM_ERR_INVALID_OPCODE);\n    }\n    if (registers->top == engine->stack) {',
    faulting('POP', 2, ({ sp }) => sp > 0),
  ),
  mutant(
    'halt-flags-ignored',
    'jump or dispatch',
    HANDLERS,
    'CVM_HANDLER(halt) {\n    if (flags != 0) {',
    'CVM_HANDLER(halt) {\n    if (flags > 1) {',
    stepWhere(({ op, flags }) => op === 'HALT' && flags === 1),
  ),
  mutant(
    'stack-one-too-small',
    'stack or depth limit',
    STACK,
    'registers->top <= registers->last;',
    'registers->top < registers->last;',
    executing(
      ['PUSH', 'LOAD_GLOBAL', 'LOAD_LOCAL', 'MILLIS', 'MICROS'],
      ({ op, flags, sp }) => sp === 127 && !(op === 'PUSH' && flags === 2),
    ),
  ),
  {
    id: 'stack-one-too-large',
    class: 'stack or depth limit',
    file: STACK,
    edits: [
      {
        find: 'registers->top <= registers->last;',
        replace: 'registers->top <= registers->last + 1;',
      },
    ],
    sight: faulting(['PUSH', 'LOAD_GLOBAL', 'LOAD_LOCAL', 'MILLIS', 'MICROS'], 1),
    vague: {
      trace:
        'a record that says 129 values is refused as malformed, and the verdict names its chunk.',
    },
  },
  mutant(
    'one-operand-of-the-caller',
    'bound off by one',
    STACK,
    'return lowest >= (uintptr_t)registers->base;',
    'return lowest + (count == 2 ? sizeof(int32_t) : 0) >= (uintptr_t)registers->base;',
    // Two operands are wanted, one is there, and the one below it is the caller's.
    stepWhere(
      ({ op, flags, fault, own, sp, machine }) =>
        fault === 2 &&
        own === 1 &&
        sp > 1 &&
        flags === 0 &&
        op !== 'CALL' &&
        op !== 'RET' &&
        machine.depth > 0,
    ),
  ),
];
