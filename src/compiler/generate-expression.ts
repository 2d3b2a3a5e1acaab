/** Typed expressions to instructions. Operands are evaluated from left to right. */
import { newLabel, type Label } from './assembly.ts';
import { factsOf, isPlain, narrowLength } from './facts.ts';
import type { FunctionCode } from './generate-context.ts';
import { generateAssign, generateLoad, generateUpdate, narrow } from './generate-place.ts';
import { optimiseEffect } from './optimise-expression.ts';
import { isTruth } from './optimise-range.ts';
import type { TypedExpression } from './typed.ts';

type Of<Kind extends TypedExpression['kind']> = Extract<TypedExpression, { kind: Kind }>;

/** Evaluates an expression and leaves its value, one word, on the stack; a void one leaves nothing. */
export function generateValue(to: FunctionCode, expression: TypedExpression): void {
  const { code } = to;
  const { span } = expression;
  if (to.takes(expression)) return;
  const slot = to.hoistedSlot(expression);
  if (slot !== undefined) {
    code.emit('LOAD_LOCAL', span, slot);
    return;
  }
  switch (expression.kind) {
    case 'constant':
      code.push(expression.value, span);
      return;
    case 'text':
      code.push(to.program.strings.id(expression.bytes), span);
      return;
    case 'load':
      generateLoad(to, expression, generateValue);
      return;
    case 'operate':
      for (const operand of expression.operands) generateValue(to, operand);
      code.emit(expression.opcode, span);
      return;
    case 'narrow':
      generateValue(to, expression.operand);
      narrow(to, expression.type, span);
      return;
    case 'reinterpret':
      generateValue(to, expression.operand);
      return;
    case 'discard':
      generateEffect(to, expression.operand);
      return;
    case 'logical':
      generateLogical(to, expression);
      return;
    case 'choose':
      generateChoice(to, expression, generateValue);
      return;
    case 'assign':
      generateAssign(to, expression, true, generateValue);
      return;
    case 'update':
      generateUpdate(to, expression, true, generateValue);
      return;
    case 'call': {
      for (const arg of expression.args) generateValue(to, arg);
      const { callee, args, type } = expression;
      code.call(to.program.labelOf(callee), span, args.length, type !== 'void');
      return;
    }
    case 'print': {
      const { format, args } = expression;
      for (const arg of args) generateValue(to, arg);
      code.emit('PRINTF', span, to.program.strings.id(format), args.length);
      return;
    }
    case 'sequence':
      generateEffect(to, expression.first);
      generateValue(to, expression.second);
      return;
    case 'invalid':
      throw new Error('code cannot be generated for an invalid expression');
  }
}

/** Evaluates an expression for its effects alone. */
export function generateEffect(to: FunctionCode, expression: TypedExpression): void {
  if (factsOf(expression).pure) return;
  switch (expression.kind) {
    case 'narrow':
    case 'reinterpret':
    case 'discard':
      generateEffect(to, expression.operand);
      return;
    case 'choose':
      generateChoice(to, expression, generateEffect);
      return;
    case 'assign':
      generateAssign(to, expression, false, generateValue);
      return;
    case 'update': {
      const plain = optimiseEffect(expression);
      if (plain.kind === 'assign') generateAssign(to, plain, false, generateValue);
      else generateUpdate(to, expression, false, generateValue);
      return;
    }
    case 'sequence':
      generateEffect(to, expression.first);
      generateEffect(to, expression.second);
      return;
    case 'logical': {
      const end = newLabel();
      generateBranch(to, expression.left, expression.operator === '||', end);
      generateEffect(to, expression.right);
      to.code.bind(end);
      return;
    }
    case 'operate':
      if (isPlain(expression)) {
        for (const operand of expression.operands) generateEffect(to, operand);
        return;
      }
      break;
    default:
      break;
  }
  generateValue(to, expression);
  if (expression.type !== 'void') to.code.emit('POP', expression.span);
}

/** Jumps to a label when a condition is true (or false), else goes on behind. */
export function generateBranch(
  to: FunctionCode,
  condition: TypedExpression,
  when: boolean,
  target: Label,
): void {
  const { code } = to;
  if (condition.kind === 'constant') {
    if ((condition.value !== 0) === when) code.emit('JMP', condition.span, target);
  } else if (to.hoistedSlot(condition) !== undefined) {
    jumpOn(to, condition, when, target);
  } else if (condition.kind === 'operate' && condition.opcode === 'NOT') {
    const [operand] = condition.operands;
    if (operand !== undefined) generateBranch(to, operand, !when, target);
  } else if (condition.kind === 'narrow' && condition.type === 'bool') {
    generateBranch(to, condition.operand, when, target);
  } else if (condition.kind === 'sequence') {
    generateEffect(to, condition.first);
    generateBranch(to, condition.second, when, target);
  } else if (condition.kind === 'choose') {
    const alternative = (_: FunctionCode, expression: TypedExpression): void => {
      generateBranch(to, expression, when, target);
    };
    generateChoice(to, condition, alternative);
  } else if (condition.kind === 'logical') {
    const { left, right, operator } = condition;
    const decides = operator === '||';
    if (decides === when) {
      generateBranch(to, left, when, target);
      generateBranch(to, right, when, target);
    } else {
      const behind = newLabel();
      generateBranch(to, left, decides, behind);
      generateBranch(to, right, when, target);
      code.bind(behind);
    }
  } else {
    jumpOn(to, condition, when, target);
  }
}

function jumpOn(to: FunctionCode, condition: TypedExpression, when: boolean, target: Label): void {
  generateValue(to, condition);
  to.code.emit(when ? 'JMP_TRUE' : 'JMP_FALSE', condition.span, target);
}

/** The value of a condition. Two operands of which the second may as well be evaluated always need no jump. */
function generateLogical(to: FunctionCode, expression: Of<'logical'>): void {
  const { code } = to;
  const { left, right, operator, span } = expression;
  const cut = isTruth(right) ? 0 : narrowLength('bool');
  const { pure, cost } = factsOf(right);
  // With jumps: 1, the right side, its cut and 1 when it is needed; 2 when it is not.
  if (pure && cost <= cut + 2) {
    generateValue(to, left);
    generateValue(to, right);
    code.emit(operator === '&&' ? 'AND' : 'OR', span);
    return;
  }
  const decided = newLabel();
  const end = newLabel();
  const decides = operator === '||';
  generateBranch(to, left, decides, decided);
  const { height } = code;
  generateValue(to, right);
  if (cut > 0) narrow(to, 'bool', right.span);
  code.emit('JMP', span, end);
  code.height = height;
  code.bind(decided);
  code.push(decides ? 1 : 0, span);
  code.bind(end);
}

function generateChoice(
  to: FunctionCode,
  { condition, whenTrue, whenFalse, span }: Of<'choose'>,
  generate: (to: FunctionCode, expression: TypedExpression) => void,
): void {
  const otherwise = newLabel();
  const end = newLabel();
  generateBranch(to, condition, false, otherwise);
  const { height } = to.code;
  generate(to, whenTrue);
  to.code.emit('JMP', span, end);
  to.code.height = height;
  to.code.bind(otherwise);
  generate(to, whenFalse);
  to.code.bind(end);
}
