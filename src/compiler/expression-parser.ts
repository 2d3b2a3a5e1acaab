import type { IToken } from 'chevrotain';
import type { Expression, StepOperator as StepSign } from './ast.ts';
import type { Span } from './diagnostics.ts';
import { DAMAGED_LITERAL } from './lexer.ts';
import { joinSpans, type Rule } from './parser-base.ts';
import { climb } from './precedence.ts';
import { SyntaxFault, unexpected } from './syntax-errors.ts';
import * as t from './tokens.ts';
import { TypeParser } from './type-parser.ts';

const POINTER_HINT = 'there are no pointers: use a global variable or the result of a function';
export const SEVERAL_DIMENSIONS = 'arrays of several dimensions are not supported';
export const ONE_DIMENSION = 'use one dimension: index * width + other';

/** What an operand may be, of those that nothing but a `,` can be missing before. */
const OPERANDS = [t.Identifier, t.NumberLiteral, t.CharLiteral, t.StringLiteral];

/** Binary and comma operators of one statement: trees are walked recursively. */
const MAX_OPERATORS = 400;

/** Expressions. */
export abstract class ExpressionParser extends TypeParser {
  #operators = 0;

  readonly expression: Rule<Expression> = this.RULE<Rule<Expression>>('expression', () => {
    let whole = this.SUBRULE(this.assignment);
    this.MANY(() => {
      const comma = this.CONSUME(t.Comma);
      const second = this.SUBRULE2(this.assignment);
      this.ACTION(() => {
        this.#countOperator(comma);
        const span = joinSpans(whole.span, second.span);
        whole = { kind: 'comma', first: whole, second, at: this.spanOf(comma), span };
      });
    });
    return whole;
  });

  protected readonly assignment: Rule<Expression> = this.RULE<Rule<Expression>>('assignment', () =>
    this.deeper(() => {
      const target = this.SUBRULE(this.conditional);
      return (
        this.OPTION(() => {
          const sign = this.CONSUME(t.AssignOperator);
          const value = this.SUBRULE(this.assignment);
          return this.ACTION((): Expression => {
            const operator = sign.image === '=' ? undefined : this.operatorOf(sign).slice(0, -1);
            const span = joinSpans(target.span, value.span);
            const at = this.spanOf(sign);
            return { kind: 'assign', operator, target, value, meant: false, at, span };
          });
        }) ?? target
      );
    }),
  );

  protected readonly conditional: Rule<Expression> = this.RULE<Rule<Expression>>(
    'conditional',
    () =>
      this.deeper(() => {
        const condition = this.SUBRULE(this.binary);
        return (
          this.OPTION(() => {
            const sign = this.CONSUME(t.Question);
            const whenTrue = this.SUBRULE(this.expression);
            this.CONSUME(t.Colon);
            const whenFalse = this.SUBRULE(this.conditional);
            return this.ACTION((): Expression => {
              const at = this.spanOf(sign);
              const span = joinSpans(condition.span, whenFalse.span);
              return { kind: 'conditional', condition, whenTrue, whenFalse, at, span };
            });
          }) ?? condition
        );
      }),
  );

  protected readonly binary: Rule<Expression> = this.RULE<Rule<Expression>>('binary', () => {
    const operands = [this.SUBRULE(this.unary)];
    const operators: { text: string; at: Span }[] = [];
    this.MANY(() => {
      const sign = this.CONSUME(t.BinaryOperator);
      operands.push(this.SUBRULE2(this.unary));
      this.ACTION(() => {
        this.#countOperator(sign);
        operators.push({ text: this.operatorOf(sign), at: this.spanOf(sign) });
      });
    });
    return this.ACTION(() => climb(operands, operators));
  });

  protected readonly unary: Rule<Expression> = this.RULE<Rule<Expression>>('unary', () =>
    this.deeper(() => {
      const refused = this.ACTION(() => this.refusedOperand());
      if (refused !== undefined) return refused;
      return this.OR({
        DEF: [
          { ALT: () => this.SUBRULE(this.prefixed) },
          { ALT: () => this.SUBRULE(this.converted) },
          { ALT: () => this.SUBRULE(this.postfixed) },
        ],
        ERR_MSG: 'an expression',
      });
    }),
  );

