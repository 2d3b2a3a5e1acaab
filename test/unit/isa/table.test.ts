import { describe, expect, it } from 'vitest';
import { errorName, opcodeByCode, opcodeByName, OPCODES } from '../../../src/isa/index.ts';

/** The numbers that programs and boards in the field rely on, written down once more by hand. */
const NUMBERS: Readonly<Record<string, number>> = {
  HALT: 0x00,
  PUSH: 0x01,
  POP: 0x02,
  ADD: 0x03,
  SUB: 0x04,
  MUL: 0x05,
  DIV: 0x06,
  MOD: 0x07,
  CALL: 0x08,
  RET: 0x09,
  DIGITAL_WRITE: 0x10,
  DIGITAL_READ: 0x11,
  ANALOG_WRITE: 0x12,
  ANALOG_READ: 0x13,
  DELAY: 0x14,
  BUTTON_PRESSED: 0x15,
  BUTTON_RELEASED: 0x16,
  PIN_MODE: 0x17,
  PRINTF: 0x18,
  MILLIS: 0x19,
  MICROS: 0x1a,
  EQ: 0x20,
  NE: 0x21,
  LT: 0x22,
  GT: 0x23,
  LE: 0x24,
  GE: 0x25,
  EQ_SIGNED: 0x26,
  NE_SIGNED: 0x27,
  LT_SIGNED: 0x28,
  GT_SIGNED: 0x29,
  LE_SIGNED: 0x2a,
  GE_SIGNED: 0x2b,
  JMP: 0x30,
  JMP_TRUE: 0x31,
  JMP_FALSE: 0x32,
  AND: 0x40,
  OR: 0x41,
  NOT: 0x42,
  LOAD_GLOBAL: 0x50,
  STORE_GLOBAL: 0x51,
  LOAD_LOCAL: 0x52,
  STORE_LOCAL: 0x53,
  LOAD_ARRAY: 0x54,
  STORE_ARRAY: 0x55,
  CREATE_ARRAY: 0x56,
  BITWISE_AND: 0x60,
  BITWISE_OR: 0x61,
  BITWISE_XOR: 0x62,
  BITWISE_NOT: 0x63,
  SHIFT_LEFT: 0x64,
  SHIFT_RIGHT: 0x65,
};

describe('the instruction table', () => {
  it('has exactly the 52 opcodes with their numbers', () => {
    expect(OPCODES).toHaveLength(52);
    expect(Object.fromEntries(OPCODES.map(({ name, code }) => [name, code]))).toEqual(NUMBERS);
  });

  it('is in ascending order without doubles', () => {
    const codes = OPCODES.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].sort((a, b) => a - b));
  });

  it.each(Object.entries(NUMBERS))('finds %s by name and by code', (name, code) => {
    expect(opcodeByCode(code)?.name).toBe(name);
    expect(opcodeByName(name)?.code).toBe(code);
  });

  it('knows nothing else', () => {
    for (const code of [0x0a, 0x0f, 0x1b, 0x2c, 0x33, 0x43, 0x57, 0x66, 0xff, 256, -1]) {
      expect(opcodeByCode(code)).toBeUndefined();
    }
    expect(opcodeByName('push')).toBeUndefined();
    expect(opcodeByName('toString')).toBeUndefined();
  });
});

describe('errorName', () => {
  it('names the errors', () => {
    expect(errorName(0)).toBe('NONE');
    expect(errorName(6)).toBe('DIVISION_BY_ZERO');
    expect(errorName(12)).toBe('INVALID_ARGUMENT');
  });

  it('shows a code that is no error', () => {
    expect(errorName(13)).toBe('ERROR_13');
  });
});
