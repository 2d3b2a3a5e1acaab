/** The functions and constants that every sketch has, as data. */
import { PIN_NAMES } from './board-pins.ts';
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
  ...Object.entries(PIN_NAMES).map(([name, pin]): [string, ReturnType<typeof int>] => [
    name,
    int(pin),
  ]),
  ['true', bool(1)],
  ['false', bool(0)],
  // The bases of Serial.print.
  ['DEC', int(10)],
  ['HEX', int(16)],
]);

const PINS_ALONE = 'poll the pin with digitalRead() in loop()';
const NO_TEXTS = 'there are no text variables: print the parts with printf()';
const NO_FLOATS = 'there are no floating-point values: compute with integers';
const NO_HEAP = 'there is no heap: use a global array';
const BITS = 'use & | ~ << and >>';
const NO_CONVERSION = 'write (type)value';

/** Well-known functions of Arduino and C that this language has not, and what to do instead. */
export const MISSING_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['delayMicroseconds', 'delay() waits for whole milliseconds'],
  ['abs', 'write x < 0 ? -x : x'],
  ['min', 'write a < b ? a : b'],
  ['max', 'write a > b ? a : b'],
  ['constrain', 'write two if statements'],
  ['map', 'write the formula: (x - inLow) * (outHigh - outLow) / (inHigh - inLow) + outLow'],
  ['random', 'write a small generator of your own'],
  ['randomSeed', 'write a small generator of your own'],
  ['rand', 'write a small generator of your own'],
  ['sq', 'write x * x'],
  ['tone', 'toggle the pin with digitalWrite() and delay()'],
  ['noTone', 'toggle the pin with digitalWrite() and delay()'],
  ['pulseIn', 'read the pin with digitalRead() and the time with micros()'],
  ['shiftOut', 'write the bits one by one with digitalWrite()'],
  ['shiftIn', 'read the bits one by one with digitalRead()'],
  ['analogReference', 'the reference voltage is fixed'],
  ['analogReadResolution', 'analogRead() yields 0 to 4095'],
  ['analogWriteResolution', 'analogWrite() takes 0 to 255'],
  ['F', 'write the text alone'],
  ['Serial.printf', 'write printf(...)'],
  ['Serial.write', 'use printf("%c", value)'],
  ['scanf', 'nothing can be read from the line'],
  ['Serial.read', 'nothing can be read from the line'],
  ['Serial.available', 'nothing can be read from the line'],
  ['Serial.flush', 'drop it: everything printed is sent'],
  ['exit', 'return from main()'],
  ['puts', 'write printf("...\\n")'],
  ['putchar', 'write printf("%c", value)'],
  ['memset', 'use a loop'],
  ['memcpy', 'use a loop'],
  ...entries('attachInterrupt detachInterrupt digitalPinToInterrupt', PINS_ALONE),
  ...entries('interrupts noInterrupts', 'drop it: nothing interrupts a program'),
  ...entries('sprintf snprintf String strlen strcpy strcmp strcat atoi itoa', NO_TEXTS),
  ...entries('sqrt pow sin cos tan floor ceil round fabs', NO_FLOATS),
  ...entries('malloc calloc realloc free', NO_HEAP),
  ...entries('bitRead bitWrite bitSet bitClear bit lowByte highByte', BITS),
  ...entries('word', NO_CONVERSION),
]);

/** Well-known names that this language has not, and what to do instead. */
export const MISSING_NAMES: ReadonlyMap<string, string> = new Map([
  [
    'Serial',
    'only Serial.begin, Serial.print and Serial.println can be called; leave a wait for it out',
  ],
  ...entries('PI M_PI TWO_PI HALF_PI', NO_FLOATS),
  ...entries('RISING FALLING CHANGE', PINS_ALONE),
  ...entries('OCT BIN', 'Serial.print knows DEC and HEX'),
  ...entries('__LINE__ __FILE__ __func__ __DATE__ __TIME__', 'there are no predefined macros'),
  ...entries('INT_MAX LONG_MAX INT32_MAX', 'write 2147483647'),
  ...entries('INT_MIN LONG_MIN INT32_MIN', 'write -2147483647 - 1'),
  ...entries('UINT_MAX ULONG_MAX UINT32_MAX', 'write 4294967295u'),
]);

function entries(names: string, hint: string): [string, string][] {
  return names.split(' ').map((name) => [name, hint]);
}

/** True when a sketch may not give this name to something of its own. */
export function isBuiltin(name: string): boolean {
  return (
    BUILTIN_FUNCTIONS.has(name) ||
    BUILTIN_CONSTANTS.has(name) ||
    PRINT_FUNCTIONS.includes(name) ||
    name === 'Serial'
  );
}
