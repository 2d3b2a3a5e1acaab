/** Loops, with the condition at the end: one jump a round. */
import { newLabel } from './assembly.ts';
import { factsOf } from './facts.ts';
import type { FunctionCode } from './generate-context.ts';
import { generateBranch, generateEffect, generateValue } from './generate-expression.ts';
import { chooseInvariants } from './optimise-invariants.ts';
import { evaluate, type KnownLocals } from './optimise-loops.ts';
import { inside, type StatementContext, type StatementGenerator } from './statement-context.ts';
import type { Loop } from './typed.ts';

/** Slots that one function may use at a time for values that do not change in its loops. */
const MAX_HOISTED = 8;

/** Generates a loop. What does not change in it may be computed before it and kept on the stack. */
export function generateLoop(
  to: FunctionCode,
  loop: Loop,
  context: StatementContext,
  generator: StatementGenerator,
): void {
  const { height } = to.code;
  to.withHoisted(hoist(to, loop), () => {
    const rounds = (known: KnownLocals): void => {
      generateRounds(to, loop, { ...context, known }, generator);
    };
    if (loop.kind !== 'for') rounds(context.known);
    else {
      const { start, condition, step, body } = loop;
      const nodes = [condition, step, body].filter((node) => node !== undefined);
      const around = { ...inside(context), known: context.known };
      generator.items(to, [start], around, { nodes, generate: rounds });
    }
  });
  to.release(height, loop.span);
}

/** Computes what is worth it, and says in which slots it lies. */
function hoist(to: FunctionCode, loop: Loop): ReadonlyMap<string, number> {
  const slots = new Map<string, number>();
  if (!to.program.mayHoist) return slots;
  const chosen = chooseInvariants(loop, to.top, (symbol) => to.owns(symbol));
  for (const { key, expression } of chosen) {
    if (to.hoistedSlot(expression) !== undefined) continue;
    if (to.hoistedCount + slots.size === MAX_HOISTED) break;
    generateValue(to, expression);
    slots.set(key, to.code.height - 1);
  }
  return slots;
}

/** Conditions up to this many instructions stand before the loop too, which saves the jump to the one at its end. */
const COPIED_CONDITION = 8;

function isEmpty(loop: Loop): boolean {
  const { body } = loop;
  const items = body.kind === 'block' || body.kind === 'declarations' ? body.items : [body];
  return items.length === 0 && (loop.kind !== 'for' || loop.step === undefined);
}

/** What the first test of a condition will say. */
function firstTest(loop: Loop, known: KnownLocals): boolean | undefined {
  if (loop.kind === 'do' || loop.condition === undefined) return true;
  const value = evaluate(loop.condition, known);
  return value === undefined ? undefined : value !== 0;
}

/** The rounds of a loop, without what a `for` does before them. */
function generateRounds(
  to: FunctionCode,
  loop: Loop,
  context: StatementContext,
  { scope }: StatementGenerator,
): void {
  const { code } = to;
  const { condition, body, span } = loop;
  const first = firstTest(loop, context.known);
  if (first === false) return;
  const { height } = code;
  const [start, test, next, end] = [newLabel(), newLabel(), newLabel(), newLabel()];
  const isTested = first === undefined && condition !== undefined && !isEmpty(loop);
  const isCopied = isTested && factsOf(condition).cost <= COPIED_CONDITION;
  const entered = code.reachable;
  if (isCopied) generateBranch(to, condition, false, end);
  else if (isTested) code.emit('JMP', span, test);
  if (isTested && !isCopied) code.bindLoop(start, entered);
  else code.bind(start);
  const targets = { breakTo: { label: end, height }, continueTo: { label: next, height } };
  scope(to, body, inside(context, targets), span);
  code.bind(next);
  if (loop.kind === 'for' && loop.step !== undefined) generateEffect(to, loop.step);
  code.bind(test);
  if (condition === undefined) code.emit('JMP', span, start);
  else generateBranch(to, condition, true, start);
  code.bind(end);
}
