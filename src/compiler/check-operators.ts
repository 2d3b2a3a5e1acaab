/** Unary and binary operators: types, exactness, instructions. */
import {
  constant,
  convert,
  invalid,
  operate,
  requireScalar,
  type ScalarExpression,
} from './conversions.ts';
import type { Diagnostics, Span } from './diagnostics.ts';
import { foldUnsigned } from './fold.ts';
import type { OpcodeName } from './opcode-names.ts';
import type { TypedExpression } from './typed.ts';
import { commonType, promote, type ScalarType } from './types.ts';

/** Instructions by operator: for int operands, and for unsigned ones where that differs and exists. */
const INSTRUCTIONS: Readonly<Record<string, { int: OpcodeName; uint?: OpcodeName | 'none' }>> = {
  '+': { int: 'ADD' },
  '-': { int: 'SUB' },
  '*': { int: 'MUL' },
  '/': { int: 'DIV', uint: 'none' },
  '%': { int: 'MOD', uint: 'none' },
  '&': { int: 'BITWISE_AND' },
  '|': { int: 'BITWISE_OR' },
  '^': { int: 'BITWISE_XOR' },
  '<<': { int: 'SHIFT_LEFT' },
  '>>': { int: 'SHIFT_RIGHT', uint: 'none' },
  '==': { int: 'EQ_SIGNED', uint: 'EQ' },
  '!=': { int: 'NE_SIGNED', uint: 'NE' },
  '<': { int: 'LT_SIGNED', uint: 'LT' },
  '>': { int: 'GT_SIGNED', uint: 'GT' },
  '<=': { int: 'LE_SIGNED', uint: 'LE' },
  '>=': { int: 'GE_SIGNED', uint: 'GE' },
};

const COMPARISONS = ['==', '!=', '<', '>', '<=', '>='];

/** How an operator works on two types. */
export interface Operation {
  readonly operator: string;
  /** The type both operands are computed in; of a shift, the left one's. */
  readonly computed: 'int' | 'uint';
  readonly result: ScalarType;
  /** Undefined when no instruction computes it exactly. */
  readonly opcode: OpcodeName | undefined;
}

/** Chooses type and instruction of an arithmetic, bitwise or comparison operator. */
export function operation(operator: string, left: ScalarType, right: ScalarType): Operation {
  const isShift = operator === '<<' || operator === '>>';
  const computed = isShift ? promote(left) : commonType(left, right);
  const row = INSTRUCTIONS[operator];
  const chosen = computed === 'uint' ? (row?.uint ?? row?.int) : row?.int;
  const result = COMPARISONS.includes(operator) ? 'bool' : computed;
  return { operator, computed, result, opcode: chosen === 'none' ? undefined : chosen };
}

const INEXACT: Readonly<Record<string, string>> = {
  '/': 'unsigned division',
  '%': 'an unsigned remainder',
  '>>': 'an unsigned right shift',
};

/** Reports an operation that no instruction computes exactly. */
export function reportInexact(
  diagnostics: Diagnostics,
  at: Span,
  operator: string,
  right: TypedExpression,
): void {
  const message = `${INEXACT[operator] ?? operator} is not possible: the VM's '${operator}' is for signed 32-bit numbers`;
  const known = right.kind === 'constant' ? right.value : undefined;
  const example = `(int)x ${operator} ${known !== undefined && known > 0 ? known : 'y'}`;
  const masked = operator === '>>' && known !== undefined && known > 0 && known < 32;
  const hint = masked
    ? `write (${example}) & 0x${(0xffff_ffff >>> known).toString(16)}, which is exact for all values`
    : `cast to int when the value is below 2147483648: ${example}`;
  diagnostics.error(at, message, hint);
}

/** Reports or warns of a right operand that the machine refuses. */
export function checkRightOperand(
  diagnostics: Diagnostics,
  at: Span,
  operator: string,
  right: TypedExpression,
): void {
  if (right.kind !== 'constant') return;
  if ((operator === '/' || operator === '%') && right.value === 0) {
    diagnostics.warning(at, 'division by zero: the VM will stop here with error 6');
  }
  const isShift = operator === '<<' || operator === '>>';
  if (isShift && (right.value < 0 || right.value > 31)) {
    diagnostics.error(at, `a shift by ${right.value} is not defined`, 'shift by 0 to 31');
  }
}

/** Both operands as numbers. What is none is reported, unless one was reported before; the result then is undefined. */
function scalars(
  diagnostics: Diagnostics,
  left: TypedExpression,
  right: TypedExpression,
): { left: ScalarExpression; right: ScalarExpression } | undefined {
  if (left.type === 'invalid' || right.type === 'invalid') return undefined;
  const leftOk = requireScalar(diagnostics, left);
  const rightOk = requireScalar(diagnostics, right);
  return leftOk && rightOk ? { left, right } : undefined;
}

/** An arithmetic, bitwise or comparison operator on checked operands. */
export function binaryOperation(
  diagnostics: Diagnostics,
  site: { readonly span: Span; readonly at: Span; readonly operator: string },
  ...operands: readonly [TypedExpression, TypedExpression]
): TypedExpression {
  const { span, at, operator } = site;
  const known = operands.every(({ type }) => type !== 'invalid');
  if (known && operator === '+' && operands.some(({ type }) => type === 'text')) {
    const hint = 'print the parts one after the other, or with one printf';
    diagnostics.error(at, "texts cannot be joined with '+'", hint);
    return invalid(span);
  }
  const numbers = scalars(diagnostics, ...operands);
  if (numbers === undefined) return invalid(span);
  const { left, right } = numbers;
  const chosen = operation(operator, left.type, right.type);
  checkRightOperand(diagnostics, at, operator, right);
  if (chosen.opcode !== undefined) {
    return operate(span, chosen.opcode, chosen.result, [
      convert(left, chosen.computed),
      convert(right, promote(right.type) === 'uint' ? 'uint' : chosen.computed),
    ]);
  }
  if (left.kind === 'constant' && right.kind === 'constant') {
    const value = foldUnsigned(operator as '/' | '%' | '>>', left.value, right.value);
    if (value !== undefined) return constant(span, 'uint', value);
  }
  reportInexact(diagnostics, at, operator, right);
  return invalid(span);
}

/** `!`, `~`, unary `-` and `+`. */
export function unaryOperation(
  diagnostics: Diagnostics,
  span: Span,
  operator: string,
  operand: TypedExpression,
): TypedExpression {
  if (!requireScalar(diagnostics, operand)) return invalid(span);
  const type = promote(operand.type);
  switch (operator) {
    case '!':
      return operate(span, 'NOT', 'bool', [operand]);
    case '~':
      return operate(span, 'BITWISE_NOT', type, [operand]);
    case '-':
      return operate(span, 'SUB', type, [constant(span, type, 0), operand]);
    default:
      return convert(operand, type);
  }
}

/** `&&` and `||`: the right operand is evaluated only when the left one does not decide. */
export function logicalOperation(
  diagnostics: Diagnostics,
  span: Span,
  operator: '&&' | '||',
  ...operands: readonly [TypedExpression, TypedExpression]
): TypedExpression {
  const numbers = scalars(diagnostics, ...operands);
  if (numbers === undefined) return invalid(span);
  const { left, right } = numbers;
  if (left.kind === 'constant') {
    const decides = operator === '&&' ? left.value === 0 : left.value !== 0;
    if (decides) return constant(span, 'bool', operator === '&&' ? 0 : 1);
    return convert(right, 'bool');
  }
  return { kind: 'logical', type: 'bool', span, operator, left, right };
}
