import { expect, test } from 'vitest';
import { byteCount, parseSegments, readSegments, sha256 } from '../../../src/probe/elf-segments.ts';
import { dataOffset, elf, load } from './elf-file.ts';

test('loadable segments come by load address; empty and other ones do not', () => {
  const at = dataOffset(4);
  const note = { type: 4, offset: at, paddr: 0, size: 2 };
  const file = elf(
    [load(at + 2, 0x08000002, 1), load(at, 0x08000000, 2), load(at, 0x20000000, 0), note],
    [0x61, 0x62, 0x63],
  );
  const segments = parseSegments(file, 'a.elf');
  expect(segments.map(({ address, bytes }) => [address, [...bytes]])).toEqual([
    [0x08000000, [0x61, 0x62]],
    [0x08000002, [0x63]],
  ]);
  expect(byteCount(segments)).toBe(3);
  // SHA-256 of "abc", FIPS 180-2 appendix B.1.
  expect(sha256(segments)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test.each([
  ['is not a 32-bit little-endian ELF file', new Uint8Array(52)],
  ['is not a 32-bit little-endian ELF file', elf([], []).subarray(0, 51)],
  ['is for ELF machine 62, not ARM (40)', elf([], [], 62)],
  ['has nothing to load', elf([load(84, 0x08000000, 0)], [])],
  ['has a segment outside the file', elf([load(84, 0x08000000, 2)], [1])],
  [
    'has a program header table outside the file',
    elf([load(84, 0x08000000, 1)], [1]).subarray(0, 83),
  ],
])('%s', (why, file) => {
  expect(() => parseSegments(file, 'a.elf')).toThrow(`a.elf ${why}`);
});

test('a file that is not there', async () => {
  await expect(readSegments('/nonexistent/fw.elf')).rejects.toMatchObject({
    causeClass: 'usage',
    message: expect.stringContaining('cannot read /nonexistent/fw.elf') as string,
  });
});
