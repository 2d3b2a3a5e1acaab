import { formatText } from '../../../src/vm/printf.ts';
import type { Moment, Mutant, Sight } from '../types.ts';
import { executing, faulting, mutant, stepWhere } from './predicates.ts';

const FILE = 'vm/vm_printf.c';

/** One conversion of a good format, with its argument. */
interface Conversion {
  readonly left: boolean;
  readonly zero: boolean;
  readonly width: number;
  readonly type: string;
  readonly value: number;
  /** What it prints before it is padded. */
  readonly bare: string;
}

function formatOf({ machine, immediate }: Moment): string {
  return Buffer.from(machine.strings[immediate] ?? []).toString('latin1');
}

/** The arguments of a PRINTF, the first one first. */
export function argumentsOf({ machine, sp, flags }: Moment): Int32Array {
  return machine.stack.slice(sp - flags, sp);
}

function bareText(type: string, value: number, moment: Moment): string {
  if (type === 'c') return String.fromCharCode(value & 0xff);
  if (type === 's') return Buffer.from(moment.machine.strings[value] ?? []).toString('latin1');
  if (type === 'x') return (value >>> 0).toString(16);
  if (type === 'X') return (value >>> 0).toString(16).toUpperCase();
  return type === 'u' ? `${value >>> 0}` : `${value}`;
}

function conversionsOf(moment: Moment): Conversion[] {
  const values = argumentsOf(moment);
  const matches = [...formatOf(moment).matchAll(/%(?:%|([-0]*)(\d{0,2})([diuxXcs]))/g)];
  return matches
    .filter(([whole]) => whole !== '%%')
    .map(([, flags = '', width = '', type = ''], at) => {
      const value = values[at] ?? 0;
      const bare = bareText(type, value, moment);
      const [left, zero] = [flags.includes('-'), flags.includes('0')];
      return { left, zero, width: Number(width), type, value, bare };
    });
}

/** The PRINTFs that print a conversion of which this holds. */
function printing(condition: (conversion: Conversion) => boolean): Sight {
  return executing('PRINTF', (moment) => conversionsOf(moment).some(condition));
}

/** The PRINTFs that print another text with other strings or arguments. */
export function printingOtherwise(text: (moment: Moment) => Uint8Array | undefined): Sight {
  return executing('PRINTF', (moment) => {
    const printed = moment.effect.text ?? new Uint8Array();
    return Buffer.compare(printed, text(moment) ?? Buffer.from('\0none')) !== 0;
  });
}

/** Bytes of the whole text. */
function textLength(moment: Moment): number {
  const literal = formatOf(moment).replaceAll(/%(?:%|[-0]*\d{0,2}[diuxXcs])/g, (all) =>
    all === '%%' ? '%' : '',
  );
  return conversionsOf(moment).reduce(
    (sum, { bare, width }) => sum + Math.max(bare.length, width),
    literal.length,
  );
}

const isNumber = ({ type }: Conversion): boolean => 'diuxX'.includes(type);
const isShort = ({ bare, width }: Conversion): boolean => bare.length < width;

