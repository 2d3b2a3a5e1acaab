/** Typed statements to instructions. */
import { newLabel } from './assembly.ts';
import type { FunctionCode, JumpTargets } from './generate-context.ts';
import { generateBranch, generateEffect, generateValue } from './generate-expression.ts';
import { RET_VALUE } from './opcode-names.ts';
import type { TypedStatement } from './typed.ts';

type Of<Kind extends TypedStatement['kind']> = Extract<TypedStatement, { kind: Kind }>;

/** Generates a statement. The operand stack is as high behind it as before it. */
export function generateStatement(
  to: FunctionCode,
  statement: TypedStatement,
  targets: JumpTargets,
): void {
  const { code } = to;
  switch (statement.kind) {
    case 'block':
      for (const item of statement.items) generateStatement(to, item, targets);
      return;
    case 'evaluate':
      generateEffect(to, statement.expression);
      return;
    case 'if':
      generateIf(to, statement, targets);
      return;
    case 'while': {
      const start = newLabel();
      const end = newLabel();
      code.bind(start);
      generateBranch(to, statement.condition, false, end);
      generateStatement(to, statement.body, { breakTo: end, continueTo: start });
      code.emit('JMP', statement.span, start);
      code.bind(end);
      return;
    }
    case 'do': {
      const [start, next, end] = [newLabel(), newLabel(), newLabel()];
      code.bind(start);
      generateStatement(to, statement.body, { breakTo: end, continueTo: next });
      code.bind(next);
      generateBranch(to, statement.condition, true, start);
      code.bind(end);
      return;
    }
    case 'for':
      generateFor(to, statement, targets);
      return;
    case 'switch':
      generateSwitch(to, statement, targets);
      return;
    case 'break':
      if (targets.breakTo !== undefined) code.emit('JMP', statement.span, targets.breakTo);
      return;
    case 'continue':
      if (targets.continueTo !== undefined) code.emit('JMP', statement.span, targets.continueTo);
      return;
    case 'return':
      if (statement.value !== undefined) generateValue(to, statement.value);
      code.emit('RET', statement.span, 0, statement.value === undefined ? 0 : RET_VALUE);
      return;
  }
}

function generateIf(to: FunctionCode, statement: Of<'if'>, targets: JumpTargets): void {
  const { code } = to;
  const { clauses, otherwise, span } = statement;
  const end = newLabel();
  clauses.forEach(({ condition, body }, index) => {
    const next = newLabel();
    generateBranch(to, condition, false, next);
    generateStatement(to, body, targets);
    const isLast = index === clauses.length - 1 && otherwise === undefined;
    if (!isLast) code.emit('JMP', span, end);
    code.bind(next);
  });
  if (otherwise !== undefined) generateStatement(to, otherwise, targets);
  code.bind(end);
}

function generateFor(to: FunctionCode, statement: Of<'for'>, targets: JumpTargets): void {
  const { code } = to;
  const { start, condition, step, body, span } = statement;
  const [again, next, end] = [newLabel(), newLabel(), newLabel()];
  generateStatement(to, start, targets);
  code.bind(again);
  if (condition !== undefined) generateBranch(to, condition, false, end);
  generateStatement(to, body, { breakTo: end, continueTo: next });
  code.bind(next);
  if (step !== undefined) generateEffect(to, step);
  code.emit('JMP', span, again);
  code.bind(end);
}

/** The subject is kept in a temporary and compared with each case in turn; the bodies follow in the order of the source. */
function generateSwitch(to: FunctionCode, statement: Of<'switch'>, targets: JumpTargets): void {
  const { code } = to;
  const { subject, items, span } = statement;
  const end = newLabel();
  const labels = new Map(
    items.filter((item) => item.kind === 'label').map((item) => [item, newLabel()]),
  );
  let fallback = end;
  to.withTemporary((slot) => {
    generateValue(to, subject);
    code.emit('STORE_LOCAL', span, slot);
    for (const [item, label] of labels) {
      if (item.value === undefined) fallback = label;
      else {
        code.emit('LOAD_LOCAL', item.span, slot);
        code.push(item.value, item.span);
        code.emit('EQ_SIGNED', item.span);
        code.emit('JMP_TRUE', item.span, label);
      }
    }
  });
  code.emit('JMP', span, fallback);
  for (const item of items) {
    if (item.kind !== 'label') generateStatement(to, item, { ...targets, breakTo: end });
    else {
      const label = labels.get(item);
      if (label !== undefined) code.bind(label);
    }
  }
  code.bind(end);
}
