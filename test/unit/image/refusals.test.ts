import { describe, expect, it } from 'vitest';
import { buildImage, IMAGE_REFUSALS, parseImage } from '../../../src/image/index.ts';
import { debugInfo, patched, sealed, smallImage, smallProgram } from './support.ts';

const reasonOf = (image: Uint8Array): string => {
  const parsed = parseImage(image);
  return parsed.ok ? 'accepted' : parsed.reason;
};

const withDebug = buildImage({ ...smallProgram, debug: debugInfo });

/** An image whose function has one local more, or another. */
function withLocal(slot: number, start: number, end: number): Uint8Array {
  const [f] = debugInfo.functions;
  if (f === undefined) throw new Error('the debug information has a function');
  const locals = [...f.locals, { name: 'y', slot, start, end }];
  return withDebugText(JSON.stringify({ ...debugInfo, functions: [{ ...f, locals }] }));
}

const imageOfStrings = (...lengths: number[]): Uint8Array =>
  buildImage({ ...smallProgram, strings: lengths.map((length) => new Uint8Array(length)) });

/** An image whose debug section holds this text. */
function withDebugText(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const image = new Uint8Array(76 + bytes.length);
  image.set(smallImage);
  image.set(bytes, 76);
  const view = new DataView(image.buffer);
  view.setUint8(5, 1);
  view.setUint32(12, image.length, true);
  view.setUint32(48, bytes.length, true);
  return sealed(image);
}

describe('the image used below', () => {
  it('is good before it is broken', () => {
    expect(reasonOf(smallImage)).toBe('accepted');
    expect(reasonOf(withDebug)).toBe('accepted');
    expect(reasonOf(withDebugText(JSON.stringify(debugInfo)))).toBe('accepted');
  });
});

