/** Values that do not change in a loop, and when it pays to compute them once before it. */
import { childrenOf, factsOf, isExpression, partsOf, type Facts, type Node } from './facts.ts';
import { tripsOf } from './optimise-loops.ts';
import { moveOf } from './optimise-moves.ts';
import type { ArraySymbol, Loop, Place, TypedExpression, VariableSymbol } from './typed.ts';

const ids = new WeakMap<VariableSymbol | ArraySymbol, number>();
let nextId = 0;

function idOf(symbol: VariableSymbol | ArraySymbol): number {
  const known = ids.get(symbol) ?? nextId;
  if (known === nextId) nextId += 1;
  ids.set(symbol, known);
  return known;
}

const keys = new WeakMap<TypedExpression, string | undefined>();

function keyOfLoad(place: Place): string | undefined {
  if (place.kind === 'variable') return `v${idOf(place.symbol)}`;
  return place.index.kind === 'constant'
    ? `v${idOf(place.symbol)}[${place.index.value}]`
    : undefined;
}

function computeKey(expression: TypedExpression): string | undefined {
  switch (expression.kind) {
    case 'constant':
      return `${expression.value}`;
    case 'load':
      return keyOfLoad(expression.place);
    case 'narrow': {
      const operand = keyOf(expression.operand);
      return operand === undefined ? undefined : `${expression.type}(${operand})`;
    }
    case 'operate': {
      const operands = expression.operands.map(keyOf);
      return operands.includes(undefined) || !factsOf(expression).pure
        ? undefined
        : `${expression.opcode}(${operands.join(' ')})`;
    }
    default:
      return undefined;
  }
}

/**
 * A text that two expressions share only when they compute the same from the same memory. Undefined for one that is not pure
 * or not made of constants, variables and operators.
 */
export function keyOf(expression: TypedExpression): string | undefined {
  if (keys.has(expression)) return keys.get(expression);
  const key = computeKey(expression);
  keys.set(expression, key);
  return key;
}

/** An expression that a loop evaluates again and again with the same result. */
export interface Invariant {
  readonly key: string;
  readonly expression: TypedExpression;
  /** Instructions saved each time the loop is run, as far as can be told, when the value is computed before it. */
  readonly gain: number;
}

/** How often a part is executed each time the whole is: a branch, half the time. */
const BRANCH = 0.5;

/** The parts of a node and how often each is executed. */
function weighted(node: Node): readonly (readonly [part: Node, times: number])[] {
  if (isExpression(node)) {
    const parts = partsOf(node);
    const choice = node.kind === 'logical' || node.kind === 'choose';
    return parts.map((part, index) => [part, choice && index > 0 ? BRANCH : 1]);
  }
  if (node.kind === 'while' || node.kind === 'do' || node.kind === 'for') {
    const trips = tripsOf(node);
    const { start } = node.kind === 'for' ? node : { start: undefined };
    return childrenOf(node).map((part) => [part, part === start ? 1 : trips]);
  }
  const branches = node.kind === 'if' || node.kind === 'switch';
  return childrenOf(node).map((part, index) => [part, branches && index > 0 ? BRANCH : 1]);
}

function isInvariant(
  expression: TypedExpression,
  loop: Facts,
  isVisible: (symbol: VariableSymbol) => boolean,
): boolean {
  const { reads, cost } = factsOf(expression);
  if (cost < 2 || keyOf(expression) === undefined) return false;
  for (const symbol of reads) {
    if (loop.writes.has(symbol)) return false;
    const isLocal = symbol.kind === 'variable' && symbol.storage === 'local';
    if (isLocal ? !isVisible(symbol) : loop.calls) return false;
  }
  return true;
}

/**
 * The expressions in a loop that are worth a slot, best first.
 * @param isVisible local variables that exist before the loop
 */
function invariantsOf(
  loop: Loop,
  isVisible: (symbol: VariableSymbol) => boolean,
): readonly Invariant[] {
  const facts = factsOf(loop);
  const found = new Map<string, { expression: TypedExpression; saved: number }>();
  const visit = (node: Node, times: number): void => {
    if (isExpression(node) && isInvariant(node, facts, isVisible)) {
      const key = keyOf(node) ?? '';
      const saved = found.get(key)?.saved ?? 0;
      found.set(key, { expression: node, saved: saved + times * (factsOf(node).cost - 1) });
      return;
    }
    for (const [part, each] of weighted(node)) visit(part, times * each);
  };
  visit(loop, 1);
  return [...found]
    .map(([key, { expression, saved }]) => {
      // To be computed once, and dropped behind the loop.
      return { key, expression, gain: saved - factsOf(expression).cost - 1 };
    })
    .filter(({ gain }) => gain > 0)
    .toSorted((a, b) => b.gain - a.gain);
}

/** Instructions saved in a loop because a variable is on top of the stack and is changed where it lies. */
function gainOnTop(loop: Loop, symbol: VariableSymbol): number {
  let gain = 0;
  const visit = (node: Node, times: number): void => {
    if (!isExpression(node) && node.kind === 'declare') return;
    const isUpdate = isExpression(node) && node.kind === 'assign' && node.place.symbol === symbol;
    if (isUpdate && moveOf(node.value, symbol) !== undefined) gain += 2 * times;
    // Deeper inside, a variable of a block or of a loop is on top.
    const covers = (part: Node): boolean => !isExpression(part) && part.kind === 'declarations';
    const parts = weighted(node);
    if (parts.some(([part]) => covers(part) && factsOf(part).cost > 0) && node !== loop) return;
    for (const [part, each] of parts) visit(part, times * each);
  };
  visit(loop, 1);
  return gain;
}

/**
 * The invariants of a loop that are worth keeping on the stack, best first. They would cover the variable on top, which is
 * worth something too, unless the loop declares one of its own.
 */
export function chooseInvariants(
  loop: Loop,
  top: VariableSymbol | undefined,
  isVisible: (symbol: VariableSymbol) => boolean,
): readonly Invariant[] {
  const invariants = invariantsOf(loop, isVisible);
  const declares =
    loop.kind === 'for' && loop.start.kind === 'declarations' && loop.start.items.length > 0;
  if (top === undefined || declares) return invariants;
  const gain = invariants.reduce((sum, each) => sum + each.gain, 0);
  return gain > gainOnTop(loop, top) ? invariants : [];
}
