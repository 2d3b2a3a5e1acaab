/** Expressions of the syntax tree to typed ones. */
import type { Expression } from './ast.ts';
import { BUILTIN_CONSTANTS } from './builtins.ts';
import { checkCall, isFunction, textTooLong } from './check-calls.ts';
import {
  binaryOperation,
  checkRightOperand,
  logicalOperation,
  operation,
  reportInexact,
  unaryOperation,
} from './check-operators.ts';
import { warnOfComparison } from './check-warnings.ts';
import {
  alternativeType,
  constant,
  convert,
  convertImplicitly,
  invalid,
  isScalarExpression,
  requireScalar,
} from './conversions.ts';
import type { Span } from './diagnostics.ts';
import {
  decodeCharacter,
  decodeNumber,
  decodeText,
  isMinimumMagnitude,
  type Decoded,
} from './literals.ts';
import { LIMITS } from '../isa/index.ts';
import type { Site } from './scope.ts';
import type { ArraySymbol, Place, TypedExpression } from './typed.ts';
import { isMisspeltFunction, reportUnknownFunction, reportUnknownName } from './unknown-names.ts';
import { commonType, promote, type ScalarType } from './types.ts';

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** Checks an expression of any type, void and text included. */
export function checkExpression(site: Site, expression: Expression): TypedExpression {
  const { span } = expression;
  const { diagnostics } = site.file;
  switch (expression.kind) {
    case 'damaged':
      return invalid(span);
    case 'number':
      return fromLiteral(site, span, decodeNumber(expression.image), ({ type, value }) =>
        constant(span, type, value),
      );
    case 'character':
      return fromLiteral(site, span, decodeCharacter(expression.image), (value) =>
        constant(span, 'char', value),
      );
    case 'text':
      return fromLiteral(site, span, decodeText(expression.images), (bytes) => {
        if (bytes.length > LIMITS.PRINT_LENGTH) return textTooLong(diagnostics, span, bytes);
        return { kind: 'text', type: 'text', span, bytes };
      });
    case 'name':
      return checkName(site, expression);
    case 'element': {
      const place = checkElement(site, expression);
      if (place === undefined) return invalid(span);
      return { kind: 'load', type: place.symbol.type, span, place };
    }
    case 'call':
      return callOf(site, expression);
    case 'unary':
      return checkUnary(site, expression);
    case 'step':
      return checkStep(site, expression);
    case 'binary': {
      const left = checkExpression(site, expression.left);
      const right = checkExpression(site, expression.right);
      const { operator } = expression;
      if (operator === '&&' || operator === '||') {
        return logicalOperation(diagnostics, span, operator, left, right);
      }
      warnOfComparison(diagnostics, expression, left, right);
      return binaryOperation(diagnostics, expression, left, right);
    }
    case 'conditional':
      return checkConditional(site, expression);
    case 'assign':
      return checkAssign(site, expression);
    case 'cast':
      return checkCast(site, expression);
    case 'comma': {
      const first = checkExpression(site, expression.first);
      const second = checkExpression(site, expression.second);
      return { kind: 'sequence', type: second.type, span, first, second };
    }
  }
}

/** Checks a condition: any number, true when not 0. */
export function checkCondition(site: Site, expression: Expression): TypedExpression {
  const checked = checkExpression(site, expression);
  if (expression.kind === 'assign' && expression.operator === undefined && !expression.meant) {
    const hint = "did you mean '=='?";
    site.file.diagnostics.warning(expression.at, 'an assignment as a condition', hint);
  }
  return requireScalar(site.file.diagnostics, checked) ? checked : invalid(expression.span);
}

function fromLiteral<T>(
  site: Site,
  span: Span,
  decoded: Decoded<T>,
  make: (value: T) => TypedExpression,
): TypedExpression {
  if (decoded.ok) return make(decoded.value);
  site.file.diagnostics.error(span, decoded.message, decoded.hint);
  return invalid(span);
}

