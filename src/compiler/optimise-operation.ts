/**
 * Rules for one operation whose operands are simplified already. Each gives an expression that does and yields exactly the
 * same, faults included, in fewer instructions, or undefined. Effects of operands are kept, in their order.
 */
import { pushLength } from './assembly.ts';
import { factsOf } from './facts.ts';
import { foldBinary, foldUnary } from './fold.ts';
import type { OpcodeName } from './opcode-names.ts';
import { isTruth, isWithin, rangeOf } from './optimise-range.ts';
import type { ConstantExpression, TypedExpression } from './typed.ts';

export type Operation = Extract<TypedExpression, { kind: 'operate' }> & {
  readonly type: Exclude<TypedExpression['type'], 'text' | 'invalid' | 'void'>;
};

type Rule = (operation: Operation) => TypedExpression | undefined;

function constant({ span, type }: Operation, value: number): ConstantExpression {
  return { kind: 'constant', span, type, value };
}

/** The operation with another instruction or other operands. */
function as(
  { span, type }: Operation,
  opcode: OpcodeName,
  ...operands: readonly TypedExpression[]
): Operation {
  return { kind: 'operate', span, type, opcode, operands };
}

/** A known value, behind the effects of what it was computed from. */
export function insteadOf(operand: TypedExpression, value: ConstantExpression): TypedExpression {
  if (factsOf(operand).pure) return value;
  const { span, type } = value;
  return { kind: 'sequence', span, type, first: operand, second: value };
}

/** Operands of a two-operand instruction whose right one is a constant. */
function withConstant({
  operands: [a, b],
}: Operation): { a: TypedExpression; value: number } | undefined {
  return a !== undefined && b?.kind === 'constant' ? { a, value: b.value } : undefined;
}

/** Constants on both sides: the value. */
export const foldConstants: Rule = (operation) => {
  const { opcode, operands } = operation;
  const [a, b] = operands;
  if (a?.kind !== 'constant') return undefined;
  let value: number | undefined;
  if (operands.length === 1) value = foldUnary(opcode, a.value);
  else if (b?.kind === 'constant') value = foldBinary(opcode, a.value, b.value);
  return value === undefined ? undefined : constant(operation, value);
};

/** What an instruction becomes when its operands change places. */
const MIRRORED: Partial<Record<OpcodeName, OpcodeName>> = {
  ...{ ADD: 'ADD', MUL: 'MUL', EQ: 'EQ', NE: 'NE', EQ_SIGNED: 'EQ_SIGNED', NE_SIGNED: 'NE_SIGNED' },
  ...{ BITWISE_AND: 'BITWISE_AND', BITWISE_OR: 'BITWISE_OR', BITWISE_XOR: 'BITWISE_XOR' },
  ...{ LT: 'GT', GT: 'LT', LE: 'GE', GE: 'LE' },
  ...{ LT_SIGNED: 'GT_SIGNED', GT_SIGNED: 'LT_SIGNED', LE_SIGNED: 'GE_SIGNED' },
  ...{ GE_SIGNED: 'LE_SIGNED' },
};

/** The operation with its operands exchanged; undefined when that is another operation. The order of evaluation changes too. */
export function mirrored(operation: Operation): Operation | undefined {
  const opcode = MIRRORED[operation.opcode];
  const [a, b] = operation.operands;
  if (opcode === undefined || a === undefined || b === undefined) return undefined;
  return as(operation, opcode, b, a);
}

/** A constant on the left goes to the right, where the other rules look for it. */
export const constantToTheRight: Rule = (operation) => {
  const [a, b] = operation.operands;
  return a?.kind === 'constant' && b?.kind !== 'constant' ? mirrored(operation) : undefined;
};

/** Right operands that leave the left one as it is. */
const NEUTRAL: Partial<Record<OpcodeName, number>> = {
  ...{ ADD: 0, SUB: 0, MUL: 1, DIV: 1, SHIFT_LEFT: 0, SHIFT_RIGHT: 0 },
  ...{ BITWISE_AND: -1, BITWISE_OR: 0, BITWISE_XOR: 0 },
};

/** x + 0, x * 1, x & -1 and the like: x. */
export const dropNeutral: Rule = (operation) => {
  const right = withConstant(operation);
  return right !== undefined && NEUTRAL[operation.opcode] === right.value ? right.a : undefined;
};

/** Right operands that decide the result, and the result. */
const DECIDING: Partial<
  Record<OpcodeName, readonly (readonly [operand: number, result: number])[]>
> = {
  MUL: [[0, 0]],
  BITWISE_AND: [[0, 0]],
  BITWISE_OR: [[-1, -1]],
  MOD: [
    [1, 0],
    [-1, 0],
  ],
};

/** x * 0, x & 0, x % 1 and the like: a constant. */
export const decidedByConstant: Rule = (operation) => {
  const right = withConstant(operation);
  const row = DECIDING[operation.opcode]?.find(([operand]) => operand === right?.value);
  if (right === undefined || row === undefined) return undefined;
  return insteadOf(right.a, constant(operation, row[1]));
};

