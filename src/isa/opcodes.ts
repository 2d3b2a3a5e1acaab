/**
 * The instruction set as data: the only place in the project where an opcode is given its number.
 * The C header, the documentation table and the disassembler are derived from this table.
 */

/** How an instruction uses its 16-bit immediate. `none` means the field is ignored. */
export type ImmediateKind = 'none' | 'value' | 'target' | 'string' | 'global' | 'local' | 'array';

/** The flags values an opcode accepts; any other value is fault 5. */
export type FlagRule =
  | { readonly kind: 'none' }
  /** One of these named values; 0 is always the plain form. */
  | { readonly kind: 'choice'; readonly names: Readonly<Record<number, string>> }
  /** A number of stack arguments, 0..max. */
  | { readonly kind: 'count'; readonly max: number };

/** What a handler belongs to; also the file that holds it in both engines. */
export type OpcodeGroup =
  'stack' | 'arithmetic' | 'call' | 'io' | 'compare' | 'jump' | 'logic' | 'memory' | 'bitwise';

/** One row of the instruction set. */
export interface Opcode<Name extends string = string> {
  readonly code: number;
  readonly name: Name;
  readonly group: OpcodeGroup;
  /** Names of the values taken from the stack, rightmost on top. A `count` opcode takes these n times over. */
  readonly before: readonly string[];
  /** Names of the values left on the stack, rightmost on top. */
  readonly after: readonly string[];
  readonly immediate: ImmediateKind;
  readonly flags: FlagRule;
  /** Faults it can raise besides 5 (bad flags), in the order in which they are judged. */
  readonly faults: readonly number[];
  readonly summary: string;
}

const none: FlagRule = { kind: 'none' };
const UNDERFLOW = 2;
const OVERFLOW = 1;

function row<Name extends string>(
  code: number,
  name: Name,
  group: OpcodeGroup,
  stack: string,
  faults: readonly number[],
  summary: string,
  immediate: ImmediateKind = 'none',
  flags: FlagRule = none,
): Opcode<Name> {
  const [before = '', after = ''] = stack.split('--');
  const names = (side: string): string[] => side.split(' ').filter((word) => word !== '');
  return {
    code,
    name,
    group,
    before: names(before),
    after: names(after),
    immediate,
    flags,
    faults,
    summary,
  };
}

const binary = <Name extends string>(
  code: number,
  name: Name,
  group: OpcodeGroup,
  summary: string,
): Opcode<Name> => row(code, name, group, 'a b -- r', [UNDERFLOW], summary);

