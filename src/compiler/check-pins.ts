import { BOARD_PINS, BUTTONS } from './board-pins.ts';
import type { BuiltinFunction } from './builtins.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { TypedExpression } from './typed.ts';

const stop = (error: 9 | 12): string => `the VM will stop here with error ${error}`;

/** What is wrong with a pin or a button for what is done with it, and what to write. */
function objection(
  opcode: BuiltinFunction['opcode'],
  id: number,
): readonly [message: string, hint: string] | undefined {
  const pin = BOARD_PINS[id];
  switch (opcode) {
    case 'BUTTON_PRESSED':
    case 'BUTTON_RELEASED':
      return id >= 0 && id < BUTTONS
        ? undefined
        : [`there is no button ${id}: ${stop(12)}`, `the buttons are 0 to ${BUTTONS - 1}`];
    case 'PIN_MODE':
    case 'DIGITAL_READ':
    case 'DIGITAL_WRITE':
    case 'ANALOG_READ':
    case 'ANALOG_WRITE':
      if (pin === undefined)
        return [`there is no pin ${id}: ${stop(12)}`, `the pins are 0 to ${BOARD_PINS.length - 1}`];
      if (opcode === 'ANALOG_READ' && !pin.analogRead)
        return [noInput(id, pin.name), inputHint(id)];
      if (opcode === 'ANALOG_WRITE' && !pin.analogWrite)
        return [`pin ${id} (${pin.name}) has neither PWM nor DAC: ${stop(9)}`, OUTPUTS];
      return undefined;
    default:
      return undefined;
  }
}

const namesWith = (able: 'analogRead' | 'analogWrite'): string =>
  BOARD_PINS.filter((pin) => pin[able])
    .map(({ name }) => name)
    .join(' ');
const OUTPUTS = `those that have: ${namesWith('analogWrite')}`;

const noInput = (id: number, name: string): string =>
  `pin ${id} (${name}) has no analog input: ${stop(9)}`;

/** Other boards take analogRead(0) for A0. */
const inputHint = (id: number): string =>
  BOARD_PINS.some(({ name }) => name === `A${id}`)
    ? `write A${id}`
    : `the analog inputs: ${namesWith('analogRead')}`;

/** Warns of a pin or button that the board hasn't, or that can't do what is asked of it, where its number is known. */
export function warnOfPin(
  diagnostics: Diagnostics,
  opcode: BuiltinFunction['opcode'],
  [id]: readonly TypedExpression[],
): void {
  if (id?.kind !== 'constant') return;
  const wrong = objection(opcode, id.value);
  if (wrong !== undefined) diagnostics.warning(id.span, ...wrong);
}
