/** Typed expressions to instructions. Operands are evaluated from left to right. */
import { newLabel, type Label } from './assembly.ts';
import type { Span } from './diagnostics.ts';
import type { FunctionCode } from './generate-context.ts';
import type { Place, TypedExpression } from './typed.ts';
import type { ScalarType } from './types.ts';

type Of<Kind extends TypedExpression['kind']> = Extract<TypedExpression, { kind: Kind }>;

/** Evaluates an expression and leaves its value, one word, on the stack; a void one leaves nothing. */
export function generateValue(to: FunctionCode, expression: TypedExpression): void {
  const { code } = to;
  const { span } = expression;
  switch (expression.kind) {
    case 'constant':
      code.push(expression.value, span);
      return;
    case 'text':
      code.push(to.strings.id(expression.bytes), span);
      return;
    case 'load':
      generateIndex(to, expression.place);
      load(to, expression.place, span);
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
      generateAssign(to, expression, true);
      return;
    case 'update':
      generateUpdate(to, expression, true);
      return;
    case 'call':
      for (const arg of expression.args) generateValue(to, arg);
      code.emit('CALL', span, to.labelOf(expression.callee), expression.args.length);
      return;
    case 'print':
      for (const arg of expression.args) generateValue(to, arg);
      code.emit('PRINTF', span, to.strings.id(expression.format), expression.args.length);
      return;
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
  switch (expression.kind) {
    case 'constant':
    case 'text':
      return;
    case 'narrow':
    case 'reinterpret':
    case 'discard':
      generateEffect(to, expression.operand);
      return;
    case 'choose':
      generateChoice(to, expression, generateEffect);
      return;
    case 'assign':
      generateAssign(to, expression, false);
      return;
    case 'update':
      generateUpdate(to, expression, false);
      return;
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
    default:
      generateValue(to, expression);
      if (expression.type !== 'void') to.code.emit('POP', expression.span);
  }
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
  } else if (condition.kind === 'operate' && condition.opcode === 'NOT') {
    const [operand] = condition.operands;
    if (operand !== undefined) generateBranch(to, operand, !when, target);
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
    generateValue(to, condition);
    code.emit(when ? 'JMP_TRUE' : 'JMP_FALSE', condition.span, target);
  }
}

function generateLogical(to: FunctionCode, expression: Of<'logical'>): void {
  const { code } = to;
  const { left, right, operator, span } = expression;
  const decided = newLabel();
  const end = newLabel();
  const decides = operator === '||';
  generateBranch(to, left, decides, decided);
  generateValue(to, right);
  if (right.type !== 'bool') narrow(to, 'bool', right.span);
  code.emit('JMP', span, end);
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
  generate(to, whenTrue);
  to.code.emit('JMP', span, end);
  to.code.bind(otherwise);
  generate(to, whenFalse);
  to.code.bind(end);
}

function generateAssign(
  to: FunctionCode,
  { place, value, span }: Of<'assign'>,
  wanted: boolean,
): void {
  withIndex(to, place, wanted ? 2 : 1, span, (index) => {
    index();
    generateValue(to, value);
    store(to, place, span);
    if (!wanted) return;
    index();
    load(to, place, span);
  });
}

function generateUpdate(to: FunctionCode, expression: Of<'update'>, wanted: boolean): void {
  const { place, opcode, value, yields, span } = expression;
  withIndex(to, place, wanted ? 3 : 2, span, (index) => {
    if (wanted && yields === 'old') {
      index();
      load(to, place, span);
    }
    index();
    index();
    load(to, place, span);
    generateValue(to, value);
    to.code.emit(opcode, span);
    if (place.symbol.type !== 'int' && place.symbol.type !== 'uint') {
      narrow(to, place.symbol.type, span);
    }
    store(to, place, span);
    if (wanted && yields === 'new') {
      index();
      load(to, place, span);
    }
  });
}

/**
 * Runs `use` with a function that pushes the index of an element. The index is evaluated once: one that is needed again is
 * kept in a temporary. For a variable there is nothing to push.
 */
function withIndex(
  to: FunctionCode,
  place: Place,
  times: number,
  span: Span,
  use: (index: () => void) => void,
): void {
  if (place.kind === 'variable' || place.index.kind === 'constant' || times === 1) {
    use(() => {
      generateIndex(to, place);
    });
    return;
  }
  to.withTemporary((slot) => {
    generateIndex(to, place);
    to.code.emit('STORE_LOCAL', span, slot);
    use(() => {
      to.code.emit('LOAD_LOCAL', span, slot);
    });
  });
}

function generateIndex(to: FunctionCode, place: Place): void {
  if (place.kind === 'element') generateValue(to, place.index);
}

function load(to: FunctionCode, place: Place, span: Span): void {
  if (place.kind === 'element') to.code.emit('LOAD_ARRAY', span, place.symbol.id);
  else {
    const { storage, slot } = place.symbol;
    to.code.emit(storage === 'global' ? 'LOAD_GLOBAL' : 'LOAD_LOCAL', span, slot);
  }
}

function store(to: FunctionCode, place: Place, span: Span): void {
  if (place.kind === 'element') to.code.emit('STORE_ARRAY', span, place.symbol.id);
  else {
    const { storage, slot } = place.symbol;
    to.code.emit(storage === 'global' ? 'STORE_GLOBAL' : 'STORE_LOCAL', span, slot);
  }
}

/** Cuts the top of the stack down to a type. */
function narrow({ code }: FunctionCode, type: ScalarType, span: Span): void {
  const mask = (bits: number): void => {
    code.push(bits, span);
    code.emit('BITWISE_AND', span);
  };
  const extend = (shift: number): void => {
    code.push(shift, span);
    code.emit('SHIFT_LEFT', span);
    code.push(shift, span);
    code.emit('SHIFT_RIGHT', span);
  };
  switch (type) {
    case 'bool':
      code.push(0, span);
      code.emit('NE_SIGNED', span);
      return;
    case 'uint8':
      mask(0xff);
      return;
    case 'uint16':
      mask(0xffff);
      return;
    case 'int8':
    case 'char':
      extend(24);
      return;
    case 'int16':
      extend(16);
      return;
    case 'int':
    case 'uint':
      return;
  }
}
