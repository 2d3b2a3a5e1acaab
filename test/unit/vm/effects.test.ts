import { describe, expect, it } from 'vitest';
import type { Effect, OpcodeName } from '../../../src/isa/index.ts';
import { createEngine, loadProgram, step, stepWithEffect } from '../../../src/vm/index.ts';
import {
  ascii,
  AT,
  callsOf,
  engineBefore,
  mockIo,
  mockMemory,
  op,
  preparedMemory,
  programOf,
  stateOf,
  type Situation,
} from './support.ts';

/** Kinds by number, as docs/wire.md and the firmware know them. */
const TOP = 0;
const STORE = 1;
const INPUT = 2;
const OUTPUT = 3;
const PRINT = 4;
const ERROR = 5;

function effectOf(situation: Situation): Effect | undefined {
  const engine = engineBefore(situation);
  if (situation.memory === undefined) preparedMemory(engine);
  return stepWithEffect(engine);
}

const CASES: readonly [
  what: string,
  Situation,
  opcode: number,
  sp: number,
  kind: number,
  address: number,
  value: number,
][] = [
  ['PUSH', { instruction: op('PUSH', 0xffff, 1) }, 0x01, 1, TOP, 0, -1],
  ['POP onto an empty stack', { instruction: op('POP'), stack: [4] }, 0x02, 0, TOP, 0, 0],
  ['POP', { instruction: op('POP'), stack: [3, 4] }, 0x02, 1, TOP, 0, 3],
  ['ADD', { instruction: op('ADD'), stack: [9, 3, 4] }, 0x03, 2, TOP, 0, 7],
  ['HALT', { instruction: op('HALT'), stack: [8] }, 0x00, 1, TOP, 0, 8],
  ['JMP', { instruction: op('JMP', 0), stack: [8] }, 0x30, 1, TOP, 0, 8],
  ['JMP_FALSE', { instruction: op('JMP_FALSE', 0), stack: [8, 0] }, 0x32, 1, TOP, 0, 8],
  ['CALL: top of the whole stack', { instruction: op('CALL', 0), stack: [8] }, 0x08, 1, TOP, 0, 8],
  ['RET', { instruction: op('RET'), stack: [8, 9], frames: [[1, 1]] }, 0x09, 1, TOP, 0, 8],
  [
    'RET.VALUE',
    { instruction: op('RET', 0, 1), stack: [8, 9], frames: [[1, 0]] },
    0x09,
    1,
    TOP,
    0,
    9,
  ],
  ['LOAD_GLOBAL', { instruction: op('LOAD_GLOBAL', 5) }, 0x50, 1, TOP, 0, 55],
  ['LOAD_LOCAL', { instruction: op('LOAD_LOCAL', 0), stack: [6, 7] }, 0x52, 3, TOP, 0, 6],
  ['LOAD_ARRAY', { instruction: op('LOAD_ARRAY', 0), stack: [2] }, 0x54, 1, TOP, 0, 12],
  [
    'STORE_GLOBAL',
    { instruction: op('STORE_GLOBAL', 63), stack: [1, -2] },
    0x51,
    1,
    STORE,
    0x003f,
    -2,
  ],
  [
    'STORE_LOCAL at the bottom',
    { instruction: op('STORE_LOCAL', 0), stack: [1, 2] },
    0x53,
    1,
    STORE,
    0x0100,
    2,
  ],
  [
    'STORE_LOCAL in a frame',
    { instruction: op('STORE_LOCAL', 1), stack: [1, 2, 3, 4], frames: [[0, 1]] },
    0x53,
    3,
    STORE,
    0x0102,
    4,
  ],
  ['CREATE_ARRAY', { instruction: op('CREATE_ARRAY', 3), stack: [64] }, 0x56, 0, STORE, 0x0203, 64],
  [
    'STORE_ARRAY',
    { instruction: op('STORE_ARRAY', 15), stack: [63, 7] },
    0x55,
    0,
    STORE,
    0x0400 + 15 * 64 + 63,
    7,
  ],
  [
    'DIGITAL_WRITE',
    { instruction: op('DIGITAL_WRITE'), stack: [13, 9] },
    0x10,
    0,
    OUTPUT,
    0x000d,
    1,
  ],
  [
    'ANALOG_WRITE',
    { instruction: op('ANALOG_WRITE'), stack: [3, 200] },
    0x12,
    0,
    OUTPUT,
    0x0103,
    200,
  ],
  ['PIN_MODE', { instruction: op('PIN_MODE'), stack: [13, 1] }, 0x17, 0, OUTPUT, 0x020d, 1],
  ['DELAY', { instruction: op('DELAY'), stack: [5, 2000] }, 0x14, 1, OUTPUT, 0x0400, 2000],
  [
    'DIGITAL_READ',
    { instruction: op('DIGITAL_READ'), stack: [22], io: mockIo(1) },
    0x11,
    1,
    INPUT,
    0x0016,
    1,
  ],
  [
    'ANALOG_READ',
    { instruction: op('ANALOG_READ'), stack: [16], io: mockIo(4095) },
    0x13,
    1,
    INPUT,
    0x0110,
    4095,
  ],
  [
    'BUTTON_PRESSED',
    { instruction: op('BUTTON_PRESSED'), stack: [0], io: mockIo(1) },
    0x15,
    1,
    INPUT,
    0x0300,
    1,
  ],
  [
    'BUTTON_RELEASED: the value as it was read',
    { instruction: op('BUTTON_RELEASED'), stack: [0], io: mockIo(1) },
    0x16,
    1,
    INPUT,
    0x0300,
    1,
  ],
  ['MILLIS', { instruction: op('MILLIS'), io: mockIo(7) }, 0x19, 1, INPUT, 0x0401, 7],
  [
    'MICROS seen as int32',
    { instruction: op('MICROS'), io: mockIo(0xffff_fffe) },
    0x1a,
    1,
    INPUT,
    0x0402,
    -2,
  ],
  ['underflow', { instruction: op('ADD'), stack: [1] }, 0x03, 1, ERROR, 0, 2],
  ['bad flags', { instruction: op('ADD', 0, 1), stack: [1, 2] }, 0x03, 2, ERROR, 0, 5],
  [
    'an unknown opcode',
    { instruction: { opcode: 0xfe, flags: 0, immediate: 1 }, stack: [1] },
    0xfe,
    1,
    ERROR,
    0,
    5,
  ],
  ['a bad STORE_LOCAL', { instruction: op('STORE_LOCAL', 5), stack: [1] }, 0x53, 1, ERROR, 0, 7],
  ['a bad STORE_GLOBAL', { instruction: op('STORE_GLOBAL', 64), stack: [1] }, 0x51, 1, ERROR, 0, 7],
  [
    'a refused output',
    { instruction: op('DIGITAL_WRITE'), stack: [13, 1], io: mockIo(0, 9) },
    0x10,
    2,
    ERROR,
    0,
    9,
  ],
];

