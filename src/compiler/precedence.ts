import type { Expression } from './ast.ts';
import type { Span } from './diagnostics.ts';
import { joinSpans } from './parser-base.ts';

/** C's binary operators by how tightly they bind. All are left-associative. */
const PRECEDENCE: ReadonlyMap<string, number> = new Map(
  ['||', '&&', '|', '^', '&', '== !=', '< > <= >=', '<< >>', '+ -', '* / %'].flatMap(
    (operators, level) =>
      operators.split(' ').map((operator): [string, number] => [operator, level]),
  ),
);

/** `a op b op c` to a tree, by precedence climbing over the flat lists. */
export function climb(
  operands: readonly Expression[],
  operators: readonly { text: string; at: Span }[],
) {
  let next = 0;
  const operand = (): Expression => {
    const found = operands[next];
    if (found === undefined) throw new Error('an operator without an operand');
    return found;
  };
  const level = (index: number): number => PRECEDENCE.get(operators[index]?.text ?? '') ?? -1;
  const parse = (lowest: number): Expression => {
    let left = operand();
    while (next < operators.length && level(next) >= lowest) {
      const operator = operators[next];
      if (operator === undefined) break;
      const binds = level(next);
      next += 1;
      const right = parse(binds + 1);
      const { text, at } = operator;
      left = {
        kind: 'binary',
        operator: text,
        left,
        right,
        at,
        span: joinSpans(left.span, right.span),
      };
    }
    return left;
  };
  return parse(0);
}