function checkName(site: Site, { name, span }: Of<'name'>): TypedExpression {
  const { diagnostics } = site.file;
  const symbol = site.scope.find(name);
  if (typeof symbol === 'string') {
    if (symbol === 'initializing')
      diagnostics.error(span, `'${name}' is used in its own initializer`);
    return invalid(span);
  }
  if (symbol === undefined) {
    const builtin = BUILTIN_CONSTANTS.get(name);
    if (builtin !== undefined) return constant(span, builtin.type, builtin.value);
    if (isFunction(site, name)) reportFunctionName(site, name, span);
    else reportUnknownName(site, name, span);
    return invalid(span);
  }
  switch (symbol.kind) {
    case 'constant':
      return constant(span, symbol.type, symbol.value);
    case 'variable':
      return { kind: 'load', type: symbol.type, span, place: { kind: 'variable', symbol } };
    case 'array':
      diagnostics.error(span, `'${name}' is an array`, `name an element: ${name}[0]`);
      return invalid(span);
  }
}

/** A call. The arguments of a function that there is not are left alone, unless it is a misspelt one. */
function callOf(site: Site, { callee, at, span, args }: Of<'call'>): TypedExpression {
  const { diagnostics, functions } = site.file;
  if (isFunction(site, callee)) {
    const parameters = functions.get(callee)?.parameters ?? [];
    const checked = args.map((arg, index) =>
      // An array or a text handed to a parameter that is refused is no second mistake.
      parameters[index] === 'invalid' ? invalid(arg.span) : checkExpression(site, arg),
    );
    // An argument that did not parse may have been several.
    if (args.some(({ kind }) => kind === 'damaged')) return invalid(span);
    return checkCall({ site, span, at, callee, args: checked });
  }
  const symbol = site.scope.find(callee);
  if (symbol === undefined) {
    if (isMisspeltFunction(site, callee)) for (const arg of args) checkExpression(site, arg);
    reportUnknownFunction(site, callee, at);
  } else if (symbol !== 'damaged') {
    const isArray = typeof symbol === 'object' && symbol.kind === 'array';
    const hint = isArray ? `write ${callee}[...] for an element` : undefined;
    diagnostics.error(at, `'${callee}' is not a function`, hint);
  }
  return invalid(span);
}

function reportFunctionName(site: Site, name: string, span: Span): void {
  site.file.diagnostics.error(span, `'${name}' is a function`, `call it: ${name}(...)`);
}

function checkElement(site: Site, expression: Of<'element'>): ElementPlace | undefined {
  const { array, at, span } = expression;
  const { diagnostics } = site.file;
  const index = checkExpression(site, expression.index);
  const symbol = site.scope.find(array);
  if (typeof symbol === 'string') {
    if (symbol === 'initializing')
      diagnostics.error(at, `'${array}' is used in its own initializer`);
    return undefined;
  }
  if (symbol === undefined) {
    if (isFunction(site, array)) reportFunctionName(site, array, at);
    else reportUnknownName(site, array, at);
    return undefined;
  }
  if (symbol.kind !== 'array') {
    diagnostics.error(
      at,
      `'${array}' is not an array`,
      `it is declared in line ${symbol.span.line}`,
    );
    return undefined;
  }
  if (!requireScalar(diagnostics, index)) return undefined;
  if (index.kind === 'constant' && index.value >>> 0 >= symbol.length) {
    const message = `'${array}' has no element ${index.value}`;
    diagnostics.error(span, message, `its elements are 0 to ${symbol.length - 1}`);
    return undefined;
  }
  return { kind: 'element', symbol, index };
}

type ElementPlace = Extract<Place, { kind: 'element' }> & { symbol: ArraySymbol };

