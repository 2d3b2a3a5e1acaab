/** Statements whose expressions are optimised. */
import { optimise, optimiseEffect } from './optimise-expression.ts';
import type { SwitchItem, TypedExpression, TypedFunction, TypedStatement } from './typed.ts';

const maybe = (expression: TypedExpression | undefined): TypedExpression | undefined =>
  expression === undefined ? undefined : optimise(expression);

function optimiseItem(item: SwitchItem): SwitchItem {
  return item.kind === 'label' ? item : optimiseStatement(item);
}

/** The same statement with every expression in fewer instructions. */
function optimiseStatement(statement: TypedStatement): TypedStatement {
  switch (statement.kind) {
    case 'block':
    case 'declarations':
      return { ...statement, items: statement.items.map(optimiseStatement) };
    case 'declare':
    case 'return':
      return { ...statement, value: maybe(statement.value) };
    case 'evaluate':
      return { ...statement, expression: optimiseEffect(statement.expression) };
    case 'if':
      return {
        ...statement,
        clauses: statement.clauses.map(({ condition, body }) => {
          return { condition: optimise(condition), body: optimiseStatement(body) };
        }),
        otherwise:
          statement.otherwise === undefined ? undefined : optimiseStatement(statement.otherwise),
      };
    case 'while':
    case 'do':
      return {
        ...statement,
        condition: optimise(statement.condition),
        body: optimiseStatement(statement.body),
      };
    case 'for':
      return {
        ...statement,
        start: optimiseStatement(statement.start),
        condition: maybe(statement.condition),
        step: statement.step === undefined ? undefined : optimiseEffect(statement.step),
        body: optimiseStatement(statement.body),
      };
    case 'switch':
      return {
        ...statement,
        subject: optimise(statement.subject),
        items: statement.items.map(optimiseItem),
      };
    case 'break':
    case 'continue':
      return statement;
  }
}

export function optimiseFunction(each: TypedFunction): TypedFunction {
  return { ...each, body: optimiseStatement(each.body) };
}
