import { describe, expect, it } from 'vitest';
import { formatText } from '../../../src/vm/printf.ts';
import { ascii, INT_MAX, INT_MIN } from './support.ts';

/** Formats with string 0 as the format; strings 1, 2 and 3 are "abc", "" and bytes that are no text. */
function format(text: string | Uint8Array, ...values: number[]): Uint8Array | undefined {
  const bytes = typeof text === 'string' ? ascii(text) : text;
  const strings = [bytes, ascii('abc'), ascii(''), Uint8Array.of(0xff, 0x00, 0x25)];
  return formatText(strings, 0, Int32Array.from(values));
}

describe('formatText', () => {
  it.each<[string, number[], string]>([
    ['', [], ''],
    ['plain', [], 'plain'],
    ['100%%', [], '100%'],
    ['%%%%', [], '%%'],
    ['%%d', [], '%d'],
    ['%d', [0], '0'],
    ['%d', [-7], '-7'],
    ['%d', [INT_MIN], '-2147483648'],
    ['%i', [INT_MAX], '2147483647'],
    ['%u', [-1], '4294967295'],
    ['%u', [INT_MIN], '2147483648'],
    ['%x', [-1], 'ffffffff'],
    ['%x', [0], '0'],
    ['%X', [0xbeef], 'BEEF'],
    ['%c', [65], 'A'],
    ['%c', [0x141], 'A'],
    ['%s', [1], 'abc'],
    ['%s', [2], ''],
    ['[%d][%s][%c]', [-1, 1, 33], '[-1][abc][!]'],
    ['%d%d%d%d%d%d%d%d', [1, 2, 3, 4, 5, 6, 7, 8], '12345678'],
    // Width: spaces on the left.
    ['%5d', [42], '   42'],
    ['%5d', [-42], '  -42'],
    ['%1d', [42], '42'],
    ['%5x', [255], '   ff'],
    ['%3c', [65], '  A'],
    ['%5s', [1], '  abc'],
    ['%2s', [1], 'abc'],
    ['%12d', [1], '           1'],
    // Flag -: spaces on the right.
    ['%-5d|', [42], '42   |'],
    ['%-5s|', [1], 'abc  |'],
    ['%-3c|', [65], 'A  |'],
    ['%-d', [42], '42'],
    ['%--5d|', [42], '42   |'],
    // Flag 0: zeros between sign and digits.
    ['%05d', [42], '00042'],
    ['%05d', [-42], '-0042'],
    ['%03d', [-42], '-42'],
    ['%08x', [0xabc], '00000abc'],
    ['%08X', [0xabc], '00000ABC'],
    ['%04u', [7], '0007'],
    ['%00d', [42], '42'],
    ['%0d', [42], '42'],
    ['%0012d', [1], '000000000001'],
    // - wins over 0.
    ['%-05d|', [42], '42   |'],
    ['%0-5d|', [-42], '-42  |'],
  ])('%j with %j is %j', (text, values, expected) => {
    expect(format(text, ...values)).toEqual(ascii(expected));
  });

  it('pads to 99 at most', () => {
    expect(format('%99d', 1)).toEqual(ascii(' '.repeat(98) + '1'));
  });

  it('passes bytes through, and counts width in bytes', () => {
    expect(format(Uint8Array.of(0, 0xc3, 0xa4, 0xff))).toEqual(Uint8Array.of(0, 0xc3, 0xa4, 0xff));
    expect(format('%c', 0)).toEqual(Uint8Array.of(0));
    expect(format('%c', 0x1ff)).toEqual(Uint8Array.of(0xff));
    expect(format('%5s', 3)).toEqual(Uint8Array.of(0x20, 0x20, 0xff, 0x00, 0x25));
  });

  it('does not take a % in a text for a format', () => {
    expect(format('%s%d', 3, 1)).toEqual(Uint8Array.of(0xff, 0x00, 0x25, 0x31));
  });

  it.each<[string, string, number[]]>([
    ['a % at the end', 'abc%', []],
    ['a % at the end, with a value left', 'abc%', [1]],
    ['flags without a type', '%-', [1]],
    ['width without a type', '%5', [1]],
    ['a width of three digits', '%100d', [1]],
    ['a width of three digits after flags', '%-0123d', [1]],
    ['flags before %', '%-%', []],
    ['width before %', '%5%', [1]],
    ['a precision', '%.2d', [1]],
    ['a length', '%ld', [1]],
    ['a plus', '%+d', [1]],
    ['a blank', '% d', [1]],
    ['a number sign', '%#x', [1]],
    ['a star', '%*d', [1, 2]],
    ['a flag after the width', '%5-d', [1]],
    ['%f', '%f', [1]],
    ['%p', '%p', [1]],
    ['%n', '%n', [1]],
    ['%D', '%D', [1]],
    ['zeros before a character', '%03c', [65]],
    ['zeros before a text', '%05s', [1]],
    ['zeros and - before a text', '%-05s', [1]],
    ['a missing argument', '%d %d', [1]],
    ['an argument left over', '%d', [1, 2]],
    ['an argument nobody wants', 'abc', [1]],
    ['a text that does not exist', '%s', [4]],
    ['a negative text', '%s', [-1]],
    ['a text beyond 16 bits', '%s', [65_537]],
  ])('refuses %s: %j', (_, text, values) => {
    expect(format(text, ...values)).toBeUndefined();
  });

  it('refuses an unknown format', () => {
    expect(formatText([], 0, new Int32Array(0))).toBeUndefined();
    expect(formatText([ascii('a')], 1, new Int32Array(0))).toBeUndefined();
  });

  it('prints 255 bytes and not 256', () => {
    const long = 'x'.repeat(253);
    expect(format(`${long}%d`, 42)).toEqual(ascii(`${long}42`));
    expect(format(`${long}%d`, 421)).toBeUndefined();
    expect(format(`${'x'.repeat(253)}%%`)).toHaveLength(254);
    expect(format('%99d%99d%57d', 1, 2, 3)).toHaveLength(255);
    expect(format('%99d%99d%58d', 1, 2, 3)).toBeUndefined();
  });
});
