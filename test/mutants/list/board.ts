import type { OpcodeName } from '../../../src/isa/index.ts';
import type { ModelIo } from '../../../src/vm/index.ts';
import type { Moment, Mutant, Sight } from '../types.ts';
import { executing, faulting, mutant } from './predicates.ts';

const STACK = 'vm/vm_stack.h';
const PINS = 'agent/io_pins.c';
const VIRTUAL = 'agent/io_virtual.c';

/** The pin of the board that has a DAC and no PWM: A2, hil-config/boards. */
const DAC_ONLY = 18;
/** The board's last pin. */
const LAST_PIN = 22;

const modeOf = ({ machine }: Moment, pin: number): number | undefined =>
  (machine.io as ModelIo).modeOf(pin);

/** The steps that read a wrong value: the model replays it, so a person's expectation must show it. */
function reading(op: OpcodeName, condition: (moment: Moment) => boolean = () => true): Sight {
  return {
    kind: 'read',
    differs: () => (moment) => moment.op === op && moment.fault === 0 && condition(moment),
  };
}

/**
 * A virtual clock that runs wrongly.
 * @param wrong what MILLIS and MICROS give, of all delays so far, the last one, and the instructions executed; modulo 2^32
 */
function clock(
  wrong: (op: 'MILLIS' | 'MICROS', all: number, last: number, executed: number) => number,
): Sight {
  return {
    kind: 'step',
    differs: () => {
      let all = 0;
      let last = 0;
      return ({ step, op, fault, b, machine, effect }) => {
        if (step === 0) [all, last] = [0, 0];
        if (fault !== 0) return false;
        if (op === 'DELAY') [all, last] = [(all + b) | 0, b];
        if (op !== 'MILLIS' && op !== 'MICROS') return false;
        return (wrong(op, all, last, machine.executed) | 0) !== effect.value;
      };
    },
  };
}

/** The pins, buttons and the virtual clock of the io controller. */
export const BOARD: readonly Mutant[] = [
  mutant(
    'last-pin-missing',
    'bound off by one',
    PINS,
    'pin < (int32_t)BOARD_PIN_COUNT;',
    'pin < (int32_t)BOARD_PIN_COUNT - 1;',
    executing(
      ['DIGITAL_WRITE', 'DIGITAL_READ', 'ANALOG_WRITE', 'ANALOG_READ', 'PIN_MODE'],
      ({ op, a, b }) => (op.endsWith('READ') ? b : a) === LAST_PIN,
    ),
  ),
  mutant(
    'write-to-an-input',
    'pins and buttons',
    PINS,
    'if (io->modes[pin] != BOARD_PIN_OUTPUT) {',
    'if (io->modes[pin] == BOARD_PIN_UNCONFIGURED) {',
    faulting('DIGITAL_WRITE', 9, (moment) => modeOf(moment, moment.a) !== undefined),
  ),
  mutant(
    'digital-write-code',
    'wrong error code',
    PINS,
    'return CVM_ERR_HARDWARE_FAULT;',
    'return CVM_ERR_INVALID_ARGUMENT;',
    faulting('DIGITAL_WRITE', 9),
    1,
  ),
  mutant(
    'digital-read-inverted',
    'pins and buttons',
    PINS,
    'board_pin_read((uint8_t)pin) ? 1 : 0;',
    'board_pin_read((uint8_t)pin) ? 0 : 1;',
    reading('DIGITAL_READ'),
  ),
  mutant(
    'pull-up-is-input',
    'pins and buttons',
    PINS,
    'configure(context, (uint8_t)pin, BOARD_PIN_INPUT_PULLUP);',
    'configure(context, (uint8_t)pin, BOARD_PIN_INPUT);',
    reading(
      'DIGITAL_READ',
      (moment) => modeOf(moment, moment.b) === 2 && moment.effect.value === 1,
    ),
  ),
  mutant(
    'analog-read-shifted',
    'pins and buttons',
    PINS,
    '    /* A conversion takes its time: see print() of io.c. */\n',
    '    *out = (uint16_t)(*out >> 1);\n',
    reading('ANALOG_READ', ({ effect }) => effect.value !== 0),
  ),
  mutant(
    'dac-refused',
    'pins and buttons',
    PINS,
    '(BOARD_CAP_PWM | BOARD_CAP_DAC)',
    'BOARD_CAP_PWM',
    executing('ANALOG_WRITE', ({ a }) => a === DAC_ONLY),
  ),
  mutant(
    'button-1-exists',
    'bound off by one',
    PINS,
    'id >= (int32_t)BOARD_BUTTON_COUNT',
    'id > (int32_t)BOARD_BUTTON_COUNT',
    faulting(['BUTTON_PRESSED', 'BUTTON_RELEASED'], 12, ({ b }) => b === 1),
  ),
  mutant(
    'button-inverted',
    'pins and buttons',
    PINS,
    'io_button_pressed((uint32_t)id) ? 1 : 0;',
    'io_button_pressed((uint32_t)id) ? 0 : 1;',
    reading('BUTTON_PRESSED'),
  ),
  mutant(
    'delay-replaces',
    'clock',
    VIRTUAL,
    'io->virtual_delay_ms += ms;',
    'io->virtual_delay_ms = ms;',
    clock((op, _all, last, executed) =>
      op === 'MILLIS' ? last + Math.floor(executed / 1000) : Math.imul(last, 1000) + executed,
    ),
  ),
  mutant(
    'clock-counts-the-present-one',
    'clock',
    VIRTUAL,
    'io->engine->steps * CVM_VIRTUAL_US_PER_INSTRUCTION',
    '(io->engine->steps + 1U) * CVM_VIRTUAL_US_PER_INSTRUCTION',
    clock((op, all, _last, executed) =>
      op === 'MILLIS'
        ? all + Math.floor((executed + 1) / 1000)
        : Math.imul(all, 1000) + executed + 1,
    ),
  ),
  mutant(
    'steps-settled-one-too-far',
    'clock',
    STACK,
    'cvm_count_steps(engine, cvm_budget_left(engine, registers) + 1U);',
    'cvm_count_steps(engine, cvm_budget_left(engine, registers));',
    clock((op, all, _last, executed) =>
      op === 'MILLIS'
        ? all + Math.floor((executed + 1) / 1000)
        : Math.imul(all, 1000) + executed + 1,
    ),
  ),
  mutant(
    'clock-1024-instructions-a-ms',
    'clock',
    VIRTUAL,
    'divide(instructions_us(io), 1000)',
    'divide(instructions_us(io), 1024)',
    clock((op, all, _last, executed) =>
      op === 'MILLIS' ? all + Math.floor(executed / 1024) : Math.imul(all, 1000) + executed,
    ),
  ),
  mutant(
    'clock-delay-in-16-bits',
    'clock',
    VIRTUAL,
    'io->virtual_delay_ms * 1000U',
    '(uint16_t)io->virtual_delay_ms * 1000U',
    clock((op, all, _last, executed) =>
      op === 'MILLIS'
        ? all + Math.floor(executed / 1000)
        : Math.imul(all & 0xffff, 1000) + executed,
    ),
  ),
];
