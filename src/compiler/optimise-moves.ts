/** Values that can be used where they lie instead of being copied first. */
import { factsOf, isPlain, mentions } from './facts.ts';
import { mirrored, type Operation } from './optimise-operation.ts';
import type { TypedExpression, VariableSymbol } from './typed.ts';

/** An expression whose evaluation begins with `load`. */
export interface Move {
  /** The expression, perhaps with the operands of an operation exchanged. */
  readonly expression: TypedExpression;
  /** The load of the variable that may be left out when the variable lies on top of the stack: its value is used up instead. */
  readonly load: TypedExpression;
}

interface Found extends Move {
  /** No instruction has used the value yet when the expression is evaluated. */
  readonly whole: boolean;
}

type Parts = readonly TypedExpression[];

/** True when parts that are evaluated after the first one find everything as it was. */
function leaveAlone(parts: Parts, symbol: VariableSymbol, whole: boolean): boolean {
  // As long as the value is only waiting as an operand, it is still in its slot and can be read.
  return parts.every((part) =>
    whole ? !factsOf(part).writes.has(symbol) : !mentions(part, symbol),
  );
}

/** The expression with other first part, when a move can begin in it. */
function within(
  [first, ...rest]: Parts,
  symbol: VariableSymbol,
  rebuild: (first: TypedExpression) => TypedExpression,
  isOperandList = true,
): Found | undefined {
  if (first === undefined) return undefined;
  const found = find(first, symbol);
  if (found === undefined) return undefined;
  if (!leaveAlone(rest, symbol, found.whole && isOperandList)) return undefined;
  return { ...found, expression: rebuild(found.expression), whole: false };
}

function ofOperation(
  expression: Extract<TypedExpression, { kind: 'operate' }>,
  symbol: VariableSymbol,
): Found | undefined {
  const [, ...rest] = expression.operands;
  const found = within(expression.operands, symbol, (first) => {
    return { ...expression, operands: [first, ...rest] };
  });
  if (found !== undefined) return found;
  // f() + x as x + f(): a call cannot change a local variable, and reading one has no effect.
  const exchanged = mirrored(expression as Operation);
  const [first, second] = exchanged?.operands ?? [];
  if (exchanged === undefined || first?.kind !== 'load' || second === undefined) return undefined;
  if (first.place.kind !== 'variable') return undefined;
  return within([first, second], symbol, () => exchanged);
}

function find(expression: TypedExpression, symbol: VariableSymbol): Found | undefined {
  switch (expression.kind) {
    case 'load': {
      const isIt = expression.place.kind === 'variable' && expression.place.symbol === symbol;
      if (isIt) return { expression, load: expression, whole: true };
      const { place } = expression;
      if (place.kind === 'variable') return undefined;
      return within([place.index], symbol, (index) => {
        return { ...expression, place: { ...place, index } };
      });
    }
    case 'operate':
      return ofOperation(expression, symbol);
    case 'narrow':
      return within([expression.operand], symbol, (operand) => ({ ...expression, operand }));
    case 'logical': {
      const { left, right } = expression;
      return within([left, right], symbol, (first) => ({ ...expression, left: first }), false);
    }
    case 'choose': {
      const { condition, whenTrue, whenFalse } = expression;
      const rebuild = (first: TypedExpression): TypedExpression => {
        return { ...expression, condition: first };
      };
      return within([condition, whenTrue, whenFalse], symbol, rebuild, false);
    }
    case 'call':
    case 'print': {
      const [, ...rest] = expression.args;
      return within(expression.args, symbol, (first) => {
        return { ...expression, args: [first, ...rest] };
      });
    }
    case 'assign': {
      const { place, value } = expression;
      // The index of an element may be evaluated a second time, to read the value back.
      if (place.kind === 'element' || place.symbol === symbol) return undefined;
      return within([value], symbol, (changed) => ({ ...expression, value: changed }));
    }
    default:
      return undefined;
  }
}

/**
 * How to evaluate an expression so that it uses up a variable on top of the stack; undefined when it does not begin with that
 * variable or needs it again.
 */
export function moveOf(expression: TypedExpression, symbol: VariableSymbol): Move | undefined {
  return find(expression, symbol);
}

/** The same for an expression of which only the effects are wanted. */
export function moveOfEffect(
  expression: TypedExpression,
  symbol: VariableSymbol,
): Move | undefined {
  if (factsOf(expression).pure) return undefined;
  switch (expression.kind) {
    case 'assign': {
      const { place, value } = expression;
      if (place.kind === 'variable') return find(expression, symbol);
      return within([place.index, value], symbol, (index) => {
        return { ...expression, place: { ...place, index } };
      });
    }
    case 'operate':
      // Of others only the operands' effects are left.
      return isPlain(expression) ? undefined : find(expression, symbol);
    case 'call':
    case 'print':
    case 'logical':
    case 'choose':
      return find(expression, symbol);
    default:
      return undefined;
  }
}
