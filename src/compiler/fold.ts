/** Arithmetic on constants, exactly as the machine does it. Values are int32. */
import type { OpcodeName } from './opcode-names.ts';

/** Result of a one-operand instruction on a constant; undefined when it is none that can be computed here. */
export function foldUnary(opcode: OpcodeName, a: number): number | undefined {
  if (opcode === 'NOT') return a === 0 ? 1 : 0;
  if (opcode === 'BITWISE_NOT') return ~a;
  return undefined;
}

const bit = (value: boolean): number => (value ? 1 : 0);

const BINARY: Partial<Record<OpcodeName, (a: number, b: number) => number | undefined>> = {
  ADD: (a, b) => (a + b) | 0,
  SUB: (a, b) => (a - b) | 0,
  MUL: (a, b) => Math.imul(a, b),
  DIV: (a, b) => (b === 0 ? undefined : (a / b) | 0),
  MOD: (a, b) => (b === 0 ? undefined : (a % b) | 0),
  BITWISE_AND: (a, b) => a & b,
  BITWISE_OR: (a, b) => a | b,
  BITWISE_XOR: (a, b) => a ^ b,
  SHIFT_LEFT: (a, b) => (b < 0 || b > 31 ? undefined : a << b),
  SHIFT_RIGHT: (a, b) => (b < 0 || b > 31 ? undefined : a >> b),
  EQ: (a, b) => bit(a === b),
  NE: (a, b) => bit(a !== b),
  LT: (a, b) => bit(a >>> 0 < b >>> 0),
  GT: (a, b) => bit(a >>> 0 > b >>> 0),
  LE: (a, b) => bit(a >>> 0 <= b >>> 0),
  GE: (a, b) => bit(a >>> 0 >= b >>> 0),
  EQ_SIGNED: (a, b) => bit(a === b),
  NE_SIGNED: (a, b) => bit(a !== b),
  LT_SIGNED: (a, b) => bit(a < b),
  GT_SIGNED: (a, b) => bit(a > b),
  LE_SIGNED: (a, b) => bit(a <= b),
  GE_SIGNED: (a, b) => bit(a >= b),
};

/** Result of a two-operand instruction on constants; undefined when the machine would fault or it cannot be computed here. */
export function foldBinary(opcode: OpcodeName, a: number, b: number): number | undefined {
  return BINARY[opcode]?.(a, b);
}

/** Quotient or remainder of unsigned constants, which no instruction computes; undefined for division by zero. */
export function foldUnsigned(operator: '/' | '%' | '>>', a: number, b: number): number | undefined {
  const [x, y] = [a >>> 0, b >>> 0];
  if (operator === '>>') return y > 31 ? undefined : (x >>> y) | 0;
  if (y === 0) return undefined;
  return (operator === '/' ? Math.floor(x / y) : x % y) | 0;
}