/** Every opcode, in ascending order of its code. */
export const OPCODES = [
  row(0x00, 'HALT', 'stack', '--', [], 'stop; the program counter stays here'),
  row(
    0x01,
    'PUSH',
    'stack',
    '-- n',
    [UNDERFLOW, OVERFLOW],
    'push the immediate, zero-extended; SIGNED: sign-extended; WIDE: a -- (imm << 16) | (a & 0xFFFF)',
    'value',
    { kind: 'choice', names: { 0: '', 1: 'SIGNED', 2: 'WIDE' } },
  ),
  row(0x02, 'POP', 'stack', 'a --', [UNDERFLOW], 'drop the top value'),
  binary(0x03, 'ADD', 'arithmetic', 'a + b modulo 2^32'),
  binary(0x04, 'SUB', 'arithmetic', 'a - b modulo 2^32'),
  binary(0x05, 'MUL', 'arithmetic', 'a * b modulo 2^32'),
  row(
    0x06,
    'DIV',
    'arithmetic',
    'a b -- r',
    [UNDERFLOW, 6],
    'a / b toward zero; INT_MIN / -1 = INT_MIN',
  ),
  row(0x07, 'MOD', 'arithmetic', 'a b -- r', [UNDERFLOW, 6], 'a - (a / b) * b; INT_MIN % -1 = 0'),
  row(
    0x08,
    'CALL',
    'call',
    '--',
    [UNDERFLOW, 4, OVERFLOW],
    'call the target; flags = argument count n, which stay on the stack as the first n locals',
    'target',
    { kind: 'count', max: 255 },
  ),
  row(
    0x09,
    'RET',
    'call',
    '--',
    [UNDERFLOW],
    'return, dropping everything above the frame base; VALUE: keep the top value as the result',
    'none',
    { kind: 'choice', names: { 0: '', 1: 'VALUE' } },
  ),
  row(
    0x10,
    'DIGITAL_WRITE',
    'io',
    'pin value --',
    [UNDERFLOW, 12, 9],
    'drive an output pin; nonzero is HIGH',
  ),
  row(
    0x11,
    'DIGITAL_READ',
    'io',
    'pin -- v',
    [UNDERFLOW, 12],
    'read a pin as 0 or 1; an unconfigured pin becomes INPUT',
  ),
  row(
    0x12,
    'ANALOG_WRITE',
    'io',
    'pin value --',
    [UNDERFLOW, 12, 9],
    'set PWM or DAC of a pin, 0..255',
  ),
  row(0x13, 'ANALOG_READ', 'io', 'pin -- v', [UNDERFLOW, 12, 9], 'convert a pin, 0..4095'),
  row(
    0x14,
    'DELAY',
    'io',
    'ms --',
    [UNDERFLOW, 12],
    'wait for a number of milliseconds, not negative',
  ),
  row(
    0x15,
    'BUTTON_PRESSED',
    'io',
    'id -- v',
    [UNDERFLOW, 12],
    '1 when the debounced button is pressed',
  ),
  row(
    0x16,
    'BUTTON_RELEASED',
    'io',
    'id -- v',
    [UNDERFLOW, 12],
    '1 when the debounced button is not pressed',
  ),
  row(
    0x17,
    'PIN_MODE',
    'io',
    'pin mode --',
    [UNDERFLOW, 12],
    'mode 0 INPUT, 1 OUTPUT, 2 INPUT_PULLUP, 3 INPUT_PULLDOWN',
  ),
  row(
    0x18,
    'PRINTF',
    'io',
    'a --',
    [UNDERFLOW, 8],
    'print a string of the image with n values; flags = n',
    'string',
    { kind: 'count', max: 8 },
  ),
  row(0x19, 'MILLIS', 'io', '-- t', [OVERFLOW], 'milliseconds since start, modulo 2^32'),
  row(0x1a, 'MICROS', 'io', '-- t', [OVERFLOW], 'microseconds since start, modulo 2^32'),
  binary(0x20, 'EQ', 'compare', 'a == b'),
  binary(0x21, 'NE', 'compare', 'a != b'),
  binary(0x22, 'LT', 'compare', 'a < b as uint32'),
  binary(0x23, 'GT', 'compare', 'a > b as uint32'),
  binary(0x24, 'LE', 'compare', 'a <= b as uint32'),
  binary(0x25, 'GE', 'compare', 'a >= b as uint32'),
  binary(0x26, 'EQ_SIGNED', 'compare', 'a == b'),
  binary(0x27, 'NE_SIGNED', 'compare', 'a != b'),
  binary(0x28, 'LT_SIGNED', 'compare', 'a < b as int32'),
  binary(0x29, 'GT_SIGNED', 'compare', 'a > b as int32'),
  binary(0x2a, 'LE_SIGNED', 'compare', 'a <= b as int32'),
  binary(0x2b, 'GE_SIGNED', 'compare', 'a >= b as int32'),
  row(0x30, 'JMP', 'jump', '--', [4], 'continue at the target', 'target'),
  row(
    0x31,
    'JMP_TRUE',
    'jump',
    'c --',
    [UNDERFLOW, 4],
    'continue at the target when c is not 0',
    'target',
  ),
  row(
    0x32,
    'JMP_FALSE',
    'jump',
    'c --',
    [UNDERFLOW, 4],
    'continue at the target when c is 0',
    'target',
  ),
  binary(0x40, 'AND', 'logic', '1 when both are nonzero'),
  binary(0x41, 'OR', 'logic', '1 when one is nonzero'),
  row(0x42, 'NOT', 'logic', 'a -- r', [UNDERFLOW], '1 when a is 0'),
  row(0x50, 'LOAD_GLOBAL', 'memory', '-- v', [7, OVERFLOW], 'push a global', 'global'),
  row(0x51, 'STORE_GLOBAL', 'memory', 'v --', [UNDERFLOW, 7], 'pop into a global', 'global'),
  row(
    0x52,
    'LOAD_LOCAL',
    'memory',
    '-- v',
    [7, OVERFLOW],
    'push the value at an offset from the frame base',
    'local',
  ),
  row(
    0x53,
    'STORE_LOCAL',
    'memory',
    'v --',
    [UNDERFLOW, 7],
    'pop into the value at an offset from the frame base',
    'local',
  ),
  row(0x54, 'LOAD_ARRAY', 'memory', 'idx -- v', [UNDERFLOW, 7], 'push an array element', 'array'),
  row(
    0x55,
    'STORE_ARRAY',
    'memory',
    'idx v --',
    [UNDERFLOW, 7],
    'pop into an array element',
    'array',
  ),
  row(
    0x56,
    'CREATE_ARRAY',
    'memory',
    'size --',
    [UNDERFLOW, 7],
    'activate an array of 1..64 zeros',
    'array',
  ),
  binary(0x60, 'BITWISE_AND', 'bitwise', 'a & b'),
  binary(0x61, 'BITWISE_OR', 'bitwise', 'a | b'),
  binary(0x62, 'BITWISE_XOR', 'bitwise', 'a ^ b'),
  row(0x63, 'BITWISE_NOT', 'bitwise', 'a -- r', [UNDERFLOW], '~a'),
  row(0x64, 'SHIFT_LEFT', 'bitwise', 'a b -- r', [UNDERFLOW, 12], 'a << b for b in 0..31'),
  row(
    0x65,
    'SHIFT_RIGHT',
    'bitwise',
    'a b -- r',
    [UNDERFLOW, 12],
    'a >> b, arithmetic, for b in 0..31',
  ),
] satisfies readonly Opcode[];

/** Name of an opcode that exists. */
export type OpcodeName = (typeof OPCODES)[number]['name'];
