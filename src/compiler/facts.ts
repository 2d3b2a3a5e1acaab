/** What an expression or statement does, for those who want to leave it out, move it or evaluate it elsewhere. */
import { pushLength } from './assembly.ts';
import type { ArraySymbol, Place, SwitchItem, TypedExpression, VariableSymbol } from './typed.ts';
import type { ScalarType } from './types.ts';

export type Node = TypedExpression | SwitchItem;

type Memory = VariableSymbol | ArraySymbol;

export interface Facts {
  /** It has no effect and cannot fault. */
  readonly pure: boolean;
  /** It calls functions of the sketch, which may read and write any global and array. */
  readonly calls: boolean;
  /** Memory that it may itself read or write. */
  readonly reads: ReadonlySet<Memory>;
  readonly writes: ReadonlySet<Memory>;
  /** About as many instructions as it takes. */
  readonly cost: number;
}

const NONE: ReadonlySet<Memory> = new Set();

type Operation = Extract<TypedExpression, { kind: 'operate' }>;

/** Instructions without effect or fault, whatever their operands. */
const PURE = /^(ADD|SUB|MUL|AND|OR|NOT|BITWISE_.*|(EQ|NE|LT|GT|LE|GE)(_SIGNED)?)$/;

/** True for an operation that, besides evaluating its operands, has no effect and cannot fault. */
export function isPlain({ opcode, operands }: Operation): boolean {
  if (PURE.test(opcode)) return true;
  const right = operands[1];
  if (right?.kind !== 'constant') return false;
  if (opcode === 'DIV' || opcode === 'MOD') return right.value !== 0;
  return opcode.startsWith('SHIFT') && right.value >= 0 && right.value <= 31;
}

/** Instructions that cut an int32 down to a type. */
export function narrowLength(type: ScalarType): number {
  if (type === 'int' || type === 'uint') return 0;
  return type === 'int8' || type === 'char' || type === 'int16' ? 4 : 2;
}

const indexOf = (place: Place): readonly TypedExpression[] =>
  place.kind === 'element' ? [place.index] : [];

/** The parts of an expression, in the order of evaluation. */
export function partsOf(expression: TypedExpression): readonly TypedExpression[] {
  switch (expression.kind) {
    case 'constant':
    case 'text':
    case 'invalid':
      return [];
    case 'load':
      return indexOf(expression.place);
    case 'operate':
      return expression.operands;
    case 'narrow':
    case 'reinterpret':
    case 'discard':
      return [expression.operand];
    case 'logical':
      return [expression.left, expression.right];
    case 'choose':
      return [expression.condition, expression.whenTrue, expression.whenFalse];
    case 'assign':
    case 'update':
      return [...indexOf(expression.place), expression.value];
    case 'call':
    case 'print':
      return expression.args;
    case 'sequence':
      return [expression.first, expression.second];
  }
}

const present = <T>(values: readonly (T | undefined)[]): T[] =>
  values.filter((value) => value !== undefined);

/** The expressions and statements directly in a statement. */
export function childrenOf(statement: SwitchItem): readonly Node[] {
  switch (statement.kind) {
    case 'block':
    case 'declarations':
      return statement.items;
    case 'declare':
    case 'return':
      return present([statement.value]);
    case 'evaluate':
      return [statement.expression];
    case 'if':
      return present([
        ...statement.clauses.flatMap(({ condition, body }) => [condition, body]),
        statement.otherwise,
      ]);
    case 'while':
    case 'do':
      return [statement.condition, statement.body];
    case 'for':
      return present([statement.start, statement.condition, statement.step, statement.body]);
    case 'switch':
      return [statement.subject, ...statement.items];
    case 'break':
    case 'continue':
    case 'label':
      return [];
  }
}

export function isExpression(node: Node): node is TypedExpression {
  return 'type' in node;
}

/** Facts about nodes that touch no memory, shared, as there are very many such nodes. */
const shared = [true, false].map((pure) =>
  [0, 1, 2, 3, 4].map((cost): Facts => ({ pure, calls: false, reads: NONE, writes: NONE, cost })),
);

function plain(cost: number, pure = true): Facts {
  const found = shared[pure ? 0 : 1]?.[cost];
  if (found === undefined) throw new Error(`no facts with cost ${cost}`);
  return found;
}

const alone = new WeakMap<Memory, ReadonlySet<Memory>>();

/** The set of one symbol, shared. */
function only(symbol: Memory): ReadonlySet<Memory> {
  const found = alone.get(symbol) ?? new Set([symbol]);
  alone.set(symbol, found);
  return found;
}

/** What a node does by itself, besides what its parts do. */
function own(node: Node): Facts {
  switch (node.kind) {
    case 'constant':
      return plain(pushLength(node.value));
    case 'load': {
      const { place } = node;
      // The checker lets no constant index outside the array pass.
      const pure = place.kind === 'variable' || place.index.kind === 'constant';
      return { ...plain(1, pure), reads: only(place.symbol) };
    }
    case 'operate':
      return plain(1, isPlain(node));
    case 'narrow':
      return plain(narrowLength(node.type));
    case 'assign':
      return { ...plain(1, false), writes: only(node.place.symbol) };
    case 'update': {
      const both = only(node.place.symbol);
      return { ...plain(3, false), reads: both, writes: both };
    }
    case 'declare':
      return { ...plain(1, false), writes: only(node.symbol) };
    case 'call':
      return { ...plain(1, false), calls: true };
    case 'logical':
    case 'choose':
      return plain(2);
    case 'text':
      return plain(1);
    case 'reinterpret':
    case 'discard':
    case 'sequence':
    case 'block':
    case 'declarations':
    case 'label':
      return plain(0);
    default:
      return plain(1, false);
  }
}

function union(a: ReadonlySet<Memory>, b: ReadonlySet<Memory>): ReadonlySet<Memory> {
  if (a.size === 0 || a === b) return b;
  for (const memory of b) if (!a.has(memory)) return new Set([...a, ...b]);
  return a;
}

const known = new WeakMap<Node, Facts>();

/** What evaluating or executing a node, parts included, may do. */
export function factsOf(node: Node): Facts {
  const before = known.get(node);
  if (before !== undefined) return before;
  const parts: readonly Node[] = isExpression(node) ? partsOf(node) : childrenOf(node);
  const itself = own(node);
  if (parts.length === 0) return itself;
  let { pure, calls, reads, writes, cost } = itself;
  for (const part of parts) {
    const facts = factsOf(part);
    pure &&= facts.pure;
    calls ||= facts.calls;
    reads = union(reads, facts.reads);
    writes = union(writes, facts.writes);
    cost += facts.cost;
  }
  const result = { pure, calls, reads, writes, cost };
  known.set(node, result);
  return result;
}

/** True when a node reads or writes a variable. Calls do neither to a local one. */
export function mentions(node: Node, symbol: VariableSymbol): boolean {
  const { reads, writes } = factsOf(node);
  return reads.has(symbol) || writes.has(symbol);
}
