import { describe, expect, it } from 'vitest';
import { OPCODES, type OpcodeName } from '../../../../src/isa/index.ts';
import { step } from '../../../../src/vm/index.ts';
import {
  ascii,
  callsOf,
  engineBefore,
  mockIo,
  mockMemory,
  op,
  stackOf,
  type MockIo,
  type Situation,
} from '../support.ts';
import { expectFault } from '../expect.ts';

type MockMemory = ReturnType<typeof mockMemory>;

/** The one operation that a handler asks for, and with which arguments; a place for the answer is not listed. */
type Call =
  | { readonly memory: keyof MockMemory; readonly args: readonly number[] }
  | { readonly io: keyof MockIo; readonly args: readonly (number | Uint8Array)[] };

interface Row extends Omit<Situation, 'instruction' | 'memory' | 'io'> {
  /** Immediate and flags. */
  readonly immediate?: number;
  readonly flags?: number;
  /** Nothing is asked for when left out. */
  readonly asks?: Call;
  /** What a load or read gives. */
  readonly given?: number;
  /** The stack afterwards. */
  readonly after: readonly number[];
}

const two = (a: number, b: number, result: number): Row => ({ stack: [a, b], after: [result] });

/** One call of each handler. The compiler refuses a table with an opcode missing. */
const ROWS: Readonly<Record<OpcodeName, Row>> = {
  HALT: { stack: [7], after: [7] },
  PUSH: { immediate: 5, stack: [7], after: [7, 5] },
  POP: { stack: [7, 8], after: [7] },
  ADD: two(7, 3, 10),
  SUB: two(7, 3, 4),
  MUL: two(7, 3, 21),
  DIV: two(7, 3, 2),
  MOD: two(7, 3, 1),
  CALL: { immediate: 1, flags: 1, stack: [7, 8], after: [7, 8] },
  RET: { flags: 1, stack: [7, 8, 9], frames: [[1, 1]], after: [7, 9] },
  DIGITAL_WRITE: { stack: [13, -5], asks: { io: 'digitalWrite', args: [13, 1] }, after: [] },
  DIGITAL_READ: { stack: [22], asks: { io: 'digitalRead', args: [22] }, given: 1, after: [1] },
  ANALOG_WRITE: { stack: [3, 255], asks: { io: 'analogWrite', args: [3, 255] }, after: [] },
  ANALOG_READ: { stack: [16], asks: { io: 'analogRead', args: [16] }, given: 4095, after: [4095] },
  DELAY: { stack: [250], asks: { io: 'delay', args: [250] }, after: [] },
  BUTTON_PRESSED: { stack: [2], asks: { io: 'button', args: [2] }, given: 1, after: [1] },
  BUTTON_RELEASED: { stack: [2], asks: { io: 'button', args: [2] }, given: 1, after: [0] },
  PIN_MODE: { stack: [13, 3], asks: { io: 'pinMode', args: [13, 3] }, after: [] },
  PRINTF: {
    immediate: 0,
    flags: 2,
    stack: [7, 1, -2],
    strings: [ascii('%d|%d')],
    asks: { io: 'print', args: [ascii('1|-2')] },
    after: [7],
  },
  MILLIS: { stack: [7], asks: { io: 'millis', args: [] }, given: 0xffff_fffe, after: [7, -2] },
  MICROS: { stack: [7], asks: { io: 'micros', args: [] }, given: 1234, after: [7, 1234] },
  EQ: two(-1, 1, 0),
  NE: two(-1, 1, 1),
  LT: two(-1, 1, 0),
  GT: two(-1, 1, 1),
  LE: two(-1, 1, 0),
  GE: two(-1, 1, 1),
  EQ_SIGNED: two(-1, 1, 0),
  NE_SIGNED: two(-1, 1, 1),
  LT_SIGNED: two(-1, 1, 1),
  GT_SIGNED: two(-1, 1, 0),
  LE_SIGNED: two(-1, 1, 1),
  GE_SIGNED: two(-1, 1, 0),
  JMP: { immediate: 0, stack: [7], after: [7] },
  JMP_TRUE: { immediate: 0, stack: [7, 1], after: [7] },
  JMP_FALSE: { immediate: 0, stack: [7, 0], after: [7] },
  AND: two(2, 4, 1),
  OR: two(0, 4, 1),
  NOT: { stack: [0], after: [1] },
  LOAD_GLOBAL: {
    immediate: 63,
    stack: [7],
    asks: { memory: 'loadGlobal', args: [63] },
    given: -5,
    after: [7, -5],
  },
  STORE_GLOBAL: {
    immediate: 0xffff,
    stack: [7, -5],
    asks: { memory: 'storeGlobal', args: [0xffff, -5] },
    after: [7],
  },
  LOAD_LOCAL: { immediate: 0, stack: [7, 8], after: [7, 8, 7] },
  STORE_LOCAL: { immediate: 0, stack: [7, 8], after: [8] },
  LOAD_ARRAY: {
    immediate: 15,
    stack: [7, 63],
    asks: { memory: 'loadArray', args: [15, 63] },
    given: -5,
    after: [7, -5],
  },
  STORE_ARRAY: {
    immediate: 0x101,
    stack: [7, 0x10005, -5],
    asks: { memory: 'storeArray', args: [0x101, 0x10005, -5] },
    after: [7],
  },
  CREATE_ARRAY: {
    immediate: 3,
    stack: [7, 64],
    asks: { memory: 'createArray', args: [3, 64] },
    after: [7],
  },
  BITWISE_AND: two(12, 10, 8),
  BITWISE_OR: two(12, 10, 14),
  BITWISE_XOR: two(12, 10, 6),
  BITWISE_NOT: { stack: [5], after: [-6] },
  SHIFT_LEFT: two(5, 2, 20),
  SHIFT_RIGHT: two(-5, 1, -3),
};

