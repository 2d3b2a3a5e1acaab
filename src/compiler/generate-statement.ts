/** Typed statements to instructions. */
import { newLabel } from './assembly.ts';
import type { Span } from './diagnostics.ts';
import { mentions, type Node } from './facts.ts';
import type { FunctionCode } from './generate-context.ts';
import { generateBranch, generateEffect, generateValue } from './generate-expression.ts';
import { generateLoop } from './generate-loop.ts';
import { generateSwitch } from './generate-switch.ts';
import { RET_VALUE } from './opcode-names.ts';
import { assignedBy, knownBehind } from './optimise-loops.ts';
import { moveOf, moveOfEffect, type Move } from './optimise-moves.ts';
import {
  inside,
  type StatementContext,
  type StatementGenerator,
  type Tail,
} from './statement-context.ts';
import type { TypedExpression, TypedStatement, VariableSymbol } from './typed.ts';

type Of<Kind extends TypedStatement['kind']> = Extract<TypedStatement, { kind: Kind }>;

const GENERATOR: StatementGenerator = {
  statement: generateStatement,
  items: generateItems,
  scope: generateScope,
};

/**
 * Generates a statement. The operand stack is as high behind it as before it, but for variables that it declares in the
 * block around it, and for a variable that it used up.
 */
export function generateStatement(
  to: FunctionCode,
  statement: TypedStatement,
  context: StatementContext,
): void {
  switch (statement.kind) {
    case 'block':
      generateBlock(to, statement.items, context, statement.end);
      return;
    case 'declarations':
      generateItems(to, statement.items, context);
      return;
    case 'declare':
      to.declare(statement.symbol, () => {
        if (statement.value === undefined) to.code.push(0, statement.span);
        else generateValue(to, statement.value);
      });
      return;
    case 'evaluate':
      generateEvaluation(to, statement.expression, context);
      return;
    case 'if':
      generateIf(to, statement, context);
      return;
    case 'while':
    case 'do':
    case 'for':
      generateLoop(to, statement, context, GENERATOR);
      return;
    case 'switch':
      generateSwitch(to, statement, context, GENERATOR);
      return;
    case 'break':
      if (context.breakTo !== undefined) to.jumpOut(context.breakTo, statement.span);
      return;
    case 'continue':
      if (context.continueTo !== undefined) to.jumpOut(context.continueTo, statement.span);
      return;
    case 'return':
      generateReturn(to, statement);
      return;
  }
}

/** Names of a declaration are names of the block around it. */
function flat(items: readonly TypedStatement[]): readonly TypedStatement[] {
  return items.flatMap((item) => (item.kind === 'declarations' ? flat(item.items) : [item]));
}

/** Variables declared without a value come to be where they are first needed. */
function settle(to: FunctionCode, pending: Set<VariableSymbol>, nodes: readonly Node[]): void {
  for (const symbol of pending) {
    if (!nodes.some((node) => mentions(node, symbol))) continue;
    pending.delete(symbol);
    to.code.push(0, symbol.span);
    to.ownTop(symbol);
  }
}

/** The assignment by which a variable without a value gets its first one. */
function firstValue(
  item: TypedStatement,
  pending: ReadonlySet<VariableSymbol>,
): Of<'declare'> | undefined {
  const { symbol, value } = assignedBy(item) ?? {};
  if (item.kind !== 'evaluate' || symbol === undefined || value === undefined) return undefined;
  if (!pending.has(symbol) || mentions(value, symbol)) return undefined;
  return { kind: 'declare', span: item.span, symbol, value };
}