/** x ^ -1 is ~x, and ~~x is x. */
export const complement: Rule = (operation) => {
  const [a, b] = operation.operands;
  if (a === undefined) return undefined;
  if (operation.opcode === 'BITWISE_XOR' && b?.kind === 'constant' && b.value === -1) {
    return as(operation, 'BITWISE_NOT', a);
  }
  const twice = operation.opcode === 'BITWISE_NOT' && a.kind === 'operate';
  return twice && a.opcode === 'BITWISE_NOT' ? a.operands[0] : undefined;
};

const ASSOCIATIVE: readonly OpcodeName[] = [
  ...(['MUL', 'BITWISE_AND', 'BITWISE_OR', 'BITWISE_XOR'] as const),
];

/** (x + 1) + 2 is x + 3, exactly, because everything wraps around. */
export const joinConstants: Rule = (operation) => {
  const outer = withConstant(operation);
  if (outer?.a.kind !== 'operate') return undefined;
  const inner = withConstant(outer.a as Operation);
  if (inner === undefined) return undefined;
  const { opcode } = operation;
  const { opcode: innerOpcode } = outer.a;
  const joined = (name: OpcodeName, value: number | undefined): TypedExpression | undefined =>
    value === undefined ? undefined : as(operation, name, inner.a, constant(operation, value));
  if (ASSOCIATIVE.includes(opcode) && opcode === innerOpcode) {
    return joined(opcode, foldBinary(opcode, inner.value, outer.value));
  }
  const isSum = (name: OpcodeName): boolean => name === 'ADD' || name === 'SUB';
  if (!isSum(opcode) || !isSum(innerOpcode)) return undefined;
  const signed = (name: OpcodeName, value: number): number => (name === 'ADD' ? value : -value);
  return joined('ADD', (signed(innerOpcode, inner.value) + signed(opcode, outer.value)) | 0);
};

/** x - 40000 instead of x + -40000: of two equal constants the one that takes one instruction. */
export const cheaperSum: Rule = (operation) => {
  const right = withConstant(operation);
  const { opcode } = operation;
  if (right === undefined || (opcode !== 'ADD' && opcode !== 'SUB')) return undefined;
  const opposite = -right.value | 0;
  if (pushLength(opposite) >= pushLength(right.value)) return undefined;
  const other = opcode === 'ADD' ? 'SUB' : 'ADD';
  return as(operation, other, right.a, constant(operation, opposite));
};

/** 0 - (0 - x) is x; a + (0 - x) is a - x; a - (0 - x) is a + x. */
export const dropNegation: Rule = (operation) => {
  const [a, b] = operation.operands;
  const { opcode } = operation;
  if (a === undefined || b?.kind !== 'operate' || b.opcode !== 'SUB') return undefined;
  const [zero, x] = b.operands;
  if (zero?.kind !== 'constant' || zero.value !== 0 || x === undefined) return undefined;
  if (opcode === 'ADD') return as(operation, 'SUB', a, x);
  if (opcode !== 'SUB') return undefined;
  return a.kind === 'constant' && a.value === 0 ? x : as(operation, 'ADD', a, x);
};

const isEquality = /^(EQ|NE)(_SIGNED)?$/;

/** x + 1 == 5 is x == 4; x - y == 0 is x == y. */
export const equalityOfSums: Rule = (operation) => {
  const outer = withConstant(operation);
  const { opcode } = operation;
  if (outer?.a.kind !== 'operate' || !isEquality.test(opcode)) return undefined;
  const sum = outer.a as Operation;
  const inner = withConstant(sum);
  const same = (value: number): TypedExpression | undefined =>
    inner === undefined ? undefined : as(operation, opcode, inner.a, constant(operation, value));
  if (sum.opcode === 'ADD' && inner !== undefined) return same((outer.value - inner.value) | 0);
  if (sum.opcode === 'SUB' && inner !== undefined) return same((outer.value + inner.value) | 0);
  if (sum.opcode === 'BITWISE_XOR' && inner !== undefined) return same(outer.value ^ inner.value);
  const difference = sum.opcode === 'SUB' || sum.opcode === 'BITWISE_XOR';
  return difference && outer.value === 0 ? as(operation, opcode, ...sum.operands) : undefined;
};

/** An expression as 0 or 1. */
export function truth(expression: TypedExpression): TypedExpression {
  if (isTruth(expression)) return expression;
  return { kind: 'narrow', span: expression.span, type: 'bool', operand: expression };
}

/** x == 0 is !x, and of a truth value x != 0 is x, x == 1 is x, x != 1 is !x. */
export const equalityWithTruth: Rule = (operation) => {
  const right = withConstant(operation);
  const { opcode } = operation;
  if (right === undefined || !isEquality.test(opcode)) return undefined;
  const { a, value } = right;
  const equal = opcode.startsWith('EQ');
  if (value === 0) return equal ? as(operation, 'NOT', a) : truth(a);
  if (value !== 1 || !isTruth(a)) return undefined;
  return equal ? a : as(operation, 'NOT', a);
};

