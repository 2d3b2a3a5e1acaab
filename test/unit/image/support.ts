import { crc32 } from 'node:zlib';
import { ISA_HASH, type Instruction } from '../../../src/isa/index.ts';
import type { DebugInfo, Program } from '../../../src/image/index.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

const u16 = (value: number): number[] => [value & 0xff, value >>> 8];
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];

/** Puts the right CRC-32 into bytes 8..11: over bytes 0..7 and 12..end. */
export function sealed(image: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(image);
  const covered = Buffer.concat([copy.subarray(0, 8), copy.subarray(12)]);
  copy.set(u32(crc32(covered)), 8);
  return copy;
}

/** A copy with some bytes replaced, and the CRC made right again. */
export function patched(image: Uint8Array, offset: number, bytes: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(image);
  copy.set(bytes, offset);
  return sealed(copy);
}

const halt: Instruction = { opcode: 0x00, flags: 0, immediate: 0 };

/** PUSH.SIGNED -5, PRINTF 1 with 1 argument, HALT; strings "", "n=%d"; entry 0, loop 1. */
export const smallProgram: Program = {
  instructions: [
    { opcode: 0x01, flags: 1, immediate: 0xfffb },
    { opcode: 0x18, flags: 1, immediate: 1 },
    halt,
  ],
  strings: [ascii(''), ascii('n=%d')],
  entry: 0,
  loop: 1,
  debug: undefined,
};

/** The image of smallProgram, byte by byte from docs/image-format.md. */
export const smallImage: Uint8Array = sealed(
  Uint8Array.from([
    ...[0x43, 0x56, 0x42, 0x43], // "CVBC"
    1, // format version
    0, // flags
    ...u16(52), // header size
    ...u32(0), // CRC-32, set by sealed()
    ...u32(76), // total size: 52 + 12 + 10 + 2 padding
    ...u32(ISA_HASH),
    ...u16(0), // entry
    ...u16(1), // loop
    ...u16(3), // instruction count
    ...u16(2), // string count
    ...u32(52), // code offset
    ...u32(12), // code size
    ...u32(64), // string offset
    ...u32(10), // string size: 3 offsets and 4 bytes
    ...u32(76), // debug offset: 74 rounded up
    ...u32(0), // debug size
    ...[0x01, 0x01, 0xfb, 0xff],
    ...[0x18, 0x01, 0x01, 0x00],
    ...[0x00, 0x00, 0x00, 0x00],
    ...[0x00, 0x00, 0x00, 0x00, 0x04, 0x00], // offsets 0, 0, 4
    ...[0x6e, 0x3d, 0x25, 0x64], // "n=%d"
    ...[0x00, 0x00], // padding
  ]),
);

/** HALT alone, no strings, no loop: the smallest image there is. */
export const smallestImage: Uint8Array = sealed(
  Uint8Array.from([
    ...[0x43, 0x56, 0x42, 0x43, 1, 0, 52, 0],
    ...u32(0),
    ...u32(60),
    ...u32(ISA_HASH),
    ...[0, 0, 0xff, 0xff, 1, 0, 0, 0],
    ...u32(52),
    ...u32(4),
    ...u32(56),
    ...u32(2), // one table entry
    ...u32(60), // 58 rounded up
    ...u32(0),
    ...[0x00, 0x00, 0x00, 0x00],
    ...[0x00, 0x00], // offset[0]
    ...[0x00, 0x00], // padding
  ]),
);

export const smallestProgram: Program = {
  instructions: [halt],
  strings: [],
  entry: 0,
  loop: undefined,
  debug: undefined,
};

export const debugInfo: DebugInfo = {
  files: [{ name: 'a.ino', sha256: 'ab'.repeat(32), text: 'int n;\r\nvoid f() {\n  n = 1;\n}\n' }],
  lines: [
    { pc: 1, file: 0, line: 2, column: 6 },
    { pc: 4, file: 0, line: 3, column: 3 },
  ],
  functions: [
    {
      name: 'f',
      start: 1,
      end: 6,
      locals: [
        { name: 'x', slot: 0, start: 1, end: 6 },
        { name: 'i', slot: 1, start: 2, end: 4 },
        { name: 'k', slot: 1, start: 4, end: 5 },
      ],
    },
  ],
  globals: [{ name: 'n', id: 0 }],
  arrays: [],
};
