import { describe, expect, it } from 'vitest';
import { disassemble } from '../../../src/isa/index.ts';

const text = (opcode: number, flags: number, immediate: number): string =>
  disassemble({ opcode, flags, immediate });

describe('disassemble', () => {
  it.each([
    [0x00, 0, 0, 'HALT'],
    [0x01, 0, 65_531, 'PUSH 65531'],
    [0x01, 1, 65_531, 'PUSH.SIGNED -5'],
    [0x01, 1, 5, 'PUSH.SIGNED 5'],
    [0x01, 2, 1, 'PUSH.WIDE 1'],
    [0x03, 0, 0, 'ADD'],
    [0x08, 2, 17, 'CALL 17, 2'],
    [0x09, 0, 0, 'RET'],
    [0x09, 1, 0, 'RET.VALUE'],
    [0x18, 1, 3, 'PRINTF 3, 1'],
    [0x30, 0, 12, 'JMP 12'],
    [0x56, 0, 15, 'CREATE_ARRAY 15'],
    [0x02, 0, 99, 'POP'],
  ])('%i %i %i is %s', (opcode, flags, immediate, expected) => {
    expect(text(opcode, flags, immediate)).toBe(expected);
  });

  it.each([
    ['an unknown opcode', 0xfe, 1, 0xabcd, '.word 0xFE01ABCD'],
    ['flags that PUSH does not have', 0x01, 3, 7, '.word 0x01030007'],
    ['flags that ADD does not have', 0x03, 1, 0, '.word 0x03010000'],
    ['too many PRINTF arguments', 0x18, 9, 0, '.word 0x18090000'],
  ])('shows %s as a word', (_, opcode, flags, immediate, expected) => {
    expect(text(opcode, flags, immediate)).toBe(expected);
  });

  it('adds names from the context', () => {
    const context = {
      target: (pc: number) => (pc === 17 ? 'blink' : undefined),
      global: () => 'count',
      local: () => 'i',
      array: () => 'samples',
      string: () => new TextEncoder().encode('x = %d\n'),
    };
    const named = (opcode: number, flags: number, immediate: number): string =>
      disassemble({ opcode, flags, immediate }, context);
    expect(named(0x08, 1, 17)).toBe('CALL 17, 1  ; blink');
    expect(named(0x30, 0, 18)).toBe('JMP 18');
    expect(named(0x50, 0, 3)).toBe('LOAD_GLOBAL 3  ; count');
    expect(named(0x53, 0, 1)).toBe('STORE_LOCAL 1  ; i');
    expect(named(0x54, 0, 2)).toBe('LOAD_ARRAY 2  ; samples');
    expect(named(0x18, 1, 4)).toBe('PRINTF 4, 1  ; "x = %d\\n"');
    expect(named(0x01, 0, 3)).toBe('PUSH 3');
  });

  it('cuts a long string', () => {
    const string = (): Uint8Array => new Uint8Array(41).fill(0x61);
    const line = disassemble({ opcode: 0x18, flags: 0, immediate: 0 }, { string });
    expect(line).toBe(`PRINTF 0, 0  ; "${'a'.repeat(40)}"...`);
  });

  it.each([
    ['UTF-8', new TextEncoder().encode('Größe µ'), '"Größe µ"'],
    ['bytes that are none', Uint8Array.of(0x61, 0xff, 0x62), '"aÿb"'],
    [
      'UTF-8 that is cut',
      new TextEncoder().encode(`${'a'.repeat(39)}éx`),
      `"${'a'.repeat(39)}"...`,
    ],
  ])('shows %s', (_, bytes, expected) => {
    const line = disassemble({ opcode: 0x18, flags: 0, immediate: 0 }, { string: () => bytes });
    expect(line).toBe(`PRINTF 0, 0  ; ${expected}`);
  });
});
