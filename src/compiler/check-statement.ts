/** Statements of the syntax tree to typed ones. */
import type { Block, Expression, Statement } from './ast.ts';
import { BUILTIN_CONSTANTS } from './builtins.ts';
import { isFunction } from './check-calls.ts';
import { checkDeclaration } from './check-declaration.ts';
import { checkCondition, checkExpression } from './check-expression.ts';
import { warnOfEmptyBody, warnOfNoEffect, warnOfSequence } from './check-warnings.ts';
import { convertImplicitly, requireScalar } from './conversions.ts';
import type { Span } from './diagnostics.ts';
import { Scope, type Site } from './scope.ts';
import type { SwitchItem, TypedExpression, TypedStatement } from './typed.ts';
import { reportUnknownName } from './unknown-names.ts';

/** A place for statements, and what `break` and `continue` would leave. */
interface StatementSite extends Site {
  readonly inLoop: boolean;
  readonly inSwitch: boolean;
}

const NOTHING: TypedStatement = { kind: 'declarations', items: [] };

/** A function's body. Its parameters are in the site's scope, which the body shares. */
export function checkBody(site: Site, block: Block): TypedStatement {
  return checkItems({ ...site, inLoop: false, inSwitch: false }, block);
}

function checkItems(site: StatementSite, { items, end }: Block): TypedStatement {
  warnOfSequence(site.file.diagnostics, items);
  return { kind: 'block', items: items.map((item) => checkStatement(site, item)), end };
}

/** Runs a check in a block of its own: names and local slots end with it. */
function inBlock<T>(site: StatementSite, check: (inner: StatementSite) => T): T {
  const nextSlot = site.owner?.nextSlot ?? 0;
  const result = check({ ...site, scope: new Scope(site.scope) });
  if (site.owner !== undefined) site.owner.nextSlot = nextSlot;
  return result;
}

function checkStatement(site: StatementSite, statement: Statement): TypedStatement {
  const { span } = statement;
  const { diagnostics } = site.file;
  switch (statement.kind) {
    case 'block':
      return inBlock(site, (inner) => checkItems(inner, statement));
    case 'declaration':
      return checkDeclaration(site, statement);
    case 'expression':
      return evaluate(site, statement.expression, span);
    case 'if':
      return checkIf(site, statement);
    case 'while':
    case 'do': {
      const condition = checkCondition(site, statement.condition);
      const body = branch({ ...site, inLoop: true }, statement.body);
      return { kind: statement.kind, span, condition, body };
    }
    case 'for':
      return checkFor(site, statement);
    case 'switch':
      return checkSwitch(site, statement);
    case 'label': {
      const message = `'${statement.value === undefined ? 'default' : 'case'}' stands outside a switch`;
      diagnostics.error(span, message, "put it directly between the braces of a 'switch'");
      return NOTHING;
    }
    case 'break':
    case 'continue':
      if (site.inLoop || (statement.kind === 'break' && site.inSwitch)) return statement as Jump;
      diagnostics.error(span, `'${statement.kind}' stands outside a loop`);
      return NOTHING;
    case 'return':
      return { kind: 'return', span, value: checkReturn(site, statement.value, span) };
    case 'empty':
    case 'damaged':
      return NOTHING;
  }
}

function checkIf(
  site: StatementSite,
  { span, clauses, otherwise }: Extract<Statement, { kind: 'if' }>,
): TypedStatement {
  return {
    kind: 'if',
    span,
    clauses: clauses.map(({ condition, body }) => {
      warnOfEmptyBody(site.file.diagnostics, 'if', body);
      return { condition: checkCondition(site, condition), body: branch(site, body) };
    }),
    otherwise: otherwise === undefined ? undefined : branch(site, otherwise),
  };
}

type Jump = Extract<TypedStatement, { kind: 'break' | 'continue' }>;

/** The statement under an `if` or a loop: a block even without braces. */
function branch(site: StatementSite, statement: Statement): TypedStatement {
  return inBlock(site, (inner) => checkStatement(inner, statement));
}

function evaluate(site: Site, expression: Expression, span: Span): TypedStatement {
  const alone = expression.kind === 'name' && site.scope.find(expression.name) === undefined;
  if (alone && !BUILTIN_CONSTANTS.has(expression.name) && !isFunction(site, expression.name)) {
    reportUnknownName(site, expression.name, expression.span, true);
    return NOTHING;
  }
  const checked = checkExpression(site, expression);
  warnOfNoEffect(site.file.diagnostics, span, checked, expression);
  return { kind: 'evaluate', span, expression: checked };
}

function checkFor(
  site: StatementSite,
  statement: Extract<Statement, { kind: 'for' }>,
): TypedStatement {
  const { span, start, condition, step, body } = statement;
  return inBlock(site, (inner) => {
    let first = NOTHING;
    if (start?.kind === 'declaration') first = checkDeclaration(inner, start);
    else if (start !== undefined) first = evaluate(inner, start, start.span);
    return {
      kind: 'for',
      span,
      start: first,
      condition: condition === undefined ? undefined : checkCondition(inner, condition),
      step: step === undefined ? undefined : checkExpression(inner, step),
      body: branch({ ...inner, inLoop: true }, body),
    };
  });
}

function checkSwitch(
  site: StatementSite,
  { span, subject, body }: Extract<Statement, { kind: 'switch' }>,
): TypedStatement {
  const { diagnostics } = site.file;
  const checked = checkExpression(site, subject);
  requireScalar(diagnostics, checked);
  warnOfSequence(diagnostics, body.items);
  const seen = new Map<number | undefined, number>();
  const items = inBlock({ ...site, inSwitch: true }, (inner) =>
    body.items.flatMap((item): SwitchItem[] => {
      if (item.kind !== 'label') return [checkStatement(inner, item)];
      const label = checkLabel(inner, item);
      if (label === undefined) return [];
      const before = seen.get(label.value);
      if (before !== undefined) {
        const what = label.value === undefined ? "'default'" : `'case ${label.value}'`;
        diagnostics.error(item.span, `${what} stands already in line ${before}`);
      }
      seen.set(label.value, item.span.line);
      return [label];
    }),
  );
  return { kind: 'switch', span, subject: checked, items };
}

function checkLabel(
  site: Site,
  { span, value }: Extract<Statement, { kind: 'label' }>,
): Extract<SwitchItem, { kind: 'label' }> | undefined {
  if (value === undefined) return { kind: 'label', span, value: undefined };
  const checked = checkExpression(site, value);
  if (!requireScalar(site.file.diagnostics, checked)) return undefined;
  if (checked.kind === 'constant') return { kind: 'label', span, value: checked.value };
  const hint = 'use a number, a character, a #define or a const with a known value';
  site.file.diagnostics.error(value.span, "the value of a 'case' must be constant", hint);
  return undefined;
}

function checkReturn(
  site: Site,
  value: Expression | undefined,
  span: Span,
): TypedExpression | undefined {
  const { diagnostics } = site.file;
  const { name, result } = site.owner?.symbol ?? { name: '', result: 'invalid' };
  if (value === undefined) {
    if (result !== 'void' && result !== 'invalid') {
      diagnostics.error(span, `'${name}' must return a value`, "write a value after 'return'");
    }
    return undefined;
  }
  const checked = checkExpression(site, value);
  if (result !== 'void') return convertImplicitly(diagnostics, checked, result);
  if (checked.type !== 'invalid') {
    const hint = `drop the value or give '${name}' a result type`;
    diagnostics.error(span, `'${name}' is void and returns no value`, hint);
  }
  return undefined;
}