  protected readonly prefixed: Rule<Expression> = this.RULE<Rule<Expression>>('prefixed', () => {
    const sign = this.CONSUME(t.PrefixOperator);
    const operand = this.SUBRULE(this.unary);
    return this.ACTION((): Expression => {
      const at = this.spanOf(sign);
      const span = joinSpans(at, operand.span);
      const operator = this.operatorOf(sign);
      if (operator === '*' || operator === '&') {
        // A pointer that is refused where it is declared is one mistake.
        const known = operand.kind === 'name' && this.damagedNames.has(operand.name);
        const message = `'${operator}' before an operand is not supported`;
        if (!known) this.report(at, message, POINTER_HINT, true);
        return { kind: 'damaged', at, span };
      }
      if (operator === '++' || operator === '--') {
        return { kind: 'step', operator, yields: 'new', target: operand, at, span };
      }
      return { kind: 'unary', operator, operand, at, span };
    });
  });

  /** `(expression)` or `(type) operand` */
  protected readonly parenthesized: Rule<Expression> = this.RULE<Rule<Expression>>(
    'parenthesized',
    () => {
      const open = this.CONSUME(t.LeftParen);
      this.ACTION(() => {
        if (this.nextIs(t.Specifier)) this.refusePointer(this.LA(2));
      });
      return this.OR({
        DEF: [
          { ALT: () => this.SUBRULE(this.cast, { ARGS: [open] }) },
          {
            ALT: () => {
              const inner = this.SUBRULE(this.expression);
              this.closeParen(0);
              return inner.kind === 'assign' ? { ...inner, meant: true } : inner;
            },
          },
        ],
        ERR_MSG: 'an expression',
      });
    },
  );

  /** What follows the parenthesis of `(type) operand`. */
  protected readonly cast = this.RULE('cast', (open: IToken): Expression => {
    const to = this.SUBRULE(this.specifiers);
    this.ACTION(() => {
      this.refusePointer(this.LA(1));
    });
    this.CONSUME(t.RightParen);
    const operand = this.deeper(() => this.SUBRULE(this.unary));
    return this.ACTION((): Expression => {
      const at = this.spanOf(open);
      return { kind: 'cast', to, operand, at, span: joinSpans(at, operand.span) };
    });
  });

  /** `type(operand)` */
  protected readonly converted: Rule<Expression> = this.RULE<Rule<Expression>>('converted', () => {
    const word = this.CONSUME(t.Specifier);
    this.CONSUME(t.LeftParen);
    const operand = this.SUBRULE(this.assignment);
    const close = this.CONSUME(t.RightParen);
    return this.ACTION((): Expression => {
      const to = this.typeOf([word]);
      const span = joinSpans(to.span, this.spanOf(close));
      return { kind: 'cast', to, operand, at: to.span, span };
    });
  });

  protected readonly postfixed: Rule<Expression> = this.RULE<Rule<Expression>>('postfixed', () => {
    const operand = this.SUBRULE(this.primary);
    return (
      this.OPTION(() => {
        const sign = this.CONSUME(t.StepOperator);
        return this.ACTION((): Expression => {
          const operator: StepSign = sign.image === '++' ? '++' : '--';
          const at = this.spanOf(sign);
          const span = joinSpans(operand.span, at);
          return { kind: 'step', operator, yields: 'old', target: operand, at, span };
        });
      }) ?? operand
    );
  });

