import type { IToken } from 'chevrotain';
import type { Expression, StepOperator as StepSign, TypeSyntax } from './ast.ts';
import type { Span } from './diagnostics.ts';
import { joinSpans, ParserBase, type Rule } from './parser-base.ts';
import { climb } from './precedence.ts';
import { SyntaxFault } from './syntax-errors.ts';
import * as t from './tokens.ts';
import { typeOfWords } from './types.ts';

const POINTER_HINT = 'there are no pointers: use a global variable or the result of a function';

/** Binary and comma operators of one statement: trees are walked recursively. */
const MAX_OPERATORS = 400;

/** Expressions and types. */
export abstract class ExpressionParser extends ParserBase {
  #operators = 0;

  protected readonly specifiers: Rule<TypeSyntax> = this.RULE<Rule<TypeSyntax>>(
    'specifiers',
    () => {
      const tokens: IToken[] = [];
      this.AT_LEAST_ONE({
        DEF: () => {
          tokens.push(this.CONSUME(t.Specifier));
        },
        ERR_MSG: 'a type',
      });
      return this.ACTION(() => this.#typeSyntax(tokens));
    },
  );

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
            const operator = sign.image === '=' ? undefined : sign.image.slice(0, -1);
            const span = joinSpans(target.span, value.span);
            return { kind: 'assign', operator, target, value, at: this.spanOf(sign), span };
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
        operators.push({ text: sign.image, at: this.spanOf(sign) });
      });
    });
    return this.ACTION(() => climb(operands, operators));
  });

  protected readonly unary: Rule<Expression> = this.RULE<Rule<Expression>>('unary', () =>
    this.deeper(() =>
      this.OR({
        DEF: [
          { ALT: () => this.SUBRULE(this.prefixed) },
          { ALT: () => this.SUBRULE(this.converted) },
          { ALT: () => this.SUBRULE(this.postfixed) },
        ],
        ERR_MSG: 'an expression',
      }),
    ),
  );

  protected readonly prefixed: Rule<Expression> = this.RULE<Rule<Expression>>('prefixed', () => {
    const sign = this.CONSUME(t.PrefixOperator);
    const operand = this.SUBRULE(this.unary);
    return this.ACTION((): Expression => {
      const at = this.spanOf(sign);
      const span = joinSpans(at, operand.span);
      const operator = sign.image;
      if (operator === '*' || operator === '&') {
        throw new SyntaxFault(at, `'${operator}' before an operand is not supported`, POINTER_HINT);
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
              this.CONSUME(t.RightParen);
              return inner;
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
    const operand = this.SUBRULE(this.unary);
    return this.ACTION((): Expression => {
      const at = this.spanOf(open);
      return { kind: 'cast', to, operand, at, span: joinSpans(at, operand.span) };
    });
  });

  /** `type(operand)` */
  protected readonly converted: Rule<Expression> = this.RULE<Rule<Expression>>('converted', () => {
    const word = this.CONSUME(t.Specifier);
    this.CONSUME(t.LeftParen);
    const operand = this.SUBRULE(this.expression);
    const close = this.CONSUME(t.RightParen);
    return this.ACTION((): Expression => {
      const to = this.#typeSyntax([word]);
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
      return { kind: 'text', images: tokens.map((token) => token.image), at: first, span };
    });
  });

  /** A variable, an element or a call. */
  protected readonly named: Rule<Expression> = this.RULE<Rule<Expression>>('named', () => {
    const first = this.CONSUME(t.Identifier);
    let name = first.image;
    this.OPTION(() => {
      this.CONSUME(t.Dot);
      name += `.${this.CONSUME2(t.Identifier).image}`;
    });
    const at = this.ACTION(() => joinSpans(this.spanOf(first), this.spanOf(this.LA(0))));
    const found = this.OR([
      { ALT: () => this.SUBRULE(this.call, { ARGS: [name, at] }) },
      { ALT: () => this.SUBRULE(this.element, { ARGS: [name, at] }) },
      { ALT: (): Expression => ({ kind: 'name', name, at, span: at }) },
    ]);
    return found;
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
    const close = this.CONSUME(t.RightParen);
    return this.ACTION(() => {
      return { kind: 'call', callee, args, at, span: joinSpans(at, this.spanOf(close)) };
    });
  });

  protected readonly element = this.RULE('element', (array: string, at: Span): Expression => {
    this.CONSUME(t.LeftSquare);
    const index = this.SUBRULE(this.expression);
    const close = this.CONSUME(t.RightSquare);
    return this.ACTION(() => {
      if (this.nextIs(t.LeftSquare)) {
        const hint = 'use one dimension: index * width + other';
        const here = this.spanOf(this.LA(1));
        throw new SyntaxFault(here, 'arrays of several dimensions are not supported', hint);
      }
      return { kind: 'element', array, index, at, span: joinSpans(at, this.spanOf(close)) };
    });
  });

  #leaf(token: IToken, kind: 'number' | 'character'): Expression {
    const span = this.ACTION(() => this.spanOf(token));
    return { kind, image: token.image, span, at: span };
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

  #typeSyntax(tokens: readonly IToken[]): TypeSyntax {
    const words = tokens.map((token) => token.image);
    const first = this.spanOf(tokens[0] ?? this.LA(1));
    const span = joinSpans(first, this.spanOf(tokens.at(-1) ?? this.LA(1)));
    const named = words.filter((word) => !['const', 'static', 'volatile'].includes(word));
    const type = typeOfWords(named);
    if (type === undefined) {
      const long = named.filter((word) => word === 'long').length > 1;
      const hint = long ? 'integers have at most 32 bits: use long' : 'write a type such as int';
      this.report(span, `'${words.join(' ')}' is not a type`, hint);
    }
    const isConst = words.includes('const');
    return { span, type, isConst, isStatic: words.includes('static') };
  }
}