const INVERTED: Partial<Record<OpcodeName, OpcodeName>> = {
  ...{ EQ: 'NE', NE: 'EQ', LT: 'GE', GE: 'LT', GT: 'LE', LE: 'GT' },
  ...{ EQ_SIGNED: 'NE_SIGNED', NE_SIGNED: 'EQ_SIGNED', LT_SIGNED: 'GE_SIGNED' },
  ...{ GE_SIGNED: 'LT_SIGNED', GT_SIGNED: 'LE_SIGNED', LE_SIGNED: 'GT_SIGNED' },
};

/** !(a < b) is a >= b; !!x is x as a truth value. */
export const invertComparison: Rule = (operation) => {
  const [a] = operation.operands;
  if (operation.opcode !== 'NOT' || a === undefined) return undefined;
  if (a.kind === 'narrow' && a.type === 'bool') return as(operation, 'NOT', a.operand);
  if (a.kind !== 'operate') return undefined;
  const inverted = INVERTED[a.opcode];
  if (inverted !== undefined) return as(operation, inverted, ...a.operands);
  const [inner] = a.operands;
  return a.opcode === 'NOT' && inner !== undefined ? truth(inner) : undefined;
};

/** x > 0, x >= 1 of a number that is not negative: x != 0; x < 1, x <= 0: x == 0; x < 0, x >= 0: known. */
export const orderWithZero: Rule = (operation) => {
  const right = withConstant(operation);
  const { opcode } = operation;
  if (right === undefined) return undefined;
  const { a, value } = right;
  if (opcode.endsWith('_SIGNED') && rangeOf(a)[0] < 0) return undefined;
  const zero = constant(operation, 0);
  const order = `${opcode.replace('_SIGNED', '')} ${value}`;
  if (order === 'LT 0') return insteadOf(a, zero);
  if (order === 'GE 0') return insteadOf(a, constant(operation, 1));
  if (order === 'GT 0' || order === 'GE 1') return as(operation, 'NE_SIGNED', a, zero);
  if (order === 'LT 1' || order === 'LE 0') return as(operation, 'EQ_SIGNED', a, zero);
  return undefined;
};

/** x < 65536 as x <= 65535: of two equal comparisons the one whose constant takes one instruction. */
export const cheaperBound: Rule = (operation) => {
  const right = withConstant(operation);
  const { opcode } = operation;
  if (right === undefined || pushLength(right.value) === 1) return undefined;
  const steps = { LT: -1, GE: -1, LE: 1, GT: 1 } as const;
  const names = { LT: 'LE', GE: 'GT', LE: 'LT', GT: 'GE' } as const;
  const order = opcode.replace('_SIGNED', '') as keyof typeof steps;
  if (!Object.hasOwn(steps, order)) return undefined;
  const bound = right.value + steps[order];
  // As unsigned numbers the bounds next to 0 are at the other end.
  const crosses = bound > 0x7fff_ffff || bound < -0x8000_0000 || bound === 0 || bound === -1;
  if (crosses || pushLength(bound) === 2) return undefined;
  const name: OpcodeName = opcode.endsWith('_SIGNED') ? `${names[order]}_SIGNED` : names[order];
  return as(operation, name, right.a, constant(operation, bound));
};

const ORDERS: Readonly<Record<string, (low: number, high: number) => boolean | undefined>> = {
  // Of a - b: negative throughout, positive throughout.
  LT: (low, high) => (high < 0 ? true : low >= 0 ? false : undefined),
  GE: (low, high) => (low >= 0 ? true : high < 0 ? false : undefined),
  GT: (low, high) => (low > 0 ? true : high <= 0 ? false : undefined),
  LE: (low, high) => (high <= 0 ? true : low > 0 ? false : undefined),
  EQ: (low, high) => (low > 0 || high < 0 ? false : undefined),
  NE: (low, high) => (low > 0 || high < 0 ? true : undefined),
};

/** A comparison that the bounds of its operands decide, as `b < 256` of a byte. */
export const decidedByRange: Rule = (operation) => {
  const [a, b] = operation.operands;
  const { opcode } = operation;
  const order = ORDERS[opcode.replace('_SIGNED', '')];
  if (order === undefined || a === undefined || b?.kind !== 'constant') return undefined;
  const [low, high] = rangeOf(a);
  const isSigned = opcode.endsWith('_SIGNED') || isEquality.test(opcode);
  if (!isSigned && (low < 0 || !isWithin(b, [0, 0x7fff_ffff]))) return undefined;
  const decided = order(low - b.value, high - b.value);
  return decided === undefined ? undefined : insteadOf(a, constant(operation, decided ? 1 : 0));
};

/** All rules, in the order in which they are tried. */
export const OPERATION_RULES: readonly Rule[] = [
  ...[foldConstants, constantToTheRight, dropNeutral, decidedByConstant, complement],
  ...[dropNegation, joinConstants, cheaperSum, decidedByRange, equalityOfSums],
  ...[equalityWithTruth, orderWithZero, cheaperBound, invertComparison],
];
