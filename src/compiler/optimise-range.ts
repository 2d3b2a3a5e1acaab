/** Bounds of what an expression can be, from the types and operators in it. */
import type { OpcodeName } from './opcode-names.ts';
import type { TypedExpression } from './typed.ts';
import { heldRange } from './types.ts';

/** Least and greatest int32 that the word can be. */
export type Range = readonly [low: number, high: number];

const ANY: Range = [-0x8000_0000, 0x7fff_ffff];
const BIT: Range = [0, 1];
const ANALOG: Range = [0, 4095];

const within = ([low, high]: Range, [outerLow, outerHigh]: Range): boolean =>
  low >= outerLow && high <= outerHigh;

/** The bounds, or any value when the computation can wrap around. */
const unwrapped = (low: number, high: number): Range =>
  within([low, high], ANY) ? [low, high] : ANY;

const isBit = /^(NOT|AND|OR|(EQ|NE|LT|GT|LE|GE)(_SIGNED)?|DIGITAL_READ|BUTTON_.*)$/;

type Rule = (a: Range, b: Range) => Range;

function product([aLow, aHigh]: Range, [bLow, bHigh]: Range): Range {
  const corners = [aLow * bLow, aLow * bHigh, aHigh * bLow, aHigh * bHigh];
  return unwrapped(Math.min(...corners), Math.max(...corners));
}

/** The least number of the form 2^n - 1 that is not below. */
const allOnes = (value: number): number => (value === 0 ? 0 : 2 ** (32 - Math.clz32(value)) - 1);

const eitherBits: Rule = ([aLow, aHigh], [bLow, bHigh]) =>
  aLow >= 0 && bLow >= 0 ? [0, allOnes(Math.max(aHigh, bHigh))] : ANY;

const RULES: Partial<Record<OpcodeName, Rule>> = {
  ADD: ([aLow, aHigh], [bLow, bHigh]) => unwrapped(aLow + bLow, aHigh + bHigh),
  SUB: ([aLow, aHigh], [bLow, bHigh]) => unwrapped(aLow - bHigh, aHigh - bLow),
  MUL: product,
  BITWISE_AND: ([aLow, aHigh], [bLow, bHigh]) => {
    const limits = [...(aLow >= 0 ? [aHigh] : []), ...(bLow >= 0 ? [bHigh] : [])];
    return limits.length === 0 ? ANY : [0, Math.min(...limits)];
  },
  BITWISE_OR: eitherBits,
  BITWISE_XOR: eitherBits,
  MOD: ([aLow, aHigh], [bLow, bHigh]) => {
    // The remainder is smaller than the divisor, no larger than the dividend, and has its sign.
    const most = Math.max(Math.abs(bLow), Math.abs(bHigh), 1) - 1;
    return [aLow < 0 ? Math.max(-most, aLow) : 0, aHigh > 0 ? Math.min(most, aHigh) : 0];
  },
  DIV: ([aLow, aHigh], [bLow]) => {
    // By a positive number: toward zero.
    return bLow > 0 ? [Math.min(aLow, 0), Math.max(aHigh, 0)] : ANY;
  },
  SHIFT_RIGHT: ([aLow, aHigh], [bLow, bHigh]) =>
    bLow === bHigh && bLow >= 0 && bLow <= 31
      ? [aLow >> bLow, aHigh >> bLow]
      : [Math.min(aLow, 0), Math.max(aHigh, 0)],
  SHIFT_LEFT: (a, [bLow, bHigh]) =>
    bLow === bHigh && bLow >= 0 && bLow <= 31 ? product(a, [2 ** bLow, 2 ** bLow]) : ANY,
};

function rangeOfOperation({
  opcode,
  operands,
}: Extract<TypedExpression, { kind: 'operate' }>): Range {
  if (isBit.test(opcode)) return BIT;
  if (opcode === 'ANALOG_READ') return ANALOG;
  const [a, b] = operands;
  if (a === undefined || b === undefined) return ANY;
  return RULES[opcode]?.(rangeOf(a), rangeOf(b)) ?? ANY;
}

function compute(expression: TypedExpression): Range {
  switch (expression.kind) {
    case 'constant':
      return [expression.value, expression.value];
    case 'operate':
      return rangeOfOperation(expression);
    case 'narrow': {
      const [range, held] = [rangeOf(expression.operand), heldRange(expression.type)];
      return within(range, held) ? range : held;
    }
    case 'reinterpret':
      return rangeOf(expression.operand);
    case 'logical':
      return BIT;
    case 'choose': {
      const [a, b] = [rangeOf(expression.whenTrue), rangeOf(expression.whenFalse)];
      return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
    }
    case 'assign':
      return rangeOf(expression.value);
    case 'sequence':
      return rangeOf(expression.second);
    // What is stored has been cut down to its type, and everything begins as 0.
    case 'load':
    case 'update':
      return heldRange(expression.type);
    case 'call':
      return expression.type === 'void' ? ANY : heldRange(expression.type);
    case 'text':
    case 'discard':
    case 'print':
    case 'invalid':
      return ANY;
  }
}

const known = new WeakMap<TypedExpression, Range>();

/** Bounds of an expression's value, read as int32. */
export function rangeOf(expression: TypedExpression): Range {
  // Only what is computed from parts is worth remembering.
  const { kind } = expression;
  if (kind !== 'operate' && kind !== 'choose' && kind !== 'narrow') return compute(expression);
  const before = known.get(expression);
  if (before !== undefined) return before;
  const range = compute(expression);
  known.set(expression, range);
  return range;
}

/** True when an expression is 0 or 1. */
export function isTruth(expression: TypedExpression): boolean {
  return within(rangeOf(expression), BIT);
}

/** True when every value of an expression is one of a range. */
export function isWithin(expression: TypedExpression, range: Range): boolean {
  return within(rangeOf(expression), range);
}
