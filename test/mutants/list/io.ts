import type { Mutant } from '../types.ts';
import { executing, faulting, leaving, mutant } from './predicates.ts';

const HANDLERS = 'vm/vm_handlers_io.c';

/** The board's last pin. */
const LAST_PIN = 22;

/** The handlers of pins, buttons, time and text. */
export const INPUT_OUTPUT: readonly Mutant[] = [
  mutant(
    'digital-write-inverted',
    'wrong operator',
    HANDLERS,
    'const uint8_t level = cvm_peek(registers, hand, 0) != 0;',
    'const uint8_t level = cvm_peek(registers, hand, 0) == 0;',
    executing('DIGITAL_WRITE'),
  ),
  mutant(
    'digital-write-level-in-8-bits',
    'sign or width',
    HANDLERS,
    'const uint8_t level = cvm_peek(registers, hand, 0) != 0;',
    'const uint8_t level = (uint8_t)cvm_peek(registers, hand, 0) != 0;',
    executing('DIGITAL_WRITE', ({ b }) => b !== 0 && (b & 0xff) === 0),
  ),
  mutant(
    'analog-write-255-refused',
    'bound off by one',
    HANDLERS,
    'value > CVM_ANALOG_WRITE_MAX',
    'value >= CVM_ANALOG_WRITE_MAX',
    executing('ANALOG_WRITE', ({ b }) => b === 255),
  ),
  mutant(
    'analog-write-negative-accepted',
    'sign or width',
    HANDLERS,
    'value < 0 || value > CVM_ANALOG_WRITE_MAX',
    'value > CVM_ANALOG_WRITE_MAX',
    faulting('ANALOG_WRITE', 12, ({ a, b }) => b < 0 && a >= 0 && a <= LAST_PIN),
  ),
  mutant(
    'delay-16-bits',
    'sign or width',
    HANDLERS,
    'io->delay(io->context, (uint32_t)milliseconds)',
    'io->delay(io->context, (uint16_t)milliseconds)',
    executing('DELAY', ({ b }) => b > 0xffff),
  ),
  mutant(
    'delay-0-refused',
    'bound off by one',
    HANDLERS,
    'if (milliseconds < 0) {',
    'if (milliseconds <= 0) {',
    executing('DELAY', ({ b }) => b === 0),
  ),
  mutant(
    'delay-negative-accepted',
    'wrong error code',
    HANDLERS,
    'if (milliseconds < 0) {',
    'if (milliseconds < INT32_MIN + 1) {',
    faulting('DELAY', 12, ({ b }) => b > -0x8000_0000),
  ),
  mutant(
    'delay-hangs',
    'hang or crash',
    HANDLERS,
    'if (CVM_DEFECT_HANG_IN_DELAY) {\n        cvm_defect_hang();\n    }',
    'for (volatile uint32_t spins = 0; milliseconds == 20;) {\n        spins++;\n    }',
    {
      kind: 'silent',
      differs:
        () =>
        ({ op, fault, b }) =>
          op === 'DELAY' && fault === 0 && b === 20,
    },
  ),
  mutant(
    'printf-crashes',
    'hang or crash',
    HANDLERS,
    'if (CVM_DEFECT_CRASH_IN_PRINTF) {\n        cvm_defect_crash();\n    }',
    'if (flags == 8) {\n        *(volatile uint32_t *)(uintptr_t)0xFFFFFFF0U = 0;\n    }',
    {
      kind: 'silent',
      differs:
        () =>
        ({ op, flags, own }) =>
          op === 'PRINTF' && flags === 8 && own >= 8,
    },
  ),
  {
    id: 'button-released-is-pressed',
    class: 'pins and buttons',
    file: HANDLERS,
    edits: [{ find: '1 - (int32_t)pressed', replace: '(int32_t)pressed' }],
    sight: leaving('BUTTON_RELEASED', (machine, { sp }) => {
      machine.stack[sp - 1] = 1 - (machine.stack[sp - 1] ?? 0);
    }),
  },
  mutant(
    'pin-mode-4-accepted',
    'bound off by one',
    HANDLERS,
    'mode > CVM_PIN_INPUT_PULLDOWN',
    'mode > CVM_PIN_INPUT_PULLDOWN + 252',
    // The controller refuses modes 4 to 255 with the same fault.
    {
      kind: 'equivalent',
      reason:
        'The io controller judges the mode again, with the same fault, before it does anything.',
    },
  ),
  mutant(
    'pin-mode-in-8-bits',
    'sign or width',
    HANDLERS,
    'if (mode < CVM_PIN_INPUT || mode > CVM_PIN_INPUT_PULLDOWN) {',
    'if ((uint8_t)mode > CVM_PIN_INPUT_PULLDOWN) {',
    faulting('PIN_MODE', 12, ({ a, b }) => (b & 0xff) <= 3 && a >= 0 && a <= LAST_PIN),
  ),
  mutant(
    'printf-9-arguments',
    'bound off by one',
    HANDLERS,
    'flags > CVM_PRINT_ARGUMENTS',
    'flags > CVM_PRINT_ARGUMENTS + 1',
    faulting('PRINTF', 5, ({ flags }) => flags === 9),
  ),
  mutant(
    'time-onto-a-full-stack',
    'wrong fault priority',
    HANDLERS,
    'if (flags != 0) {\n        return cvm_fault(CVM_ERR_INVALID_OPCODE);\n    }\n    if (!cvm_has_room(registers, hand)) {\n        return cvm_fault(CVM_ERR_STACK_OVERFLOW);\n    }',
    'if (!cvm_has_room(registers, hand)) {\n        return cvm_fault(CVM_ERR_STACK_OVERFLOW);\n    }\n    if (flags != 0) {\n        return cvm_fault(CVM_ERR_INVALID_OPCODE);\n    }',
    faulting(['MILLIS', 'MICROS'], 5, ({ sp }) => sp === 128),
  ),
];
