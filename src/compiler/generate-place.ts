/** Reading and writing of variables and elements. */
import type { Span } from './diagnostics.ts';
import { factsOf } from './facts.ts';
import type { FunctionCode } from './generate-context.ts';
import { moveOf } from './optimise-moves.ts';
import { isWithin } from './optimise-range.ts';
import type { Place, TypedExpression, VariableSymbol } from './typed.ts';
import { heldRange, type ScalarType } from './types.ts';

type Of<Kind extends TypedExpression['kind']> = Extract<TypedExpression, { kind: Kind }>;

/** Evaluates an expression and leaves its value on the stack. */
export type Generate = (to: FunctionCode, expression: TypedExpression) => void;

function loadVariable(to: FunctionCode, symbol: VariableSymbol, span: Span): void {
  if (symbol.storage === 'global') to.code.emit('LOAD_GLOBAL', span, symbol.slot);
  else to.code.emit('LOAD_LOCAL', span, to.slotOf(symbol));
}

function storeVariable(to: FunctionCode, symbol: VariableSymbol, span: Span): void {
  if (symbol.storage === 'global') to.code.emit('STORE_GLOBAL', span, symbol.slot);
  else to.code.emit('STORE_LOCAL', span, to.slotOf(symbol));
}

/** Leaves the value of a variable or an element on the stack. */
export function generateLoad(to: FunctionCode, { place, span }: Of<'load'>, value: Generate): void {
  if (place.kind === 'variable') loadVariable(to, place.symbol, span);
  else {
    value(to, place.index);
    to.code.emit('LOAD_ARRAY', span, place.symbol.id);
  }
}

/** True for an index that is one instruction to compute again behind `later`, with the same result. */
function isRepeatable(index: TypedExpression, later: TypedExpression): boolean {
  const { pure, cost, reads } = factsOf(index);
  if (!pure || cost > 1) return false;
  const { writes, calls } = factsOf(later);
  return [...reads].every(
    (symbol) =>
      !writes.has(symbol) && (!calls || ('storage' in symbol && symbol.storage === 'local')),
  );
}

/** Drops the value under the top. */
function dropBelow(to: FunctionCode, span: Span): void {
  to.code.emit('STORE_LOCAL', span, to.code.height - 2);
}

/** The index and value on top of the stack go into an array; the value stays. */
function storeKept(to: FunctionCode, id: number, span: Span): void {
  to.code.copy(1, span);
  to.code.copy(1, span);
  to.code.emit('STORE_ARRAY', span, id);
  dropBelow(to, span);
}

/** @param wanted the assigned value stays on the stack */
export function generateAssign(
  to: FunctionCode,
  { place, value: assigned, span }: Of<'assign'>,
  wanted: boolean,
  value: Generate,
): void {
  const { code } = to;
  if (place.kind === 'variable') {
    assignVariable(to, place.symbol, assigned, span, value);
    if (wanted) loadVariable(to, place.symbol, span);
    return;
  }
  value(to, place.index);
  value(to, assigned);
  const { id } = place.symbol;
  if (wanted && !isRepeatable(place.index, assigned)) {
    storeKept(to, id, span);
    return;
  }
  code.emit('STORE_ARRAY', span, id);
  if (!wanted) return;
  value(to, place.index);
  code.emit('LOAD_ARRAY', span, id);
}

function assignVariable(
  to: FunctionCode,
  symbol: VariableSymbol,
  assigned: TypedExpression,
  span: Span,
  value: Generate,
): void {
  const isItself = assigned.kind === 'load' && assigned.place.symbol === symbol;
  if (isItself) return;
  const move = symbol === to.top ? moveOf(assigned, symbol) : undefined;
  if (move === undefined) {
    value(to, assigned);
    storeVariable(to, symbol, span);
    return;
  }
  // x = x + 1 where x is on top: the sum is computed in its place.
  to.withMove(move.load, () => {
    value(to, move.expression);
  });
}

/** @param wanted the old or new value stays on the stack, as the expression says */
export function generateUpdate(
  to: FunctionCode,
  expression: Of<'update'>,
  wanted: boolean,
  value: Generate,
): void {
  const { place, span, yields } = expression;
  if (place.kind === 'element') {
    updateElement(to, expression, place, wanted, value);
    return;
  }
  loadVariable(to, place.symbol, span);
  if (wanted && yields === 'old') to.code.copy(0, span);
  compute(to, expression, value);
  storeVariable(to, place.symbol, span);
  if (wanted && yields === 'new') loadVariable(to, place.symbol, span);
}

/** The value on top of the stack becomes the new one. */
function compute(to: FunctionCode, expression: Of<'update'>, value: Generate): void {
  const { place, opcode, value: operand, span } = expression;
  const { type } = place.symbol;
  value(to, operand);
  to.code.emit(opcode, span);
  const before: TypedExpression = { kind: 'load', span, type, place };
  const sum = { kind: 'operate', span, type, opcode, operands: [before, operand] } as const;
  if (!isWithin(sum, heldRange(type))) narrow(to, type, span);
}

function updateElement(
  to: FunctionCode,
  expression: Of<'update'>,
  place: Extract<Place, { kind: 'element' }>,
  wanted: boolean,
  value: Generate,
): void {
  const { code } = to;
  const { span, yields } = expression;
  const { index, symbol } = place;
  const repeatable = isRepeatable(index, expression.value);
  const indexAgain = (): void => {
    if (repeatable) value(to, index);
    else code.copy(0, span);
  };
  value(to, index);
  if (wanted && yields === 'old' && repeatable) {
    code.emit('LOAD_ARRAY', span, symbol.id);
    value(to, index);
    code.copy(1, span);
    compute(to, expression, value);
    code.emit('STORE_ARRAY', span, symbol.id);
    return;
  }
  indexAgain();
  code.emit('LOAD_ARRAY', span, symbol.id);
  if (wanted && yields === 'old') {
    code.copy(1, span);
    code.copy(1, span);
    compute(to, expression, value);
    code.emit('STORE_ARRAY', span, symbol.id);
    dropBelow(to, span);
    return;
  }
  compute(to, expression, value);
  if (wanted && !repeatable) {
    storeKept(to, symbol.id, span);
    return;
  }
  code.emit('STORE_ARRAY', span, symbol.id);
  if (!wanted) return;
  value(to, index);
  code.emit('LOAD_ARRAY', span, symbol.id);
}

/** Cuts the top of the stack down to a type. */
export function narrow({ code }: FunctionCode, type: ScalarType, span: Span): void {
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