/** What can stand on the left of an assignment. */
function checkPlace(site: Site, target: Expression, at: Span): Place | undefined {
  const { diagnostics } = site.file;
  let place: Place | undefined;
  if (target.kind === 'element') place = checkElement(site, target);
  else {
    const checked = checkExpression(site, target);
    if (checked.kind === 'invalid') return undefined;
    if (target.kind === 'name' && checked.kind === 'load') place = checked.place;
    else if (target.kind !== 'name') {
      const hint = 'assign to a variable or to an element of an array';
      diagnostics.error(at, 'this cannot be assigned to', hint);
      return undefined;
    }
  }
  const name = target.kind === 'name' ? target.name : place?.symbol.name;
  const isConst = place === undefined ? target.kind === 'name' : place.symbol.isConst;
  if (!isConst) return place;
  const declared = name === undefined ? undefined : site.scope.find(name);
  const hint =
    typeof declared === 'object' ? `it is declared const in line ${declared.span.line}` : undefined;
  diagnostics.error(at, `'${name ?? ''}' is constant and cannot change`, hint);
  return undefined;
}

function checkUnary(site: Site, { operator, operand, span }: Of<'unary'>): TypedExpression {
  if (operator === '-' && operand.kind === 'number' && isMinimumMagnitude(operand.image)) {
    return constant(span, 'int', -0x8000_0000);
  }
  return unaryOperation(site.file.diagnostics, span, operator, checkExpression(site, operand));
}

function checkStep(site: Site, expression: Of<'step'>): TypedExpression {
  const { span, at, target, operator, yields } = expression;
  const place = checkPlace(site, target, at);
  if (place === undefined) return invalid(span);
  const { type } = place.symbol;
  const opcode = operator === '++' ? 'ADD' : 'SUB';
  const value = constant(span, promote(type), 1);
  return { kind: 'update', type, span, place, opcode, value, yields };
}

function checkAssign(site: Site, expression: Of<'assign'>): TypedExpression {
  const { span, at, target, operator } = expression;
  const { diagnostics } = site.file;
  const place = checkPlace(site, target, at);
  const value = checkExpression(site, expression.value);
  if (!requireScalar(diagnostics, value) || place === undefined) return invalid(span);
  const { type } = place.symbol;
  if (operator === undefined) {
    const converted = convertImplicitly(diagnostics, value, type);
    return { kind: 'assign', type, span, place, value: converted };
  }
  const { opcode, computed } = operation(operator, type, value.type);
  checkRightOperand(diagnostics, at, operator, value);
  if (opcode === undefined) {
    reportInexact(diagnostics, at, operator, value);
    return invalid(span);
  }
  const right = convert(value, promote(value.type) === 'uint' ? 'uint' : computed);
  return { kind: 'update', type, span, place, opcode, value: right, yields: 'new' };
}

function checkConditional(site: Site, expression: Of<'conditional'>): TypedExpression {
  const { span, at } = expression;
  const condition = checkCondition(site, expression.condition);
  let whenTrue = checkExpression(site, expression.whenTrue);
  let whenFalse = checkExpression(site, expression.whenFalse);
  const type = alternativeType(whenTrue.type, whenFalse.type, commonType);
  if (type === undefined) {
    if (whenTrue.type !== 'invalid' && whenFalse.type !== 'invalid') {
      const message = "the two alternatives of '?:' are not of one kind";
      site.file.diagnostics.error(at, message, 'make both numbers or both texts');
    }
    return invalid(span);
  }
  if (isScalarExpression(whenTrue)) whenTrue = convert(whenTrue, type as ScalarType);
  if (isScalarExpression(whenFalse)) whenFalse = convert(whenFalse, type as ScalarType);
  if (condition.kind === 'invalid') return invalid(span);
  if (condition.kind === 'constant') return condition.value === 0 ? whenFalse : whenTrue;
  return { kind: 'choose', type, span, condition, whenTrue, whenFalse };
}

function checkCast(site: Site, { span, to, operand }: Of<'cast'>): TypedExpression {
  const { diagnostics } = site.file;
  const checked = checkExpression(site, operand);
  if (to.type === undefined || checked.type === 'invalid') return invalid(span);
  if (to.type === 'void') return { kind: 'discard', type: 'void', span, operand: checked };
  return requireScalar(diagnostics, checked) ? convert(checked, to.type) : invalid(span);
}
