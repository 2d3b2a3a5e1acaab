import { describe, expect, it } from 'vitest';
import type { Program } from '../../../src/image/index.ts';
import { EFFECT_KINDS, PORTS, STORE_ADDRESSES, type Effect } from '../../../src/isa/index.ts';
import { noteOf, reconstruct } from '../../../src/lockstep/reconstruct.ts';
import { digestOf } from '../../helpers/fake-digest.ts';

const ins = (opcode: number, immediate = 0) => ({ opcode, flags: 0, immediate });
/** PUSH 1, SUB, STORE_GLOBAL 3, DIGITAL_READ, PRINTF 0, STORE_LOCAL 0, JMP 1. */
const CODES = [0x01, 0x04, 0x51, 0x11, 0x18, 0x53, 0x30];
const PROGRAM: Program = {
  instructions: CODES.map((code) => ins(code)),
  strings: [],
  entry: 0,
  loop: undefined,
  debug: undefined,
};

const effect = (pc: number, kind: Effect['kind'], address: number, value: number): Effect => ({
  pc,
  opcode: CODES[pc] ?? 0,
  sp: 3,
  kind,
  address,
  value,
});
const { TOP, STORE, INPUT, OUTPUT, PRINT, ERROR } = EFFECT_KINDS;
const { GLOBAL, LOCAL, ARRAY } = STORE_ADDRESSES;
const SUB = effect(1, TOP, 0, 5);
const STORED = effect(2, STORE, GLOBAL + 3, 7);
const READ = effect(3, INPUT, PORTS.DIGITAL + 13, 1);
const text = (bytes: string): Uint8Array => Uint8Array.from(Buffer.from(bytes));
const PRINTED: Effect = { ...effect(4, PRINT, PORTS.PRINT, 0), text: text('Hi') };

/** Any hash will do. */
const BEFORE = 0x1234_5678;

function rebuilt(actual: Effect, expected: Effect, before = BEFORE) {
  const { hash: after, value } = digestOf(before, actual);
  return reconstruct({ before, after, value }, expected, PROGRAM);
}