/** Expects exactly the one call, or none. */
function expectAsked(asks: Call | undefined, memory: MockMemory, io: MockIo): void {
  expect(callsOf(memory) + callsOf(io)).toBe(asks === undefined ? 0 : 1);
  if (asks === undefined) return;
  const mock = 'memory' in asks ? memory[asks.memory] : io[asks.io];
  expect(mock).toHaveBeenCalledOnce();
  const [call = []] = mock.mock.calls as unknown[][];
  // A read has a place for its answer as last argument.
  expect(call.slice(0, asks.args.length)).toEqual(asks.args);
  expect(call.length - asks.args.length).toBeLessThanOrEqual(1);
}

/** A handler's situation, its mocks to be added. */
function situationOf(name: OpcodeName) {
  const { immediate, flags, asks, given, after, ...situation } = ROWS[name];
  return {
    situation: { ...situation, instruction: op(name, immediate, flags) },
    asks,
    given,
    after,
  };
}

const NAMES = OPCODES.map(({ name }) => name);
const asksFor = (kind: 'memory' | 'io') => NAMES.filter((name) => kind in (ROWS[name].asks ?? {}));

describe('a handler with mocks', () => {
  it('has a row for every opcode', () => {
    expect(Object.keys(ROWS).sort()).toEqual([...NAMES].sort());
  });

  it.each(NAMES)('%s asks for that operation, with those arguments, and for no other', (name) => {
    const { situation, asks, given, after } = situationOf(name);
    const [memory, io] = [mockMemory({ value: given }), mockIo(given)];
    const engine = engineBefore({ ...situation, memory, io });
    expect(step(engine)).toBe('executed');
    expect(stackOf(engine)).toEqual(after);
    expectAsked(asks, memory, io);
  });

  it.each(asksFor('memory'))('%s refused by memory: fault 7, nothing changed', (name) => {
    const { situation, asks } = situationOf(name);
    const [memory, io] = [mockMemory({ done: false }), mockIo()];
    expectFault({ ...situation, memory, io }, 7);
    expectAsked(asks, memory, io);
  });

  it.each(asksFor('io'))('%s refused by io: its fault, nothing changed', (name) => {
    const { situation, asks, given } = situationOf(name);
    for (const status of [9, 12] as const) {
      const [memory, io] = [mockMemory(), mockIo(given, status)];
      expectFault({ ...situation, memory, io }, status);
      expectAsked(asks, memory, io);
    }
  });

  // CALL knows all flags.
  it.each(NAMES.filter((name) => name !== 'CALL'))('%s with bad flags asks nobody', (name) => {
    const { situation, given } = situationOf(name);
    const [memory, io] = [mockMemory({ value: given }), mockIo(given)];
    const instruction = { ...situation.instruction, flags: 255 };
    expectFault({ ...situation, instruction, memory, io }, 5);
    expectAsked(undefined, memory, io);
  });
});