describe('parseImage names what is wrong', () => {
  it.each<[string, string, Uint8Array]>([
    ['too-short', 'no bytes', new Uint8Array()],
    ['too-short', '51 bytes', smallImage.subarray(0, 51)],
    ['bad-magic', 'another first byte', patched(smallImage, 0, [0x63])],
    ['bad-magic', 'another last byte', patched(smallImage, 3, [0x44])],
    ['bad-version', 'version 0', patched(smallImage, 4, [0])],
    ['bad-version', 'version 2', patched(smallImage, 4, [2])],
    ['bad-flags', 'an unknown flag', patched(smallImage, 5, [2])],
    ['bad-flags', 'an unknown flag beside the known', patched(smallImage, 5, [0x81])],
    ['bad-header-size', 'header size 56', patched(smallImage, 6, [56])],
    ['bad-header-size', 'header size 0x134', patched(smallImage, 7, [1])],
    ['bad-size', 'one byte less than the header says', sealed(smallImage.subarray(0, 75))],
    ['bad-size', 'header says one byte less', patched(smallImage, 12, [75])],
    ['bad-crc', 'a changed CRC', withByte(smallImage, 8, 0xff)],
    ['bad-crc', 'a changed instruction', withByte(smallImage, 52, 0x02)],
    ['bad-crc', 'a changed entry', withByte(smallImage, 20, 1)],
    ['bad-isa', 'another instruction set', flipped(smallImage, 16)],
    ['bad-code', 'no instructions', patched(smallImage, 24, [0])],
    ['bad-code', 'code offset 56', patched(smallImage, 28, [56])],
    ['bad-code', 'code size 8', patched(smallImage, 32, [8])],
    ['bad-code', 'code beyond the end', patched(smallImage, 24, [7, 0, 2, 0, 52, 0, 0, 0, 28])],
    ['bad-strings', 'string offset 68', patched(smallImage, 36, [68])],
    ['bad-strings', 'string size smaller than the table', patched(smallImage, 40, [5])],
    ['bad-strings', 'string size beyond the end', patched(smallImage, 40, [13])],
    ['bad-strings', 'string size huge', patched(smallImage, 40, [0xff, 0xff, 0xff, 0xff])],
    ['bad-strings', 'string size one too small', patched(smallImage, 40, [9])],
    ['bad-strings', 'string size one too large', patched(smallImage, 40, [11])],
    ['bad-strings', 'first offset not 0', patched(smallImage, 64, [1])],
    ['bad-strings', 'offsets that fall', patched(smallImage, 66, [5])],
    ['bad-strings', 'a string over 255 bytes', patched(smallImage, 68, [0, 1])],
    ['bad-strings', 'a string of 256 bytes', patched(imageOfStrings(255, 1), 66, [0, 1])],
    ['bad-strings', 'a first string that begins late', patched(imageOfStrings(2), 64, [1])],
    ['bad-strings', 'more strings than the table has', patched(smallImage, 26, [7])],
    ['bad-debug', 'debug offset not rounded up', patched(smallImage, 44, [74])],
    ['bad-debug', 'debug offset beyond', patched(smallImage, 44, [80])],
    ['bad-debug', 'debug size without a section', patched(smallImage, 48, [1])],
    ['bad-debug', 'flag without a section', patched(smallImage, 5, [1])],
    ['bad-debug', 'section without the flag', patched(withDebug, 5, [0])],
    ['bad-debug', 'padding not zero', patched(smallImage, 75, [1])],
    ['bad-debug', 'first padding byte not zero', patched(smallImage, 74, [1])],
    ['bad-debug', 'not JSON', withDebugText('{')],
    ['bad-debug', 'not UTF-8', patched(withDebugText('"abcd"'), 78, [0xff])],
    ['bad-debug', 'not the schema', withDebugText('{"files":[]}')],
    [
      'bad-debug',
      'a line of a file that is not there',
      withDebugText(JSON.stringify({ ...debugInfo, files: [] })),
    ],
    ['bad-debug', 'a local that begins before its function', withLocal(2, 0, 6)],
    ['bad-debug', 'a local that ends behind its function', withLocal(2, 1, 7)],
    ['bad-debug', 'a local that holds nowhere', withLocal(2, 3, 3)],
    ['bad-debug', 'a second name for a slot at its last instruction', withLocal(0, 5, 6)],
    ['bad-debug', 'a second name for a slot at its first instruction', withLocal(1, 1, 3)],
    ['bad-debug', 'a slot that no stack has', withLocal(128, 1, 6)],
    ['accepted', 'a name for a slot before and behind another', withLocal(1, 5, 6)],
    ['bad-entry', 'entry = instruction count', patched(smallImage, 20, [3])],
    ['bad-entry', 'entry 0xFFFF', patched(smallImage, 20, [0xff, 0xff])],
    ['bad-loop', 'loop = instruction count', patched(smallImage, 22, [3])],
    ['bad-loop', 'loop 0xFFFE', patched(smallImage, 22, [0xfe, 0xff])],
  ])('%s: %s', (reason, _, image) => {
    expect(reasonOf(image)).toBe(reason);
  });

  it('in the order of the format', () => {
    // One image with everything wrong, mended one reason at a time.
    let image: Uint8Array = Uint8Array.from(smallImage);
    image.set([3, 0, 3, 0], 20);
    image.set([1], 75);
    image.set([1], 64);
    image.set([56], 28);
    image.set(
      Uint8Array.of(smallImage[16] ?? 0).map((byte) => byte ^ 1),
      16,
    );
    image = sealed(image);
    image.set([0xee ^ (image[8] ?? 0)], 8);
    image.set([0, 0, 2, 60], 3);
    image.set([77], 12);
    const mend: [number, readonly number[]][] = [
      [3, [0x43]],
      [4, [1]],
      [5, [0]],
      [6, [52]],
      [12, [76]],
    ];
    const seen: string[] = [reasonOf(image.subarray(0, 20))];
    for (const [offset, bytes] of mend) {
      seen.push(reasonOf(image));
      image.set(bytes, offset);
    }
    seen.push(reasonOf(image));
    const good = (offset: number, length: number): number[] => [
      ...smallImage.subarray(offset, offset + length),
    ];
    image = sealed(image);
    for (const [offset, length] of [
      [16, 4],
      [28, 4],
      [64, 2],
      [75, 1],
      [20, 2],
      [22, 2],
    ] as const) {
      seen.push(reasonOf(image));
      image = patched(image, offset, good(offset, length));
    }
    expect(seen).toEqual([...IMAGE_REFUSALS]);
    expect(reasonOf(image)).toBe('accepted');
  });

  it('for every single flipped bit and every length', () => {
    for (let index = 0; index < smallImage.length; index += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const image = Uint8Array.from(smallImage);
        image[index] = (image[index] ?? 0) ^ (1 << bit);
        expect(reasonOf(image), `byte ${index} bit ${bit}`).not.toBe('accepted');
      }
      expect(reasonOf(smallImage.subarray(0, index))).not.toBe('accepted');
    }
  });

  it('with the value in the detail', () => {
    expect(parseImage(patched(smallImage, 20, [3]))).toEqual({
      ok: false,
      reason: 'bad-entry',
      detail: 'entry 3 of 3 instructions',
    });
  });
});

function withByte(image: Uint8Array, offset: number, byte: number): Uint8Array {
  const copy = Uint8Array.from(image);
  copy[offset] = byte;
  return copy;
}

function flipped(image: Uint8Array, offset: number): Uint8Array {
  return patched(image, offset, [(image[offset] ?? 0) ^ 1]);
}
