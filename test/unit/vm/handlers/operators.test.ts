import { describe, expect, it } from 'vitest';
import { OPCODES, type OpcodeName } from '../../../../src/isa/index.ts';
import { INT_MAX, INT_MIN, op } from '../support.ts';
import { expectFault, expectStack } from '../expect.ts';

type BinaryCase = readonly [name: OpcodeName, a: number, b: number, result: number];

const ARITHMETIC: readonly BinaryCase[] = [
  ['ADD', 2, 3, 5],
  ['ADD', -2, -3, -5],
  ['ADD', INT_MAX, 1, INT_MIN],
  ['ADD', INT_MIN, INT_MIN, 0],
  ['SUB', 2, 3, -1],
  ['SUB', INT_MIN, 1, INT_MAX],
  ['SUB', 0, INT_MIN, INT_MIN],
  ['MUL', -7, 6, -42],
  ['MUL', 65_536, 65_536, 0],
  ['MUL', INT_MAX, INT_MAX, 1],
  ['MUL', INT_MIN, -1, INT_MIN],
  ['MUL', 123_456_789, 987_654_321, -67_153_019],
  ['DIV', 7, 2, 3],
  ['DIV', -7, 2, -3],
  ['DIV', 7, -2, -3],
  ['DIV', -7, -2, 3],
  ['DIV', 1, 2, 0],
  ['DIV', -1, 2, 0],
  ['DIV', INT_MIN, -1, INT_MIN],
  ['DIV', INT_MIN, 1, INT_MIN],
  ['DIV', INT_MIN, INT_MIN, 1],
  ['DIV', INT_MAX, -1, -INT_MAX],
  ['MOD', 7, 3, 1],
  ['MOD', -7, 3, -1],
  ['MOD', 7, -3, 1],
  ['MOD', -7, -3, -1],
  ['MOD', INT_MIN, -1, 0],
  ['MOD', -6, 3, 0],
  ['MOD', 5, INT_MIN, 5],
];

/** Comparisons of a with b: [EQ, NE, LT, GT, LE, GE]. */
const COMPARISONS: readonly [
  a: number,
  b: number,
  unsigned: readonly number[],
  signed: readonly number[],
][] = [
  [1, 2, [0, 1, 1, 0, 1, 0], [0, 1, 1, 0, 1, 0]],
  [2, 1, [0, 1, 0, 1, 0, 1], [0, 1, 0, 1, 0, 1]],
  [3, 3, [1, 0, 0, 0, 1, 1], [1, 0, 0, 0, 1, 1]],
  [-1, 1, [0, 1, 0, 1, 0, 1], [0, 1, 1, 0, 1, 0]],
  [1, -1, [0, 1, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1]],
  [-1, -1, [1, 0, 0, 0, 1, 1], [1, 0, 0, 0, 1, 1]],
  [INT_MIN, INT_MAX, [0, 1, 0, 1, 0, 1], [0, 1, 1, 0, 1, 0]],
  [0, INT_MIN, [0, 1, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1]],
];

const RELATIONS = ['EQ', 'NE', 'LT', 'GT', 'LE', 'GE'] as const;

const compareCases = COMPARISONS.flatMap(([a, b, unsigned, signed]) =>
  RELATIONS.flatMap((relation, index): BinaryCase[] => [
    [relation, a, b, unsigned[index] ?? NaN],
    [`${relation}_SIGNED`, a, b, signed[index] ?? NaN],
  ]),
);

const LOGIC: readonly BinaryCase[] = [
  ['AND', 0, 0, 0],
  ['AND', 0, 9, 0],
  ['AND', 9, 0, 0],
  ['AND', 2, 1, 1],
  ['AND', INT_MIN, -1, 1],
  ['OR', 0, 0, 0],
  ['OR', 0, 9, 1],
  ['OR', INT_MIN, 0, 1],
  ['OR', 2, 1, 1],
];

