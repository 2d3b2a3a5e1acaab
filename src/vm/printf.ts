import { LIMITS } from '../isa/index.ts';

/** One parsed conversion. */
interface Conversion {
  readonly left: boolean;
  readonly zero: boolean;
  /** 0 = none given. */
  readonly width: number;
  /** Character code of the type. */
  readonly type: number;
  /** Index of the byte after it. */
  readonly end: number;
}

const PERCENT = 0x25;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const SPACE = 0x20;
const MAX_WIDTH_DIGITS = 2;

const isDigit = (byte: number | undefined): byte is number =>
  byte !== undefined && byte >= ZERO && byte <= NINE;

/** Parses what follows a `%`; undefined when the string ends too early or the width is too long. */
function parseConversion(format: Uint8Array, start: number): Conversion | undefined {
  let at = start;
  let left = false;
  let zero = false;
  for (; format[at] === MINUS || format[at] === ZERO; at += 1) {
    if (format[at] === MINUS) left = true;
    else zero = true;
  }
  let width = 0;
  const firstDigit = at;
  for (let digit = format[at]; isDigit(digit); digit = format[at]) {
    if (at - firstDigit === MAX_WIDTH_DIGITS) return undefined;
    width = width * 10 + (digit - ZERO);
    at += 1;
  }
  const type = format[at];
  return type === undefined ? undefined : { left, zero, width, type, end: at + 1 };
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** A number's digits without its sign; undefined when the type isn't a number's. */
function digitsOf(type: string, value: number): string | undefined {
  switch (type) {
    case 'd':
    case 'i':
      return `${Math.abs(value)}`;
    case 'u':
      return `${value >>> 0}`;
    case 'x':
      return (value >>> 0).toString(16);
    case 'X':
      return (value >>> 0).toString(16).toUpperCase();
    default:
      return undefined;
  }
}

/** A converted argument, unpadded: sign and body, between which zeros go. Undefined: not a conversion, or no such string. */
function convert(
  conversion: Conversion,
  value: number,
  strings: readonly Uint8Array[],
): { sign: string; body: Uint8Array } | undefined {
  const type = String.fromCharCode(conversion.type);
  const digits = digitsOf(type, value);
  if (digits !== undefined) {
    const signed = type === 'd' || type === 'i';
    return { sign: signed && value < 0 ? '-' : '', body: ascii(digits) };
  }
  // Zeros before a character or a text have no meaning; C leaves them undefined, this machine refuses them.
  if (conversion.zero) return undefined;
  if (type === 'c') return { sign: '', body: Uint8Array.of(value & 0xff) };
  const text = type === 's' ? strings[value] : undefined;
  return text === undefined ? undefined : { sign: '', body: text };
}

function pad(conversion: Conversion, sign: string, body: Uint8Array): readonly Uint8Array[] {
  const missing = Math.max(0, conversion.width - sign.length - body.length);
  const fill = (byte: number): Uint8Array => new Uint8Array(missing).fill(byte);
  if (conversion.left) return [ascii(sign), body, fill(SPACE)];
  if (conversion.zero) return [ascii(sign), fill(ZERO), body];
  return [fill(SPACE), ascii(sign), body];
}

/**
 * The text that PRINTF prints; docs/vm.md has the rules of the format.
 * @param values the arguments, first one first
 * @returns at most 255 bytes; undefined for an unknown string, a bad format, arguments missing or left over, or a longer text
 */
export function formatText(
  strings: readonly Uint8Array[],
  stringId: number,
  values: Int32Array,
): Uint8Array | undefined {
  const format = strings[stringId];
  if (format === undefined) return undefined;
  const parts: Uint8Array[] = [];
  let used = 0;
  let at = 0;
  while (at < format.length) {
    const percent = format.indexOf(PERCENT, at);
    const end = percent < 0 ? format.length : percent;
    parts.push(format.subarray(at, end));
    if (percent < 0) break;
    if (format[percent + 1] === PERCENT) {
      parts.push(Uint8Array.of(PERCENT));
      at = percent + 2;
      continue;
    }
    const conversion = parseConversion(format, percent + 1);
    const value = values[used];
    if (conversion === undefined || value === undefined) return undefined;
    const converted = convert(conversion, value, strings);
    if (converted === undefined) return undefined;
    parts.push(...pad(conversion, converted.sign, converted.body));
    used += 1;
    at = conversion.end;
  }
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (used !== values.length || length > LIMITS.PRINT_LENGTH) return undefined;
  return Uint8Array.from(Buffer.concat(parts));
}
