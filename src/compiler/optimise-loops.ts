/** What is known of a loop before it runs. */
import { factsOf } from './facts.ts';
import { foldBinary, foldUnary } from './fold.ts';
import type { Loop, TypedExpression, TypedStatement, VariableSymbol } from './typed.ts';
import { convertConstant } from './types.ts';

/** Local variables whose value is known at a place. */
export type KnownLocals = ReadonlyMap<VariableSymbol, number>;

/** The value of an expression of which all variables are known; undefined otherwise, and where it would fault. */
export function evaluate(expression: TypedExpression, known: KnownLocals): number | undefined {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'load': {
      const { place } = expression;
      return place.kind === 'variable' ? known.get(place.symbol) : undefined;
    }
    case 'narrow': {
      const value = evaluate(expression.operand, known);
      return value === undefined ? undefined : convertConstant(value, expression.type);
    }
    case 'reinterpret':
      return evaluate(expression.operand, known);
    case 'operate': {
      const [a, b] = expression.operands.map((operand) => evaluate(operand, known));
      if (a === undefined) return undefined;
      if (expression.operands.length === 1) return foldUnary(expression.opcode, a);
      return b === undefined ? undefined : foldBinary(expression.opcode, a, b);
    }
    case 'logical': {
      const [left, right] = [evaluate(expression.left, known), evaluate(expression.right, known)];
      if (left === undefined || right === undefined) return undefined;
      const both = expression.operator === '&&';
      return (both ? left !== 0 && right !== 0 : left !== 0 || right !== 0) ? 1 : 0;
    }
    default:
      return undefined;
  }
}

/** The variable that a statement gives a value, when it does nothing else. */
export function assignedBy(
  statement: TypedStatement,
): { symbol: VariableSymbol; value: TypedExpression } | undefined {
  if (statement.kind === 'declare' && statement.value !== undefined) {
    return { symbol: statement.symbol, value: statement.value };
  }
  if (statement.kind !== 'evaluate' || statement.expression.kind !== 'assign') return undefined;
  const { place, value } = statement.expression;
  return place.kind === 'variable' && place.symbol.storage === 'local'
    ? { symbol: place.symbol, value }
    : undefined;
}

/** What is known behind a statement that is executed from its beginning to its end. */
export function knownBehind(statement: TypedStatement, known: KnownLocals): KnownLocals {
  const { writes } = factsOf(statement);
  const kept = new Map([...known].filter(([symbol]) => !writes.has(symbol)));
  const assigned = assignedBy(statement);
  const value = assigned === undefined ? undefined : evaluate(assigned.value, known);
  if (assigned !== undefined && value !== undefined) kept.set(assigned.symbol, value);
  return kept;
}

/** Rounds that a loop is taken to have when nothing says how many: the estimate decides what is worth a slot, nothing else. */
const UNKNOWN_TRIPS = 4;

/** The constant by which a step changes a variable. */
function stepOf(step: TypedExpression | undefined, symbol: VariableSymbol): number | undefined {
  if (step?.kind !== 'assign' || step.place.symbol !== symbol) return undefined;
  const { value } = step;
  const sum = value.kind === 'narrow' ? value.operand : value;
  if (sum.kind !== 'operate' || (sum.opcode !== 'ADD' && sum.opcode !== 'SUB')) return undefined;
  const [, by] = sum.operands;
  if (by?.kind !== 'constant') return undefined;
  return sum.opcode === 'ADD' ? by.value : -by.value;
}

/** About how many rounds a loop has each time it is reached. */
export function tripsOf(loop: Loop): number {
  if (loop.kind !== 'for' || loop.condition?.kind !== 'operate') return UNKNOWN_TRIPS;
  const [left, bound] = loop.condition.operands;
  if (left?.kind !== 'load' || left.place.kind !== 'variable') return UNKNOWN_TRIPS;
  if (bound?.kind !== 'constant') return UNKNOWN_TRIPS;
  const { symbol } = left.place;
  const start = loop.start.kind === 'declarations' ? loop.start.items.at(-1) : loop.start;
  const assigned = start === undefined ? undefined : assignedBy(start);
  const step = stepOf(loop.step, symbol);
  if (assigned?.symbol !== symbol || assigned.value.kind !== 'constant') return UNKNOWN_TRIPS;
  if (step === undefined || step === 0) return UNKNOWN_TRIPS;
  return Math.max(0, Math.ceil((bound.value - assigned.value.value) / step));
}
