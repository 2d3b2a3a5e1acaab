import { describe, expect, it } from 'vitest';
import {
  decodeCode,
  decodeInstruction,
  encodeCode,
  encodeInstruction,
} from '../../../src/isa/index.ts';

describe('encodeInstruction', () => {
  it('writes opcode, flags and the immediate with its low byte first', () => {
    const bytes = encodeInstruction({ opcode: 0x08, flags: 2, immediate: 0x1234 });
    expect([...bytes]).toEqual([0x08, 0x02, 0x34, 0x12]);
  });

  it.each([
    [{ opcode: 256, flags: 0, immediate: 0 }, /opcode 256/],
    [{ opcode: 0, flags: -1, immediate: 0 }, /flags -1/],
    [{ opcode: 0, flags: 0, immediate: 65_536 }, /immediate 65536/],
    [{ opcode: 0, flags: 0, immediate: 0.5 }, /immediate 0.5/],
  ])('refuses %o', (instruction, message) => {
    expect(() => encodeInstruction(instruction)).toThrow(message);
  });
});

describe('decodeInstruction', () => {
  it('reads at an offset', () => {
    const bytes = Uint8Array.of(9, 9, 0xff, 0x01, 0xfe, 0xff);
    expect(decodeInstruction(bytes, 2)).toEqual({ opcode: 0xff, flags: 1, immediate: 0xfffe });
  });

  it('refuses less than four bytes', () => {
    expect(() => decodeInstruction(Uint8Array.of(1, 2, 3))).toThrow(RangeError);
  });
});

describe('a code section', () => {
  const instructions = [
    { opcode: 0x01, flags: 1, immediate: 0xfffb },
    { opcode: 0x00, flags: 0, immediate: 0 },
  ];
  const bytes = [0x01, 0x01, 0xfb, 0xff, 0x00, 0x00, 0x00, 0x00];

  it('is its instructions one after the other', () => {
    expect([...encodeCode(instructions)]).toEqual(bytes);
    expect(decodeCode(Uint8Array.from(bytes))).toEqual(instructions);
  });

  it('has whole instructions only', () => {
    expect(() => decodeCode(Uint8Array.from(bytes.slice(0, 7)))).toThrow(/7 bytes/);
  });
});