describe('what a step did, from its note', () => {
  it.each<[string, Effect, Effect]>([
    ['another value on the stack', SUB, { ...SUB, value: -5 }],
    ['another stack depth', SUB, { ...SUB, sp: 2 }],
    ['another depth and value', SUB, { ...SUB, sp: 4, value: 0 }],
    ['an instruction elsewhere', SUB, { ...SUB, pc: 0, opcode: 0x01 }],
    [
      'an instruction elsewhere, with another value',
      SUB,
      { ...SUB, pc: 6, opcode: 0x30, value: 9 },
    ],
    ['a step at the end of the program', SUB, { ...SUB, pc: 7, opcode: 0 }],
    ['a store instead of a top', SUB, { ...SUB, kind: STORE, address: GLOBAL + 9, value: 5 }],
    ['an output instead of a top', SUB, { ...SUB, kind: OUTPUT, address: PORTS.DELAY, value: 30 }],
    ['a fault instead of a top, nothing popped', SUB, { ...SUB, kind: ERROR, sp: 4, value: 2 }],
    ['another value stored', STORED, { ...STORED, value: -7 }],
    ['another cell', STORED, { ...STORED, address: GLOBAL + 4 }],
    ['another cell and value', STORED, { ...STORED, address: ARRAY + 1023, value: 8 }],
    ['a local instead of a global', STORED, { ...STORED, address: LOCAL + 127 }],
    ['a store with another stack depth', STORED, { ...STORED, sp: 4 }],
    ['a store elsewhere', STORED, { ...STORED, pc: 5, opcode: 0x53 }],
    ['a store that left nothing but a top', STORED, { ...STORED, kind: TOP, address: 0 }],
    [
      'a fault instead of a store, nothing popped',
      STORED,
      { ...STORED, kind: ERROR, address: 0, sp: 4, value: 7 },
    ],
    [
      'a store elsewhere in memory and on the stack',
      STORED,
      { ...STORED, sp: 4, address: GLOBAL + 5 },
    ],
    ['another value read', READ, { ...READ, value: 0 }],
    ['another pin', READ, { ...READ, address: PORTS.DIGITAL + 12 }],
    ['a pin written instead of read', READ, { ...READ, kind: OUTPUT }],
    ['another fault', { ...SUB, kind: ERROR, value: 2 }, { ...SUB, kind: ERROR, value: 7 }],
    ['no fault', { ...SUB, kind: ERROR, value: 2 }, { ...SUB, sp: 2, value: 9 }],
    ['a print that was only its text', { ...SUB, value: 1 }, { ...SUB, value: 2 }],
  ])('%s', (_, expected, actual) => {
    for (const before of [BEFORE, 0, -1, 0x6a09e667])
      expect(rebuilt(actual, expected, before)).toEqual({ effect: actual, unknown: undefined });
  });

  it('a text that was to be printed, by another step', () => {
    const actual = { ...PRINTED, sp: 2 };
    expect(rebuilt(actual, PRINTED)).toEqual({ effect: actual, unknown: undefined });
  });

  it('another text: that there was one, but not which', () => {
    expect(rebuilt({ ...PRINTED, text: text('Ho') }, PRINTED)).toEqual({
      effect: effect(4, PRINT, PORTS.PRINT, 0),
      unknown: 'the text that it printed isn’t known',
    });
  });

  it.each<[string, Effect, Effect]>([
    ['a store to a local', SUB, effect(5, STORE, LOCAL + 2, 9)],
    ['a read', SUB, effect(3, INPUT, PORTS.DIGITAL + 4, 1)],
    ['a store, of another', STORED, { ...effect(5, STORE, LOCAL + 2, 9), sp: 1 }],
    ['a fault', STORED, effect(6, ERROR, 0, 4)],
  ])('another instruction that did %s', (_, expected, actual) => {
    expect(rebuilt(actual, expected)).toEqual({ effect: actual, unknown: undefined });
  });

  it('another instruction that did what it is not there for: says so, and gives the value', () => {
    const actual = { ...STORED, pc: 5, opcode: 0x53, sp: 9, address: ARRAY + 3, value: 44 };
    const { effect: known, unknown } = rebuilt(actual, STORED);
    expect(unknown).toBe('nothing is known of it but its value, 44');
    expect(known).toEqual({ ...STORED, value: 44 });
  });

  it.each<[string, Effect]>([
    ['an opcode that is not the program’s', { ...SUB, opcode: 0x99 }],
    ['a pc beyond the program', { ...SUB, pc: 5000 }],
    ['a stack deeper than it is', { ...SUB, sp: 129 }],
    ['a cell that does not exist', { ...SUB, kind: STORE, address: ARRAY + 1024 }],
    ['a fault that does not exist', { ...SUB, kind: ERROR, value: 13 }],
    ['a kind that does not exist', { ...SUB, kind: 7 as Effect['kind'] }],
  ])('does not believe in %s', (_, actual) => {
    expect(rebuilt(actual, SUB).unknown).toMatch(/nothing is known of it but its value/);
  });

  it('takes the word of the log of inputs when the hash confirms it', () => {
    // At another place and with another port than expected: only the log tells the port.
    const actual = { ...READ, pc: 0, opcode: 0x01, sp: 9, address: PORTS.BUTTON + 7, value: 77 };
    const { hash: after, value } = digestOf(BEFORE, actual);
    const note = { before: BEFORE, after, value };
    const read = { port: PORTS.BUTTON + 7, value: 77 };
    expect(reconstruct(note, READ, PROGRAM, read)).toEqual({ effect: actual, unknown: undefined });
    const wrong = reconstruct(note, READ, PROGRAM, { port: 1, value: 1 });
    expect(wrong.unknown).toBeDefined();
  });

  it('notes are what the board’s are', () => {
    for (const made of [SUB, STORED, READ, PRINTED]) {
      const { hash, value } = digestOf(BEFORE, made);
      expect(noteOf(BEFORE, made)).toEqual({ before: BEFORE, after: hash, value });
    }
  });
});
