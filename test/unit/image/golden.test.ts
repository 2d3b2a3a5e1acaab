import { describe, expect, it } from 'vitest';
import { HilError } from '../../../src/errors/index.ts';
import { buildImage, parseImage, stripDebug, type Program } from '../../../src/image/index.ts';
import { debugInfo, smallestImage, smallestProgram, smallImage, smallProgram } from './support.ts';

describe('images written by hand', () => {
  it.each([
    ['a program with strings and a loop', smallProgram, smallImage],
    ['a single HALT', smallestProgram, smallestImage],
  ])('%s: built to the byte, and read back', (_, program, image) => {
    expect([...buildImage(program)]).toEqual([...image]);
    expect(parseImage(image)).toEqual({ ok: true, program });
  });

  it('does not keep the bytes it read from', () => {
    const bytes = Uint8Array.from(smallImage);
    const parsed = parseImage(bytes);
    bytes.fill(0xee);
    expect(parsed).toEqual({ ok: true, program: smallProgram });
  });

  it('reads from the middle of a buffer', () => {
    const padded = new Uint8Array(smallImage.length + 7);
    padded.set(smallImage, 3);
    const parsed = parseImage(padded.subarray(3, 3 + smallImage.length));
    expect(parsed).toEqual({ ok: true, program: smallProgram });
  });
});

describe('the debug section', () => {
  const withDebug: Program = { ...smallProgram, debug: debugInfo };

  it('follows the padded strings as JSON', () => {
    const image = buildImage(withDebug);
    expect(image[5]).toBe(1);
    expect(JSON.parse(Buffer.from(image.subarray(76)).toString())).toEqual(debugInfo);
    expect(parseImage(image)).toEqual({ ok: true, program: withDebug });
  });

  it('can be stripped, which leaves the image of the same program without it', () => {
    expect([...stripDebug(buildImage(withDebug))]).toEqual([...smallImage]);
    expect([...stripDebug(smallImage)]).toEqual([...smallImage]);
  });

  it('is not stripped from a broken image', () => {
    expect(() => stripDebug(smallImage.subarray(1))).toThrow(HilError);
    expect(() => stripDebug(smallImage.subarray(1))).toThrow(/bad-magic/);
  });
});

describe('buildImage refuses what the format cannot hold', () => {
  it.each<[string, Partial<Program>, RegExp]>([
    ['no instructions', { instructions: [] }, /no instructions/],
    ['an entry outside', { entry: 3 }, /entry 3/],
    ['a negative entry', { entry: -1 }, /entry -1/],
    ['a loop outside', { loop: 3 }, /loop 3/],
    ['a string over 255 bytes', { strings: [new Uint8Array(256)] }, /string 0 has 256 bytes/],
    [
      'more than 65,535 bytes of strings',
      { strings: Array.from({ length: 258 }, () => new Uint8Array(255)) },
      /65790 bytes/,
    ],
    [
      'a line table that goes back',
      { debug: { ...debugInfo, lines: debugInfo.lines.toReversed() } },
      /line table/,
    ],
  ])('%s', (_, change, message) => {
    expect(() => buildImage({ ...smallProgram, ...change })).toThrow(message);
  });

  it('but takes the largest there may be', () => {
    const instructions = Array.from({ length: 65_535 }, () => ({
      opcode: 0,
      flags: 0,
      immediate: 0,
    }));
    const strings = Array.from({ length: 257 }, () => new Uint8Array(255));
    const program: Program = {
      ...smallProgram,
      instructions,
      strings,
      entry: 65_534,
      loop: 65_534,
    };
    const parsed = parseImage(buildImage(program));
    expect(parsed.ok).toBe(true);
    if (!parsed.ok) return;
    expect(parsed.program.instructions).toHaveLength(65_535);
    expect(parsed.program.strings.at(-1)).toEqual(new Uint8Array(255));
    expect([parsed.program.entry, parsed.program.loop]).toEqual([65_534, 65_534]);
    const tooLong = { ...program, instructions: [...instructions, ...instructions.slice(0, 1)] };
    expect(() => buildImage(tooLong)).toThrow(/65536 instructions/);
  });
});