const BITWISE: readonly BinaryCase[] = [
  ['BITWISE_AND', 0b1100, 0b1010, 0b1000],
  ['BITWISE_AND', -1, INT_MIN, INT_MIN],
  ['BITWISE_OR', 0b1100, 0b1010, 0b1110],
  ['BITWISE_OR', INT_MIN, 1, -2_147_483_647],
  ['BITWISE_XOR', 0b1100, 0b1010, 0b0110],
  ['BITWISE_XOR', -1, -1, 0],
  ['SHIFT_LEFT', 1, 0, 1],
  ['SHIFT_LEFT', 1, 31, INT_MIN],
  ['SHIFT_LEFT', 3, 31, INT_MIN],
  ['SHIFT_LEFT', -1, 4, -16],
  ['SHIFT_RIGHT', 16, 4, 1],
  ['SHIFT_RIGHT', -1, 31, -1],
  ['SHIFT_RIGHT', INT_MIN, 31, -1],
  ['SHIFT_RIGHT', -5, 1, -3],
  ['SHIFT_RIGHT', -5, 0, -5],
];

const BINARY = [...ARITHMETIC, ...compareCases, ...LOGIC, ...BITWISE];

describe('a b -- r', () => {
  it.each(BINARY)('%s of %i and %i is %i', (name, a, b, result) => {
    expectStack({ instruction: op(name), stack: [77, a, b] }, [77, result]);
  });

  const names = [...new Set(BINARY.map(([name]) => name))];

  it('covers every such opcode', () => {
    const expected = OPCODES.filter(({ group, before }) => {
      return before.length === 2 && group !== 'io' && group !== 'memory';
    });
    expect([...names].sort()).toEqual(expected.map(({ name }) => name).sort());
  });

  it.each(names)('%s needs two values', (name) => {
    expectFault({ instruction: op(name), stack: [] }, 2);
    expectFault({ instruction: op(name), stack: [1] }, 2);
  });

  it.each(names)('%s does not reach below the frame base', (name) => {
    expectFault({ instruction: op(name), stack: [1, 1, 1], frames: [[0, 2]] }, 2);
  });

  it.each(names)('%s has no flags', (name) => {
    expectFault({ instruction: op(name, 0, 1), stack: [1, 1] }, 5);
  });

  it.each(names)('%s ignores its immediate', (name) => {
    const [, a, b, result] = BINARY.find(([other]) => other === name) ?? ['', NaN, NaN, NaN];
    expectStack({ instruction: op(name, 0xffff), stack: [a, b] }, [result]);
  });
});

describe('a -- r', () => {
  it.each<readonly [OpcodeName, number, number]>([
    ['NOT', 0, 1],
    ['NOT', 1, 0],
    ['NOT', INT_MIN, 0],
    ['BITWISE_NOT', 0, -1],
    ['BITWISE_NOT', INT_MAX, INT_MIN],
    ['BITWISE_NOT', 5, -6],
  ])('%s of %i is %i', (name, a, result) => {
    expectStack({ instruction: op(name), stack: [77, a] }, [77, result]);
  });

  it.each<OpcodeName>(['NOT', 'BITWISE_NOT'])('%s needs one value', (name) => {
    expectFault({ instruction: op(name) }, 2);
    expectFault({ instruction: op(name), stack: [1], frames: [[0, 1]] }, 2);
    expectFault({ instruction: op(name, 0, 1), stack: [1] }, 5);
  });
});

describe('operands that an operator refuses', () => {
  it.each<OpcodeName>(['DIV', 'MOD'])('%s by zero', (name) => {
    expectFault({ instruction: op(name), stack: [1, 0] }, 6);
    expectFault({ instruction: op(name), stack: [0, 0] }, 6);
    expectFault({ instruction: op(name), stack: [0] }, 2);
  });

  it.each<OpcodeName>(['SHIFT_LEFT', 'SHIFT_RIGHT'])(
    '%s by less than 0 or more than 31',
    (name) => {
      for (const count of [-1, 32, INT_MIN, INT_MAX]) {
        expectFault({ instruction: op(name), stack: [1, count] }, 12);
      }
    },
  );
});
