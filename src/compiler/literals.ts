/** Numbers, characters and texts as written, to values. */

/** A decoded literal, or what is wrong with it. */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string; readonly hint: string | undefined };

/** `value` is the int32 that holds the number. */
export interface NumberValue {
  readonly type: 'int' | 'uint';
  readonly value: number;
}

const INT_MAX = 0x7fff_ffff;
const UINT_MAX = 0xffff_ffff;

const FORM = /^(0[xX][\da-fA-F]+|0[bB][01]+|0[0-7]*|[1-9]\d*)([uUlL]*)$/;
const SUFFIXES = ['', 'u', 'l', 'ul', 'lu'];

function refuse(
  message: string,
  hint?: string,
): { ok: false; message: string; hint: string | undefined } {
  return { ok: false, message, hint };
}

function magnitude(digits: string): number {
  if (/^0[xXbB]/.test(digits)) return Number(digits);
  return digits.startsWith('0') ? Number.parseInt(digits, 8) : Number(digits);
}

/** A number literal with C's rules for its type, in a world without 64-bit integers. */
export function decodeNumber(image: string): Decoded<NumberValue> {
  const match = FORM.exec(image);
  if (match === null) return refuseNumber(image);
  const digits = match[1] ?? '0';
  const suffix = (match[2] ?? '').toLowerCase();
  if (suffix.includes('ll')) return refuse(`'${image}' needs more than 32 bits`, 'drop the LL');
  if (!SUFFIXES.includes(suffix)) return refuse(`'${image}' is not a number`, 'mend its suffix');
  const value = magnitude(digits);
  if (value > UINT_MAX) {
    return refuse(`${image} does not fit into 32 bits`, 'the largest number is 4294967295u');
  }
  const unsigned = suffix.includes('u') || (value > INT_MAX && digits.startsWith('0'));
  if (!unsigned && value > INT_MAX) {
    return refuse(`${image} does not fit into an int`, `write ${digits}u for an unsigned number`);
  }
  return { ok: true, value: { type: unsigned ? 'uint' : 'int', value: value | 0 } };
}

function refuseNumber(image: string): Decoded<NumberValue> {
  if (/^\d*\.?\d*(?:[eE][+-]?\d+)?[fFlL]?$/.test(image) && /[.eE]/.test(image)) {
    const hint = 'the VM computes with 32-bit integers: scale the value, e.g. 1500 millivolts';
    return refuse(`'${image}': floating point is not supported`, hint);
  }
  if (/^0\d+/.test(image)) {
    return refuse(
      `'${image}' is not a number: it begins with 0 and is octal`,
      'drop the leading 0',
    );
  }
  if (image.includes("'")) {
    const hint = `write ${image.replaceAll("'", '')}`;
    return refuse(`'${image}': marks between digits are not supported`, hint);
  }
  return refuse(`'${image}' is not a number`);
}

/** True for the one literal that is a number only behind a minus sign. */
export function isMinimumMagnitude(image: string): boolean {
  return /^2147483648[lL]?$/.test(image);
}

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  '\\': 92,
  "'": 39,
  '"': 34,
  '?': 63,
};

const PIECE = /\\(?:([0-7]{1,3})|x([\da-fA-F]+)|([\s\S]))|[^\\]+/g;

const encoder = new TextEncoder();

/** The bytes between the quotes of a literal: UTF-8, lines that end in a backslash joined, escapes resolved. */
function decodeBytes(image: string): Decoded<number[]> {
  const bytes: number[] = [];
  const inner = image.slice(1, -1).replaceAll(/\\[ \t]*\r?\n/g, '');
  for (const [piece, octal, hex, single] of inner.matchAll(PIECE)) {
    if (octal !== undefined || hex !== undefined) {
      const value =
        octal === undefined ? Number.parseInt(hex ?? '', 16) : Number.parseInt(octal, 8);
      if (value > 255) return refuse(`'${piece}' does not fit into a byte`);
      bytes.push(value);
    } else if (single !== undefined) {
      const value = SIMPLE_ESCAPES[single];
      if (value === undefined) {
        return refuse(`'${piece}' is not an escape`, String.raw`write \\ for a backslash`);
      }
      bytes.push(value);
    } else bytes.push(...encoder.encode(piece));
  }
  return { ok: true, value: bytes };
}

/** A character literal as the value of its one byte, -128..127. */
export function decodeCharacter(image: string): Decoded<number> {
  const bytes = decodeBytes(image);
  if (!bytes.ok) return bytes;
  const [first] = bytes.value;
  if (first === undefined) return refuse('a character literal needs a character');
  if (bytes.value.length > 1) {
    return refuse(`${image} is more than one byte`, 'write a text in "double quotes"');
  }
  return { ok: true, value: (first << 24) >> 24 };
}

/** Text literals, joined, as bytes. */
export function decodeText(images: readonly string[]): Decoded<Uint8Array> {
  const bytes: number[] = [];
  for (const image of images) {
    const part = decodeBytes(image);
    if (!part.ok) return part;
    for (const byte of part.value) bytes.push(byte);
  }
  if (bytes.includes(0)) return refuse(String.raw`'\0' would end the text`, 'remove it');
  return { ok: true, value: Uint8Array.from(bytes) };
}
