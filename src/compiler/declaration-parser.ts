import type { Declaration, Declarator, Expression, Initializer, TypeSyntax } from './ast.ts';
import type { Span } from './diagnostics.ts';
import { ExpressionParser, ONE_DIMENSION, SEVERAL_DIMENSIONS } from './expression-parser.ts';
import type { Rule } from './parser-base.ts';
import { SyntaxFault, unexpected } from './syntax-errors.ts';
import * as t from './tokens.ts';

/** A name that is declared, and where it stands. */
export interface Named {
  readonly name: string;
  readonly span: Span;
}

/** Declarations of variables and arrays. */
export abstract class DeclarationParser extends ExpressionParser {
  protected readonly localDeclaration: Rule<Declaration> = this.RULE<Rule<Declaration>>(
    'localDeclaration',
    () => {
      const type = this.SUBRULE(this.specifiers);
      return this.SUBRULE(this.localNames, { ARGS: [type] });
    },
  );

  /** What follows the type of a local declaration. */
  protected readonly localNames = this.RULE('localNames', (type: TypeSyntax): Declaration => {
    const first = this.SUBRULE(this.declaratorName);
    this.ACTION(() => {
      if (this.nextIs(t.LeftParen)) this.refuseParenthesis(first);
    });
    return this.SUBRULE(this.declarators, { ARGS: [type, first] });
  });

  protected readonly declaratorName: Rule<Named> = this.RULE<Rule<Named>>('declaratorName', () => {
    this.ACTION(() => {
      this.refusePointer(this.LA(1));
      this.#refusePointerName(1);
    });
    const token = this.CONSUME(t.Identifier);
    return this.ACTION(() => ({ name: token.image, span: this.spanOf(token) }));
  });

  /** What follows `type name`. */
  protected readonly declarators = this.RULE(
    'declarators',
    (type: TypeSyntax, first: Named): Declaration => {
      const declarators = [this.SUBRULE(this.declarator, { ARGS: [first] })];
      this.MANY(() => {
        this.CONSUME(t.Comma);
        this.ACTION(() => {
          this.#refuseSecondType();
        });
        const name = this.SUBRULE(this.declaratorName);
        declarators.push(this.SUBRULE2(this.declarator, { ARGS: [name] }));
      });
      this.semicolon(0);
      return this.ACTION(() => ({ kind: 'declaration', span: type.span, type, declarators }));
    },
  );

  protected readonly declarator = this.RULE('declarator', (named: Named): Declarator => {
    const array = this.OPTION(() => {
      this.CONSUME(t.LeftSquare);
      const length = this.OPTION2(() => this.SUBRULE(this.expression));
      this.CONSUME(t.RightSquare);
      this.ACTION(() => {
        if (!this.nextIs(t.LeftSquare)) return;
        throw new SyntaxFault(this.spanOf(this.LA(1)), SEVERAL_DIMENSIONS, ONE_DIMENSION);
      });
      return { length };
    });
    this.ACTION(() => {
      this.#skipAttributes();
    });
    const initializer = this.OPTION3(() => {
      this.CONSUME(t.Assign);
      return this.SUBRULE(this.initializer);
    });
    this.ACTION(() => {
      this.#refuseBehindDeclarator(named);
    });
    return this.ACTION(() => ({ ...named, array, initializer }));
  });

  protected readonly initializer: Rule<Initializer> = this.RULE<Rule<Initializer>>(
    'initializer',
    () =>
      this.OR({
        DEF: [
          {
            ALT: (): Initializer => {
              const open = this.CONSUME(t.LeftCurly);
              const values: Expression[] = [];
              this.ACTION(() => {
                this.#refuseElement();
              });
              this.MANY(() => {
                this.ACTION(() => {
                  this.beginExpressions();
                });
                values.push(this.SUBRULE(this.assignment));
                // The comma may be left out only before the brace, where it may also stand.
                this.OPTION(() => this.CONSUME(t.Comma));
                this.ACTION(() => {
                  this.#refuseElement();
                  if (this.LA(0).image === ',' || this.nextIs(t.RightCurly)) return;
                  const next = this.LA(1);
                  const { message, hint } = unexpected(next, "',' or '}'");
                  const ends = this.nextIs(t.Semicolon) || this.statementBegins;
                  const recovery = this.nextIs(t.Semicolon) ? 1 : 0;
                  throw new SyntaxFault(
                    this.spanOf(next),
                    message,
                    hint,
                    ends ? recovery : undefined,
                  );
                });
              });
              this.CONSUME(t.RightCurly);
              return this.ACTION(() => ({ kind: 'list', values, span: this.spanOf(open) }));
            },
          },
          { ALT: (): Initializer => ({ kind: 'value', value: this.SUBRULE2(this.assignment) }) },
        ],
        ERR_MSG: 'an expression',
      }),
  );

