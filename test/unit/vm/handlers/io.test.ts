import { describe, expect, it } from 'vitest';
import type { OpcodeName } from '../../../../src/isa/index.ts';
import { ascii, callsOf, INT_MAX, INT_MIN, mockIo, op, type MockIo } from '../support.ts';
import { expectFault, expectStack, filled } from '../expect.ts';

/** Outputs: operands and what the controller is asked for. */
const OUTPUTS: readonly [OpcodeName, number[], keyof MockIo, number[]][] = [
  ['DIGITAL_WRITE', [13, 1], 'digitalWrite', [13, 1]],
  ['DIGITAL_WRITE', [13, 0], 'digitalWrite', [13, 0]],
  ['DIGITAL_WRITE', [13, 7], 'digitalWrite', [13, 1]],
  ['DIGITAL_WRITE', [-1, INT_MIN], 'digitalWrite', [-1, 1]],
  ['ANALOG_WRITE', [3, 0], 'analogWrite', [3, 0]],
  ['ANALOG_WRITE', [3, 255], 'analogWrite', [3, 255]],
  ['PIN_MODE', [13, 0], 'pinMode', [13, 0]],
  ['PIN_MODE', [13, 3], 'pinMode', [13, 3]],
  ['DELAY', [0], 'delay', [0]],
  ['DELAY', [INT_MAX], 'delay', [INT_MAX]],
];

describe('outputs', () => {
  it.each(OUTPUTS)('%s %j asks for %s %j', (name, operands, operation, asked) => {
    const io = mockIo();
    expectStack({ instruction: op(name), stack: [77, ...operands], io }, [77]);
    expect(io[operation]).toHaveBeenCalledExactlyOnceWith(...asked);
    expect(callsOf(io)).toBe(1);
  });

  it.each(OUTPUTS)('%s %j keeps its operands when %s is refused', (name, operands) => {
    for (const status of [9, 12] as const) {
      expectFault({ instruction: op(name), stack: operands, io: mockIo(0, status) }, status);
    }
  });

  it.each(OUTPUTS)('%s needs its operands %j', (name, operands) => {
    const io = mockIo();
    expectFault({ instruction: op(name), stack: operands.slice(1), io }, 2);
    const frames = [[0, 1]] as const;
    expectFault({ instruction: op(name), stack: operands, frames, io }, 2);
    expectFault({ instruction: op(name, 0, 1), stack: operands, io }, 5);
    expect(callsOf(io)).toBe(0);
  });

  it.each<readonly [OpcodeName, number[]]>([
    ['ANALOG_WRITE', [3, -1]],
    ['ANALOG_WRITE', [3, 256]],
    ['ANALOG_WRITE', [3, INT_MIN]],
    ['PIN_MODE', [3, -1]],
    ['PIN_MODE', [3, 4]],
    ['PIN_MODE', [3, 256]],
    ['DELAY', [-1]],
    ['DELAY', [INT_MIN]],
  ])('%s %j is an invalid argument', (name, stack) => {
    const io = mockIo(0, 9);
    expectFault({ instruction: op(name), stack, io }, 12);
    expect(callsOf(io)).toBe(0);
  });
});

const READS: readonly [OpcodeName, keyof MockIo, number, number][] = [
  ['DIGITAL_READ', 'digitalRead', 0, 0],
  ['DIGITAL_READ', 'digitalRead', 1, 1],
  ['ANALOG_READ', 'analogRead', 4095, 4095],
  ['BUTTON_PRESSED', 'button', 1, 1],
  ['BUTTON_PRESSED', 'button', 0, 0],
  ['BUTTON_RELEASED', 'button', 1, 0],
  ['BUTTON_RELEASED', 'button', 0, 1],
];

describe('reads of a port', () => {
  it.each(READS)('%s through %s: %i gives %i', (name, operation, value, result) => {
    const io = mockIo(value);
    expectStack({ instruction: op(name), stack: [77, 22], io }, [77, result]);
    expect(io[operation]).toHaveBeenCalledExactlyOnceWith(22, expect.anything());
    expect(callsOf(io)).toBe(1);
  });

  it.each(READS)('%s works on a full stack', (name, _operation, value, result) => {
    const stack = [...filled(127), 0];
    expectStack({ instruction: op(name), stack, io: mockIo(value) }, [...filled(127), result]);
  });

  it.each(READS)('%s passes on what %s refuses', (name) => {
    for (const status of [9, 12] as const) {
      expectFault({ instruction: op(name), stack: [5], io: mockIo(1, status) }, status);
    }
  });

  it.each(READS)('%s needs its operand', (name) => {
    const io = mockIo();
    expectFault({ instruction: op(name), io }, 2);
    expectFault({ instruction: op(name), stack: [1], frames: [[0, 1]], io }, 2);
    expectFault({ instruction: op(name, 0, 1), stack: [1], io }, 5);
    expect(callsOf(io)).toBe(0);
  });
});

describe.each([
  ['MILLIS', 'millis'],
  ['MICROS', 'micros'],
] as const)('%s', (name, operation) => {
  it('pushes the time, seen as int32', () => {
    expectStack({ instruction: op(name), stack: [7], io: mockIo(123) }, [7, 123]);
    expectStack({ instruction: op(name), io: mockIo(0xffff_ffff) }, [-1]);
    expectStack({ instruction: op(name), io: mockIo(0x8000_0000) }, [INT_MIN]);
  });

  it('does not ask for the time when the stack is full', () => {
    const io = mockIo(5);
    expectFault({ instruction: op(name), stack: filled(128), io }, 1);
    expect(callsOf(io)).toBe(0);
  });

  it('passes on a refusal', () => {
    const io = mockIo(5, 9);
    expectFault({ instruction: op(name), io }, 9);
    expect(io[operation]).toHaveBeenCalledOnce();
  });
});

describe('PRINTF', () => {
  const strings = [ascii('a=%d b=%d'), ascii('hello'), ascii('')];

  it('prints with its values in the order they were pushed', () => {
    const io = mockIo();
    expectStack({ instruction: op('PRINTF', 0, 2), stack: [77, 1, -2], strings, io }, [77]);
    expect(io.print).toHaveBeenCalledExactlyOnceWith(ascii('a=1 b=-2'));
  });

  it('prints without values, and prints the empty text', () => {
    const io = mockIo();
    expectStack({ instruction: op('PRINTF', 1), stack: [77], strings, io }, [77]);
    expectStack({ instruction: op('PRINTF', 2), stack: [77], strings, io }, [77]);
    expect(io.print.mock.calls).toEqual([[ascii('hello')], [ascii('')]]);
  });

  it.each([
    ['more than 8 values', 0, 9, filled(9), 5],
    ['fewer values than it takes', 0, 2, [1], 2],
    ['fewer values, judged before the string', 99, 2, [1], 2],
    ['an unknown string', 3, 0, [], 8],
    ['a missing argument', 0, 1, [1, 2], 8],
    ['an argument left over', 0, 3, [1, 2, 3], 8],
  ])('faults on %s', (_, id, count, stack, error) => {
    const io = mockIo();
    expectFault({ instruction: op('PRINTF', id, count), stack, strings, io }, error);
    expect(callsOf(io)).toBe(0);
  });

  it('does not take values of its caller', () => {
    const situation = { stack: [1, 2], frames: [[0, 1]] as const, strings };
    expectFault({ instruction: op('PRINTF', 0, 2), ...situation }, 2);
  });

  it('keeps its values when the text cannot be printed', () => {
    expectFault({ instruction: op('PRINTF', 0, 2), stack: [1, 2], strings, io: mockIo(0, 9) }, 9);
  });
});
