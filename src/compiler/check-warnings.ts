/** What is right in C and most likely not meant. */
import type { Expression, Statement } from './ast.ts';
import type { Diagnostics, Span } from './diagnostics.ts';
import type { TypedExpression } from './typed.ts';

const PURE =
  /^(ADD|SUB|MUL|DIV|MOD|SHIFT_LEFT|SHIFT_RIGHT|EQ|NE|LT|GT|LE|GE|NOT|BITWISE_.*|.*_SIGNED)$/;
const READS = [
  'MILLIS',
  'MICROS',
  'DIGITAL_READ',
  'ANALOG_READ',
  'BUTTON_PRESSED',
  'BUTTON_RELEASED',
];

/** Warns of an expression whose value is not used and that does nothing else. */
export function warnOfNoEffect(
  diagnostics: Diagnostics,
  span: Span,
  checked: TypedExpression,
  written: Expression,
): void {
  if (checked.kind === 'operate' && READS.includes(checked.opcode)) {
    diagnostics.warning(span, 'the value of this call is not used');
  } else if (hasNoEffect(checked)) {
    const compares = written.kind === 'binary' && written.operator === '==';
    const hint = compares ? "did you mean '='?" : undefined;
    diagnostics.warning(span, 'this statement has no effect', hint);
  }
}

function hasNoEffect(expression: TypedExpression): boolean {
  switch (expression.kind) {
    case 'constant':
    case 'text':
    case 'load':
      return true;
    case 'operate':
      return PURE.test(expression.opcode) && expression.operands.every(hasNoEffect);
    case 'narrow':
    case 'reinterpret':
      return hasNoEffect(expression.operand);
    case 'logical':
      return hasNoEffect(expression.left) && hasNoEffect(expression.right);
    case 'sequence':
      return hasNoEffect(expression.first) && hasNoEffect(expression.second);
    case 'choose':
      return [expression.condition, expression.whenTrue, expression.whenFalse].every(hasNoEffect);
    default:
      return false;
  }
}

const JUMPS: readonly Statement['kind'][] = ['return', 'break', 'continue'];
/** May stand where it is never reached: labels are reached by themselves, a `break` behind a `return` is habit. */
const HARMLESS: readonly Statement['kind'][] = ['label', 'break', 'empty', 'damaged'];

/** Warns of what stands between the statements of a block: code behind a jump, and a block that a stray `;` cuts off. */
export function warnOfSequence(diagnostics: Diagnostics, items: readonly Statement[]): void {
  items.forEach((item, index) => {
    const next = items[index + 1];
    if (next === undefined) return;
    if (JUMPS.includes(item.kind) && !HARMLESS.includes(next.kind)) {
      diagnostics.warning(next.span, 'this is never reached');
    }
    const loops = item.kind === 'while' || item.kind === 'for';
    if (loops && next.kind === 'block') warnOfEmptyBody(diagnostics, item.kind, item.body);
  });
}

/** Warns of a `;` that is all a statement controls. */
export function warnOfEmptyBody(diagnostics: Diagnostics, word: string, body: Statement): void {
  if (body.kind !== 'empty') return;
  diagnostics.warning(body.span, `this ';' is all that the '${word}' controls`, 'remove it');
}

const ORDERS = ['<', '>', '<=', '>='];

/** Warns of `a < b < c`, and of an unsigned value compared with what it always or never is. */
export function warnOfComparison(
  diagnostics: Diagnostics,
  { operator, left, at }: Extract<Expression, { kind: 'binary' }>,
  checkedLeft: TypedExpression,
  checkedRight: TypedExpression,
): void {
  if (!ORDERS.includes(operator)) return;
  if (left.kind === 'binary' && ORDERS.includes(left.operator)) {
    const message = 'this compares the result of the first comparison, which is 0 or 1';
    diagnostics.warning(at, message, 'write a < b && b < c');
    return;
  }
  const unsigned = ['uint', 'uint16', 'uint8', 'bool'].includes(checkedLeft.type);
  const withZero = checkedRight.kind === 'constant' && checkedRight.value === 0;
  const variable = checkedLeft.kind !== 'constant';
  if (!unsigned || !withZero || !variable || (operator !== '<' && operator !== '>=')) return;
  const always = operator === '<' ? 'never' : 'always';
  diagnostics.warning(at, `an unsigned value is ${always} ${operator} 0`);
}