describe('stepWithEffect', () => {
  it.each(CASES)('%s', (_, situation, opcode, sp, kind, address, value) => {
    expect(effectOf(situation)).toEqual({ pc: AT, opcode, sp, kind, address, value });
  });

  it('of PRINTF holds the text', () => {
    const instruction = op('PRINTF', 0, 1);
    const effect = effectOf({ instruction, stack: [7, 42], strings: [ascii('n=%d')] });
    expect(effect).toEqual({
      pc: AT,
      opcode: 0x18,
      sp: 1,
      kind: PRINT,
      address: 0x0403,
      value: 0,
      text: ascii('n=42'),
    });
  });

  it('of an empty text is PRINT as well', () => {
    const effect = effectOf({ instruction: op('PRINTF', 0), strings: [ascii('')] });
    expect([effect?.kind, effect?.text]).toEqual([PRINT, ascii('')]);
  });

  it.each(CASES)('leaves the same state as step: %s', (_, situation) => {
    const [plain, observed] = [engineBefore(situation), engineBefore(situation)];
    preparedMemory(plain);
    preparedMemory(observed);
    step(plain);
    stepWithEffect(observed);
    expect(stateOf(observed)).toEqual(stateOf(plain));
  });

  it.each<[OpcodeName, number[]]>([
    ['LOAD_GLOBAL', []],
    ['STORE_GLOBAL', [1]],
    ['LOAD_ARRAY', [0]],
    ['STORE_ARRAY', [0, 1]],
    ['CREATE_ARRAY', [1]],
  ])('asks the memory operations exactly once: %s', (name, stack) => {
    const memory = mockMemory({ value: 5 });
    effectOf({ instruction: op(name), stack, memory });
    expect(callsOf(memory)).toBe(1);
  });

  it('has pc and opcode 0 without a program, and opcode 0 at the end of one', () => {
    const engine = createEngine({ io: mockIo() });
    const nothing = { opcode: 0, sp: 0, kind: ERROR, address: 0 };
    expect(stepWithEffect(engine)).toEqual({ ...nothing, pc: 0, value: 10 });
    loadProgram(engine, programOf([op('JMP', 0)]));
    engine.pc = 1;
    expect(stepWithEffect(engine)).toEqual({ ...nothing, pc: 1, value: 4 });
  });

  it('is nothing when the engine has stopped', () => {
    const engine = createEngine({ io: mockIo() });
    loadProgram(engine, programOf([op('HALT')]));
    expect(stepWithEffect(engine)?.kind).toBe(TOP);
    expect(stepWithEffect(engine)).toBeUndefined();
    loadProgram(engine, programOf([op('POP')]));
    expect(stepWithEffect(engine)?.kind).toBe(ERROR);
    expect(stepWithEffect(engine)).toBeUndefined();
  });

  it('does not carry one step over into the next', () => {
    const engine = createEngine({ io: mockIo() });
    const instructions = [op('PRINTF', 0), op('PUSH', 3), op('STORE_GLOBAL', 1), op('PUSH', 4)];
    loadProgram(engine, programOf(instructions, { strings: [ascii('x')] }));
    const effects = [1, 2, 3, 4].map(() => stepWithEffect(engine));
    expect(effects.map((effect) => effect?.kind)).toEqual([PRINT, TOP, STORE, TOP]);
    expect(effects.map((effect) => effect?.text !== undefined)).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(effects[3]).toEqual({ pc: 3, opcode: 1, sp: 1, kind: TOP, address: 0, value: 4 });
  });
});
