/** The functions and constants that every sketch has, as data. */
import { PIN_MODES } from '../isa/index.ts';
import type { OpcodeName } from './opcode-names.ts';
import type { ScalarType } from './types.ts';

/** A built-in function that is one instruction. */
export interface BuiltinFunction {
  readonly opcode: OpcodeName;
  /** What to pass, for messages; the number of names is the number of arguments. */
  readonly parameters: readonly string[];
  readonly result: ScalarType | 'void';
}

export const BUILTIN_FUNCTIONS: ReadonlyMap<string, BuiltinFunction> = new Map([
  ['pinMode', { opcode: 'PIN_MODE', parameters: ['pin', 'mode'], result: 'void' }],
  ['digitalWrite', { opcode: 'DIGITAL_WRITE', parameters: ['pin', 'value'], result: 'void' }],
  ['digitalRead', { opcode: 'DIGITAL_READ', parameters: ['pin'], result: 'int' }],
  ['analogWrite', { opcode: 'ANALOG_WRITE', parameters: ['pin', 'value'], result: 'void' }],
  ['analogRead', { opcode: 'ANALOG_READ', parameters: ['pin'], result: 'int' }],
  ['delay', { opcode: 'DELAY', parameters: ['milliseconds'], result: 'void' }],
  ['millis', { opcode: 'MILLIS', parameters: [], result: 'uint' }],
  ['micros', { opcode: 'MICROS', parameters: [], result: 'uint' }],
  ['buttonPressed', { opcode: 'BUTTON_PRESSED', parameters: ['button'], result: 'bool' }],
  ['buttonReleased', { opcode: 'BUTTON_RELEASED', parameters: ['button'], result: 'bool' }],
]);

/** Built-in functions with rules of their own. */
export const PRINT_FUNCTIONS: readonly string[] = [
  'printf',
  'Serial.begin',
  'Serial.print',
  'Serial.println',
];

const int = (value: number): { type: ScalarType; value: number } => ({ type: 'int', value });
const bool = (value: number): { type: ScalarType; value: number } => ({ type: 'bool', value });

/** Built-in constants. Pins are the logical pins of the Nucleo-G474RE's Arduino header. */
export const BUILTIN_CONSTANTS: ReadonlyMap<string, { type: ScalarType; value: number }> = new Map([
  ['LOW', int(0)],
  ['HIGH', int(1)],
  ...Object.entries(PIN_MODES).map(([name, mode]): [string, ReturnType<typeof int>] => [
    name,
    int(mode),
  ]),
  ['LED_BUILTIN', int(13)],
  ['USER_BTN', int(22)],
  ...[0, 1, 2, 3, 4, 5].map((n): [string, ReturnType<typeof int>] => [`A${n}`, int(16 + n)]),
  ['true', bool(1)],
  ['false', bool(0)],
  // The bases of Serial.print.
  ['DEC', int(10)],
  ['HEX', int(16)],
]);

/** Well-known Arduino functions that this language has not, and what to do instead. */
export const MISSING_FUNCTIONS: Readonly<Record<string, string>> = {
  delayMicroseconds: 'delay() waits for whole milliseconds',
  abs: 'write x < 0 ? -x : x',
  min: 'write a < b ? a : b',
  max: 'write a > b ? a : b',
  constrain: 'write two if statements',
  map: 'write the formula: (x - inLow) * (outHigh - outLow) / (inHigh - inLow) + outLow',
  random: 'write a small generator of your own',
  tone: 'toggle the pin with digitalWrite() and delay()',
  sprintf: 'print the values directly with printf()',
  snprintf: 'print the values directly with printf()',
};

/** True when a sketch may not give this name to something of its own. */
export function isBuiltin(name: string): boolean {
  return (
    BUILTIN_FUNCTIONS.has(name) ||
    BUILTIN_CONSTANTS.has(name) ||
    PRINT_FUNCTIONS.includes(name) ||
    name === 'Serial'
  );
}