  protected readonly primary: Rule<Expression> = this.RULE<Rule<Expression>>('primary', () =>
    this.OR({
      DEF: [
        { ALT: () => this.#leaf(this.CONSUME(t.NumberLiteral), 'number') },
        { ALT: () => this.#leaf(this.CONSUME(t.CharLiteral), 'character') },
        { ALT: () => this.SUBRULE(this.texts) },
        { ALT: () => this.SUBRULE(this.named) },
        { ALT: () => this.SUBRULE(this.parenthesized) },
      ],
      ERR_MSG: 'an expression',
    }),
  );

  /** Texts that stand side by side are one text. */
  protected readonly texts: Rule<Expression> = this.RULE<Rule<Expression>>('texts', () => {
    const tokens: IToken[] = [];
    this.AT_LEAST_ONE(() => {
      tokens.push(this.CONSUME(t.StringLiteral));
    });
    return this.ACTION((): Expression => {
      const first = this.spanOf(tokens[0] ?? this.LA(0));
      const span = joinSpans(first, this.spanOf(this.LA(0)));
      const images = tokens.map((token) => token.image);
      if (images.includes(DAMAGED_LITERAL)) return { kind: 'damaged', at: first, span };
      return { kind: 'text', images, at: first, span };
    });
  });

  /** A variable, an element or a call. */
  protected readonly named: Rule<Expression> = this.RULE<Rule<Expression>>('named', () => {
    const first = this.CONSUME(t.Identifier);
    let name = first.image;
    this.MANY(() => {
      this.CONSUME(t.Dot);
      name += `.${this.CONSUME2(t.Identifier).image}`;
    });
    const damaged = this.ACTION(() => this.refusedBehindName(first));
    const at = this.ACTION(() => joinSpans(this.spanOf(first), this.spanOf(this.LA(0))));
    const found = this.OR([
      { ALT: () => this.SUBRULE(this.call, { ARGS: [name, at] }) },
      { ALT: () => this.SUBRULE(this.element, { ARGS: [name, at] }) },
      { ALT: (): Expression => ({ kind: 'name', name, at, span: at }) },
    ]);
    return damaged ? { kind: 'damaged', at, span: found.span } : found;
  });

  protected readonly call = this.RULE('call', (callee: string, at: Span): Expression => {
    const args: Expression[] = [];
    this.CONSUME(t.LeftParen);
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        args.push(this.SUBRULE(this.assignment));
      },
    });
    this.ACTION(() => {
      if (!OPERANDS.some((type) => this.nextIs(type)) || this.statementBegins) return;
      const { message, hint } = unexpected(this.LA(1), "',' or ')'");
      throw new SyntaxFault(this.spanOf(this.LA(1)), message, hint);
    });
    const closed = this.closeParen(0);
    return this.ACTION((): Expression => {
      const span = joinSpans(at, this.spanOf(this.LA(0)));
      return closed ? { kind: 'call', callee, args, at, span } : { kind: 'damaged', at, span };
    });
  });

  protected readonly element = this.RULE('element', (array: string, at: Span): Expression => {
    this.CONSUME(t.LeftSquare);
    const index = this.SUBRULE(this.expression);
    this.CONSUME(t.RightSquare);
    return this.ACTION((): Expression => {
      const span = joinSpans(at, this.spanOf(this.LA(0)));
      if (!this.nextIs(t.LeftSquare)) return { kind: 'element', array, index, at, span };
      if (!this.damagedNames.has(array)) {
        this.report(this.spanOf(this.LA(1)), SEVERAL_DIMENSIONS, ONE_DIMENSION, true);
      }
      while (this.nextIs(t.LeftSquare)) {
        this.SKIP_TOKEN();
        this.SUBRULE2(this.expression);
        this.CONSUME2(t.RightSquare);
      }
      return { kind: 'damaged', at, span };
    });
  });

  #leaf(token: IToken, kind: 'number' | 'character'): Expression {
    const span = this.ACTION(() => this.spanOf(token));
    const { image } = token;
    return image === DAMAGED_LITERAL && !this.RECORDING_PHASE
      ? { kind: 'damaged', span, at: span }
      : { kind, image, span, at: span };
  }

  /** Called where a statement or an initializer begins. */
  protected beginExpressions(): void {
    this.#operators = 0;
  }

  #countOperator(token: IToken): void {
    this.#operators += 1;
    if (this.#operators <= MAX_OPERATORS) return;
    const message = `more than ${MAX_OPERATORS} operators in one statement`;
    throw new SyntaxFault(this.spanOf(token), message, 'split the expression');
  }
}
