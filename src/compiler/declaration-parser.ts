import type { Declaration, Declarator, Expression, Initializer, TypeSyntax } from './ast.ts';
import type { Span } from './diagnostics.ts';
import { ExpressionParser } from './expression-parser.ts';
import { KEYWORDS, type Rule } from './parser-base.ts';
import { didYouMean } from '../errors/index.ts';
import { quoteToken, SyntaxFault, unexpected } from './syntax-errors.ts';
import * as t from './tokens.ts';

/** Types of Arduino libraries that sketches use and this language has not. */
const KNOWN_TYPES: Readonly<Record<string, string>> = {
  String: 'there are no text variables: hand texts to printf or Serial.print directly',
  word: 'write uint16_t or uint32_t',
};

/** Declarations of variables and arrays. */
export abstract class DeclarationParser extends ExpressionParser {
  protected readonly localDeclaration: Rule<Declaration> = this.RULE<Rule<Declaration>>(
    'localDeclaration',
    () => {
      const type = this.SUBRULE(this.specifiers);
      const first = this.SUBRULE(this.declaratorName);
      this.ACTION(() => {
        if (!this.nextIs(t.LeftParen)) return;
        const hint = "is a '}' missing above?";
        throw new SyntaxFault(first.span, 'a function cannot be declared inside another', hint);
      });
      return this.SUBRULE(this.declarators, { ARGS: [type, first] });
    },
  );

  protected readonly declaratorName: Rule<{ name: string; span: Span }> = this.RULE<
    Rule<{ name: string; span: Span }>
  >('declaratorName', () => {
    this.ACTION(() => {
      this.refusePointer(this.LA(1));
    });
    const token = this.CONSUME(t.Identifier);
    return this.ACTION(() => ({ name: token.image, span: this.spanOf(token) }));
  });

  /** What follows `type name`. */
  protected readonly declarators = this.RULE(
    'declarators',
    (type: TypeSyntax, first: { name: string; span: Span }): Declaration => {
      const declarators = [this.SUBRULE(this.declarator, { ARGS: [first] })];
      this.MANY(() => {
        this.CONSUME(t.Comma);
        const name = this.SUBRULE(this.declaratorName);
        declarators.push(this.SUBRULE2(this.declarator, { ARGS: [name] }));
      });
      this.semicolon(0);
      return this.ACTION(() => ({ kind: 'declaration', span: type.span, type, declarators }));
    },
  );

  protected readonly declarator = this.RULE(
    'declarator',
    (named: { name: string; span: Span }): Declarator => {
      const array = this.OPTION(() => {
        this.CONSUME(t.LeftSquare);
        const length = this.OPTION2(() => this.SUBRULE(this.expression));
        this.CONSUME(t.RightSquare);
        this.ACTION(() => {
          if (!this.nextIs(t.LeftSquare)) return;
          const hint = 'use one dimension: index * width + other';
          const here = this.spanOf(this.LA(1));
          throw new SyntaxFault(here, 'arrays of several dimensions are not supported', hint);
        });
        return { length };
      });
      const initializer = this.OPTION3(() => {
        this.CONSUME(t.Assign);
        return this.SUBRULE(this.initializer);
      });
      return this.ACTION(() => ({ ...named, array, initializer }));
    },
  );

  protected readonly initializer: Rule<Initializer> = this.RULE<Rule<Initializer>>(
    'initializer',
    () =>
      this.OR({
        DEF: [
          {
            ALT: (): Initializer => {
              const open = this.CONSUME(t.LeftCurly);
              const values: Expression[] = [];
              this.MANY(() => {
                this.ACTION(() => {
                  this.beginExpressions();
                });
                values.push(this.SUBRULE(this.assignment));
                // The comma may be left out only before the brace, where it may also stand.
                this.OPTION(() => this.CONSUME(t.Comma));
                this.ACTION(() => {
                  if (this.LA(0).image === ',' || this.nextIs(t.RightCurly)) return;
                  const next = this.LA(1);
                  const { message, hint } = unexpected(next, "',' or '}'");
                  throw new SyntaxFault(this.spanOf(next), message, hint);
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

  /** What begins like a declaration and is none: `Name name`, also a misspelt keyword, `int *`, `int 5`. */
  protected refuseBadDeclaration(): void {
    const [first, second] = [this.LA(1), this.LA(2)];
    if (this.nextIs(t.Specifier)) {
      this.refusePointer(second);
      const fits = [t.Specifier, t.Identifier, t.LeftParen].some((type) => this.nextIs(type, 2));
      if (fits) return;
      const { message, hint } = unexpected(second, 'a name');
      throw new SyntaxFault(this.spanOf(second), message, hint);
    }
    if (!this.nextIs(t.Identifier) || !this.nextIs(t.Identifier, 2)) return;
    if (first.startLine !== second.startLine) return;
    const hint = KNOWN_TYPES[first.image] ?? didYouMean(first.image, KEYWORDS);
    throw new SyntaxFault(this.spanOf(first), `${quoteToken(first)} is not a type`, hint);
  }
}
