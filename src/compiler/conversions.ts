/** Makers of typed expressions: constants are computed, conversions made explicit. */
import type { Diagnostics, Span } from './diagnostics.ts';
import { foldBinary, foldUnary } from './fold.ts';
import type { OpcodeName } from './opcode-names.ts';
import type { ConstantExpression, TypedExpression } from './typed.ts';
import {
  asType,
  convertConstant,
  displayType,
  fits,
  isScalar,
  type ScalarType,
  type ValueType,
} from './types.ts';

/** An expression that is a value of a scalar type. */
export type ScalarExpression = TypedExpression & { readonly type: ScalarType };

export function isScalarExpression(expression: TypedExpression): expression is ScalarExpression {
  return isScalar(expression.type);
}

export function constant(span: Span, type: ScalarType, value: number): ConstantExpression {
  return { kind: 'constant', span, type, value };
}

export function invalid(span: Span): TypedExpression {
  return { kind: 'invalid', type: 'invalid', span };
}

/** An instruction on operands, or its result when that is known. */
export function operate(
  span: Span,
  opcode: OpcodeName,
  type: ScalarType,
  operands: readonly TypedExpression[],
): TypedExpression {
  const [a, b] = operands;
  if (a?.kind === 'constant') {
    let value: number | undefined;
    if (b === undefined) value = foldUnary(opcode, a.value);
    else if (b.kind === 'constant') value = foldBinary(opcode, a.value, b.value);
    if (value !== undefined) return constant(span, type, value);
  }
  return { kind: 'operate', span, opcode, type, operands };
}

/** A value of one scalar type as another, without a word. */
export function convert(expression: ScalarExpression, to: ScalarType): TypedExpression {
  const { span, type } = expression;
  if (type === to) return expression;
  if (expression.kind === 'constant') {
    return constant(span, to, convertConstant(expression.value, to));
  }
  const kind = fits(type, to) ? 'reinterpret' : 'narrow';
  return { kind, span, type: to, operand: expression };
}

/**
 * A value as an initializer, argument, result or assigned value of a type. Reports what is no number,
 * and warns of a constant that changes.
 */
export function convertImplicitly(
  diagnostics: Diagnostics,
  expression: TypedExpression,
  to: ScalarType | 'invalid',
): TypedExpression {
  if (to === 'invalid' || !requireScalar(diagnostics, expression)) return invalid(expression.span);
  const result = convert(expression, to);
  if (expression.kind === 'constant' && result.kind === 'constant' && to !== 'bool') {
    const changed = expression.value !== result.value;
    if (changed && !fits(expression.type, to)) {
      const before = asType(expression.value, expression.type);
      const message = `${before} does not fit into ${displayType(to)} and becomes ${result.value}`;
      diagnostics.warning(expression.span, message);
    }
  }
  return result;
}

/** Reports an expression that is not a number. */
export function requireScalar(
  diagnostics: Diagnostics,
  expression: TypedExpression,
): expression is ScalarExpression {
  if (isScalarExpression(expression)) return true;
  const { type, span } = expression;
  if (type === 'void') {
    diagnostics.error(span, 'this has no value', 'call it as a statement of its own');
  } else if (type === 'text') {
    const [only, ...others] = expression.kind === 'text' ? expression.bytes : [];
    const isCharacter = only !== undefined && others.length === 0 && only >= 0x20 && only < 0x7f;
    const hint = isCharacter
      ? `write '${String.fromCharCode(only)}' for the character`
      : 'texts may stand only in printf() and Serial.print()';
    diagnostics.error(span, 'a text is not a number', hint);
  }
  return false;
}

/** Types that two alternatives of `?:` can have together; undefined when none. */
export function alternativeType(
  a: ValueType,
  b: ValueType,
  common: (a: ScalarType, b: ScalarType) => ScalarType,
): ScalarType | 'text' | 'void' | undefined {
  if (a === 'invalid' || b === 'invalid') return undefined;
  if (a === b) return a;
  return isScalar(a) && isScalar(b) ? common(a, b) : undefined;
}
