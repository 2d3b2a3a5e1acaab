/**
 * Expressions in fewer instructions. The result does and yields exactly what the expression does: the same effects in the
 * same order, the same faults, the same 32 bits.
 */
import { factsOf } from './facts.ts';
import { insteadOf, OPERATION_RULES, truth, type Operation } from './optimise-operation.ts';
import { isWithin } from './optimise-range.ts';
import type { Place, TypedExpression } from './typed.ts';
import { convertConstant, heldRange } from './types.ts';

type Of<Kind extends TypedExpression['kind']> = Extract<TypedExpression, { kind: Kind }>;

/** Applies rules until none fits. Each makes the operation smaller or its constant move right, so there is an end. */
export function optimiseOperation(operation: Operation): TypedExpression {
  for (const rule of OPERATION_RULES) {
    const better = rule(operation);
    if (better !== undefined) {
      return better.kind === 'operate' ? optimiseOperation(better as Operation) : better;
    }
  }
  return operation;
}

function optimisePlace(place: Place): Place {
  return place.kind === 'variable' ? place : { ...place, index: optimise(place.index) };
}

/** Drops a cut that changes nothing. */
function optimiseNarrow(expression: Of<'narrow'>, operand: TypedExpression): TypedExpression {
  const { type, span } = expression;
  if (operand.kind === 'constant') {
    return { kind: 'constant', span, type, value: convertConstant(operand.value, type) };
  }
  return isWithin(operand, heldRange(type)) ? operand : { ...expression, operand };
}

function optimiseLogical(expression: Of<'logical'>): TypedExpression {
  const { span, type, operator } = expression;
  const [left, right] = [optimise(expression.left), optimise(expression.right)];
  const decides = (side: Of<'constant'>): boolean => (side.value !== 0) === (operator === '||');
  const result = { kind: 'constant', span, type, value: operator === '||' ? 1 : 0 } as const;
  if (left.kind === 'constant') return decides(left) ? result : truth(right);
  if (right.kind !== 'constant') return { ...expression, left, right };
  return decides(right) ? insteadOf(left, result) : truth(left);
}

function optimiseChoice(expression: Of<'choose'>): TypedExpression {
  const { span, type } = expression;
  const condition = optimise(expression.condition);
  const [whenTrue, whenFalse] = [expression.whenTrue, expression.whenFalse].map(
    type === 'void' ? optimiseEffect : optimise,
  );
  if (whenTrue === undefined || whenFalse === undefined) return expression;
  if (condition.kind === 'constant') return condition.value === 0 ? whenFalse : whenTrue;
  if (type !== 'void' && type !== 'text') {
    const [a, b] = [whenTrue, whenFalse].map((each) =>
      each.kind === 'constant' ? each.value : undefined,
    );
    if (a === 1 && b === 0) return truth(condition);
    const not = { kind: 'operate', span, type, opcode: 'NOT', operands: [condition] } as const;
    if (a === 0 && b === 1) return optimiseOperation(not);
  }
  return { ...expression, condition, whenTrue, whenFalse };
}

/** `x += 2` as `x = x + 2`, whose parts can be simplified; an element stays, because its index is evaluated once. */
function optimiseUpdate(expression: Of<'update'>): TypedExpression {
  const { place, opcode, yields, span } = expression;
  const value = optimise(expression.value);
  if (place.kind === 'element' || yields === 'old') {
    return { ...expression, place: optimisePlace(place), value };
  }
  const { type } = place.symbol;
  const before: TypedExpression = { kind: 'load', span, type, place };
  const sum = optimiseOperation({ kind: 'operate', span, type, opcode, operands: [before, value] });
  const narrow = { kind: 'narrow', span, type, operand: sum } as const;
  return { kind: 'assign', span, type, place, value: optimiseNarrow(narrow, sum) };
}

/** An expression whose value is wanted, in fewer instructions. */
export function optimise(expression: TypedExpression): TypedExpression {
  switch (expression.kind) {
    case 'constant':
    case 'text':
    case 'invalid':
      return expression;
    case 'load':
      return { ...expression, place: optimisePlace(expression.place) };
    case 'operate': {
      const optimised = { ...expression, operands: expression.operands.map(optimise) };
      return optimised.type === 'void' ? optimised : optimiseOperation(optimised as Operation);
    }
    case 'narrow':
      return optimiseNarrow(expression, optimise(expression.operand));
    // The bits are the same, and what they mean is settled.
    case 'reinterpret':
      return optimise(expression.operand);
    case 'discard':
      return { ...expression, operand: optimiseEffect(expression.operand) };
    case 'logical':
      return optimiseLogical(expression);
    case 'choose':
      return optimiseChoice(expression);
    case 'assign':
      return {
        ...expression,
        place: optimisePlace(expression.place),
        value: optimise(expression.value),
      };
    case 'update':
      return optimiseUpdate(expression);
    case 'call':
    case 'print':
      return { ...expression, args: expression.args.map(optimise) };
    case 'sequence': {
      const first = optimiseEffect(expression.first);
      const second = optimise(expression.second);
      return factsOf(first).pure ? second : { ...expression, first, second };
    }
  }
}

/** An expression of which only the effects are wanted. */
export function optimiseEffect(expression: TypedExpression): TypedExpression {
  if (expression.kind === 'update') return optimise({ ...expression, yields: 'new' });
  if (expression.kind !== 'sequence') return optimise(expression);
  const first = optimiseEffect(expression.first);
  const second = optimiseEffect(expression.second);
  return factsOf(first).pure ? second : { ...expression, first, second };
}