function generateItems(
  to: FunctionCode,
  items: readonly TypedStatement[],
  context: StatementContext,
  tail?: Tail,
): void {
  const pending = new Set<VariableSymbol>();
  let { known } = context;
  flat(items).forEach((item, index, all) => {
    const isLast = index === all.length - 1 && tail === undefined;
    const dead = isLast ? context.dead : Infinity;
    const first = firstValue(item, pending);
    if (item.kind === 'declare' && item.value === undefined) pending.add(item.symbol);
    else {
      if (first !== undefined) pending.delete(first.symbol);
      settle(to, pending, [item]);
      generateStatement(to, first ?? item, { ...context, dead, known });
    }
    known = knownBehind(item, known);
  });
  if (tail === undefined) return;
  settle(to, pending, tail.nodes);
  tail.generate(known);
}

function generateBlock(
  to: FunctionCode,
  items: readonly TypedStatement[],
  context: StatementContext,
  end: Span,
): void {
  const { height } = to.code;
  generateItems(to, items, { ...context, dead: Math.min(context.dead, height) });
  to.release(height, end);
}

function generateScope(
  to: FunctionCode,
  statement: TypedStatement,
  context: StatementContext,
  span: Span,
): void {
  if (statement.kind === 'block') generateStatement(to, statement, context);
  else generateBlock(to, [statement], context, span);
}

/** Generates the last statement to use the variable on top of the stack, which uses it up. False when it is not that. */
function withLastUse(
  to: FunctionCode,
  { dead }: StatementContext,
  find: (symbol: VariableSymbol) => Move | undefined,
  generate: (expression: TypedExpression) => void,
): boolean {
  const { top: symbol } = to;
  if (symbol === undefined || to.slotOf(symbol) < dead) return false;
  const move = find(symbol);
  if (move === undefined) return false;
  to.disown(to.slotOf(symbol));
  to.withMove(move.load, () => {
    generate(move.expression);
  });
  return true;
}

function generateEvaluation(
  to: FunctionCode,
  expression: TypedExpression,
  context: StatementContext,
): void {
  const effect = (each: TypedExpression): void => {
    generateEffect(to, each);
  };
  const find = (symbol: VariableSymbol): Move | undefined => moveOfEffect(expression, symbol);
  if (!withLastUse(to, context, find, effect)) effect(expression);
}

/** Everything in an `if` but its first condition. */
function behindFirstCondition({ clauses, otherwise }: Of<'if'>): readonly Node[] {
  const [first, ...rest] = clauses;
  const nodes = [
    first?.body,
    ...rest.flatMap(({ condition, body }) => [condition, body]),
    otherwise,
  ];
  return nodes.filter((node) => node !== undefined);
}

function generateIf(to: FunctionCode, statement: Of<'if'>, context: StatementContext): void {
  const { code } = to;
  const { clauses, otherwise, span } = statement;
  const end = newLabel();
  clauses.forEach(({ condition, body }, index) => {
    const next = newLabel();
    const branch = (each: TypedExpression): void => {
      generateBranch(to, each, false, next);
    };
    const find = (symbol: VariableSymbol): Move | undefined =>
      behindFirstCondition(statement).some((node) => mentions(node, symbol))
        ? undefined
        : moveOf(condition, symbol);
    if (index > 0 || !withLastUse(to, context, find, branch)) branch(condition);
    generateScope(to, body, inside(context), span);
    const isLast = index === clauses.length - 1 && otherwise === undefined;
    if (!isLast) code.emit('JMP', span, end);
    code.bind(next);
  });
  if (otherwise !== undefined) generateScope(to, otherwise, inside(context), span);
  code.bind(end);
}

/** RET drops the whole frame, whatever lies in it. */
function generateReturn(to: FunctionCode, { value, span }: Of<'return'>): void {
  const { code, top } = to;
  const { height } = code;
  const move = value === undefined || top === undefined ? undefined : moveOf(value, top);
  if (move !== undefined) {
    to.withMove(move.load, () => {
      generateValue(to, move.expression);
    });
  } else if (value !== undefined) generateValue(to, value);
  code.emit('RET', span, 0, value === undefined ? 0 : RET_VALUE);
  code.height = height;
}