  /** `(*name)`, as pointers to functions are declared. */
  #refusePointerName(ahead: number): void {
    if (!this.nextIs(t.LeftParen, ahead) || this.LA(ahead + 1).image !== '*') return;
    const hint = 'use a switch that calls the functions';
    throw new SyntaxFault(this.spanOf(this.LA(ahead + 1)), 'pointers are not supported', hint);
  }

  /** What begins with a type and is no declaration: `int *`, `int 5`, `int[] a`, `int(x)`. */
  protected refuseBadDeclaration(): void {
    if (!this.nextIs(t.Specifier)) return;
    const second = this.LA(2);
    const span = this.spanOf(second);
    this.refusePointer(second);
    if ([t.Specifier, t.Identifier].some((type) => this.nextIs(type, 2))) return;
    this.#refusePointerName(2);
    if (this.nextIs(t.LeftParen, 2)) {
      // `int (x);` declares x in C, whatever x is otherwise.
      const { image } = this.LA(1);
      const message = 'the declaration of a name in parentheses is not supported';
      throw new SyntaxFault(span, message, `write ${image} name, or (${image})value`);
    }
    if (this.LA(1).image === 'extern' && this.nextIs(t.StringLiteral, 2)) {
      const message = `'extern ${second.image}' is not supported`;
      throw new SyntaxFault(this.spanOf(this.LA(1)), message, 'drop it', 'definition');
    }
    const { message, hint } = unexpected(second, 'a name');
    const brackets = second.image === '[' ? 'write the brackets behind the name' : undefined;
    throw new SyntaxFault(span, message, hint ?? brackets);
  }

  /** `type name(` where a variable may stand: a function within a function, or a value in parentheses. */
  protected refuseParenthesis({ name, span }: Named): void {
    const isValue = [t.NumberLiteral, t.CharLiteral, t.StringLiteral];
    if (isValue.some((type) => this.nextIs(type, 2))) {
      const message = 'an initial value in parentheses is not supported';
      throw new SyntaxFault(this.spanOf(this.LA(1)), message, `write ${name} = value`);
    }
    const close = this.closingParen(1);
    const isBody = close !== undefined && this.nextIs(t.LeftCurly, close + 1);
    const hint = "is a '}' missing above?";
    const message = 'a function cannot be declared inside another';
    throw new SyntaxFault(span, message, hint, isBody ? 'definition' : undefined);
  }

  #refuseSecondType(): void {
    if (!this.nextIs(t.Specifier)) return;
    const { message } = unexpected(this.LA(1), 'a name');
    const hint = "write the type once, or ';' in the place of the ','";
    throw new SyntaxFault(this.spanOf(this.LA(1)), message, hint);
  }

  /** `PROGMEM` and `__attribute__((...))`: reported and read over. */
  #skipAttributes(): void {
    while (this.LA(1).image === 'PROGMEM' || this.LA(1).image === '__attribute__') {
      this.report(this.spanOf(this.LA(1)), `'${this.LA(1).image}' is not supported`, 'drop it');
      this.SKIP_TOKEN();
      const close = this.nextIs(t.LeftParen) ? this.closingParen(1) : undefined;
      for (let left = close ?? 0; left > 0; left -= 1) this.SKIP_TOKEN();
    }
  }

  #refuseElement(): void {
    const next = this.LA(1);
    const hints = new Map([
      ['{', ['lists within lists are not supported', 'write all values into one list']],
      ['[', ['values for named elements are not supported', 'write the values in their order']],
      ['.', ['values for named members are not supported', 'write the values in their order']],
    ]);
    const [message, hint] = hints.get(next.image) ?? [];
    if (message !== undefined) throw new SyntaxFault(this.spanOf(next), message, hint);
  }

  #refuseBehindDeclarator({ name }: Named): void {
    const next = this.LA(1);
    const span = this.spanOf(next);
    if (next.image === ':' && this.inForHead) {
      const range = "a 'for' over the elements of an array is not supported";
      this.report(span, range, 'count with an index: for (int i = 0; i < length; i++)');
      throw new SyntaxFault(span, '');
    }
    if (next.image === '{' && this.sameLine()) {
      const value = this.nextIs(t.RightCurly, 3);
      const message = value
        ? 'an initial value in braces is not supported'
        : `expected '(' before '{'`;
      const hint = value ? `write ${name} = value` : `write ${name}()`;
      throw new SyntaxFault(span, message, hint, 'definition');
    }
    if (next.image !== '==') return;
    throw new SyntaxFault(span, "expected ';' before '=='", "did you mean '='?");
  }
}