/** The text of PRINTF. */
export const PRINTF: readonly Mutant[] = [
  mutant(
    'printf-d-unsigned',
    'printf',
    FILE,
    'value < 0 ? 0U - bits : bits, value < 0, 10, lower',
    'bits, false, 10, lower',
    printing(({ type, value }) => 'di'.includes(type) && value < 0),
  ),
  mutant(
    'printf-u-signed',
    'printf',
    FILE,
    "case 'u':\n        return put_number(out, how, bits, false, 10, lower);",
    "case 'u':\n        return put_number(out, how, value < 0 ? 0U - bits : bits, value < 0, 10, lower);",
    printing(({ type, value }) => type === 'u' && value < 0),
  ),
  mutant(
    'printf-x-upper',
    'printf',
    FILE,
    'static const char upper[] = "0123456789ABCDEF";',
    'static const char upper[] = "0123456789ABCDEf";',
    printing(({ type, bare }) => type === 'X' && bare.includes('F')),
  ),
  mutant(
    'printf-x-decimal',
    'printf',
    FILE,
    'return put_number(out, how, bits, false, 16, lower);',
    'return put_number(out, how, bits, false, 10, lower);',
    printing(({ type, value }) => type === 'x' && value >>> 0 > 9),
  ),
  mutant(
    'printf-zeros-are-spaces',
    'printf',
    FILE,
    'if (how->zero && !how->left && length < how->width) {',
    'if (how->zero && how->left && length < how->width) {',
    printing((it) => isNumber(it) && it.zero && isShort(it)),
  ),
  mutant(
    'printf-zeros-before-sign',
    'printf',
    FILE,
    "return (!negative || put(out, '-')) && put_times(out, '0', how->width - length) &&",
    "return put_times(out, '0', how->width - length) && (!negative || put(out, '-')) &&",
    printing(
      (it) =>
        isNumber(it) &&
        it.zero &&
        !it.left &&
        isShort(it) &&
        it.value < 0 &&
        'di'.includes(it.type),
    ),
  ),
  mutant(
    'printf-width-one-less',
    'bound off by one',
    FILE,
    'length < how->width ? how->width - length : 0',
    'length + 1U < how->width ? how->width - length - 1U : 0',
    stepWhere((moment) => {
      if (moment.op !== 'PRINTF') return false;
      const spaces = conversionsOf(moment).filter(
        (it) => isShort(it) && (it.left || !it.zero || !isNumber(it)),
      );
      // A text that is too long is not, when it has that much less of spaces.
      const length = textLength(moment);
      const fits = length > 255 && length - spaces.length <= 255;
      return moment.fault === 0 ? spaces.length > 0 : moment.fault === 8 && fits;
    }),
  ),
  mutant(
    'printf-left-not-padded',
    'printf',
    FILE,
    "return !how->left || put_times(out, ' ', padding);",
    'return true;',
    printing((it) => it.left && isShort(it)),
  ),
  mutant(
    'printf-c-7-bits',
    'sign or width',
    FILE,
    'bits & 0xFFU',
    'bits & 0x7FU',
    printing(({ type, value }) => type === 'c' && (value & 0x80) !== 0),
  ),
  mutant(
    'printf-limit-one-less',
    'bound off by one',
    FILE,
    'out->length >= CVM_PRINT_LENGTH',
    'out->length >= CVM_PRINT_LENGTH - 1',
    executing('PRINTF', ({ effect }) => effect.text?.length === 255),
  ),
  mutant(
    'printf-leftover-accepted',
    'wrong error code',
    FILE,
    'return in.left == 0;',
    'return true;',
    faulting('PRINTF', 8, (moment) => {
      const used = conversionsOf(moment).length;
      const values = argumentsOf(moment).subarray(0, used);
      const { machine, immediate, flags } = moment;
      return used < flags && formatText(machine.strings, immediate, values) !== undefined;
    }),
  ),
  mutant(
    'printf-three-digits-of-width',
    'bound off by one',
    FILE,
    'digits < 2 &&',
    'digits < 3 &&',
    faulting('PRINTF', 8, (moment) => /%[-0]*[1-9]\d\d[diuxXcs]/.test(formatOf(moment))),
  ),
  mutant(
    'printf-arguments-reversed',
    'swapped operands',
    FILE,
    'const int32_t value = *in->next;\n    in->next++;\n    in->left--;',
    'in->left--;\n    const int32_t value = in->next[in->left];',
    printingOtherwise((moment) =>
      formatText(moment.machine.strings, moment.immediate, argumentsOf(moment).reverse()),
    ),
  ),
  mutant(
    'printf-percent-doubled',
    'printf',
    FILE,
    "(*at)++;\n        return put(out, '%');",
    "return put(out, '%');",
    // The second one begins a conversion then.
    executing('PRINTF', (moment) => formatOf(moment).includes('%%')),
  ),
  mutant(
    'printf-int-min',
    'sign or width',
    FILE,
    'value < 0 ? 0U - bits : bits, value < 0, 10, lower',
    '(value < 0 ? 0U - bits : bits) & 0x7FFFFFFFU, value < 0, 10, lower',
    printing(({ type, value }) => 'di'.includes(type) && value === -0x8000_0000),
  ),
];
