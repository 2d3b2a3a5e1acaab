import type { IToken } from 'chevrotain';
import type { Block, FunctionSyntax, Parameter, SourceUnit, TopLevel, TypeSyntax } from './ast.ts';
import type { Diagnostics, Span } from './diagnostics.ts';
import type { Rule } from './parser-base.ts';
import { StatementParser } from './statement-parser.ts';
import { SyntaxFault } from './syntax-errors.ts';
import * as t from './tokens.ts';

/** Functions and whole files. */
class SketchParser extends StatementParser {
  protected readonly topLevel: Rule<TopLevel> = this.RULE<Rule<TopLevel>>('topLevel', () => {
    this.ACTION(() => {
      this.beginExpressions();
      this.#refuseOutside();
      this.refuseBadDeclaration();
    });
    const type = this.SUBRULE(this.specifiers);
    const named = this.SUBRULE(this.declaratorName);
    // One token decides; what fits neither is a declaration with a mistake, most often a missing ';'.
    if (!this.RECORDING_PHASE && !this.nextIs(t.LeftParen)) {
      return this.SUBRULE(this.declarators, { ARGS: [type, named] });
    }
    return this.OR([
      { ALT: () => this.SUBRULE(this.functionRest, { ARGS: [type, named] }) },
      { ALT: () => this.SUBRULE(this.declarators, { ARGS: [type, named] }) },
    ]);
  });

  protected readonly functionRest = this.RULE(
    'functionRest',
    (result: TypeSyntax, named: { name: string; span: Span }): FunctionSyntax => {
      const parameters: Parameter[] = [];
      this.CONSUME(t.LeftParen);
      this.MANY_SEP({
        SEP: t.Comma,
        DEF: () => {
          parameters.push(this.SUBRULE(this.parameter));
        },
      });
      this.CONSUME(t.RightParen);
      const body = this.OR({
        DEF: [
          { ALT: () => this.SUBRULE(this.block) },
          {
            ALT: (): Block | undefined => {
              this.CONSUME(t.Semicolon);
              return undefined;
            },
          },
        ],
        ERR_MSG: "'{' or ';'",
      });
      return this.ACTION(() => {
        const { name, span } = named;
        return {
          kind: 'function',
          span: result.span,
          result,
          name,
          nameSpan: span,
          parameters,
          body,
        };
      });
    },
  );

  protected readonly parameter: Rule<Parameter> = this.RULE<Rule<Parameter>>('parameter', () => {
    const type = this.SUBRULE(this.specifiers);
    const named = this.OPTION(() => this.SUBRULE(this.declaratorName));
    return this.ACTION(() => {
      const next = this.LA(1);
      const hints: Record<string, [string, string]> = {
        '[': ['an array cannot be a parameter', 'make the array global and pass an index'],
        '*': ['pointers are not supported', 'use a global variable or the result of a function'],
        '&': ['references are not supported', 'use a global variable or the result of a function'],
        '=': ['a parameter cannot have a default value', 'pass the value in each call'],
      };
      const fault = hints[next.image];
      if (fault !== undefined) throw new SyntaxFault(this.spanOf(next), ...fault);
      return { name: named?.name ?? '', span: named?.span ?? type.span, type };
    });
  });

  protected readonly file: Rule<TopLevel[]> = this.RULE<Rule<TopLevel[]>>('file', () => {
    const items: TopLevel[] = [];
    if (this.RECORDING_PHASE) this.MANY(() => this.SUBRULE(this.topLevel));
    while (!this.RECORDING_PHASE && !this.atEnd) {
      if (this.nextIs(t.Semicolon)) this.SKIP_TOKEN();
      else {
        const item = this.recovering(() => this.SUBRULE(this.topLevel), 'declaration');
        if (item !== undefined) items.push(item);
      }
    }
    return items;
  });

  constructor() {
    super();
    this.performSelfAnalysis();
  }

  /** Parses one file. */
  parse(tokens: IToken[], diagnostics: Diagnostics): SourceUnit {
    this.begin(tokens, diagnostics);
    const items = this.file();
    return { items, damagedNames: new Set(this.damagedNames), end: this.endOfFile };
  }

  /** What stands outside functions and is no declaration. */
  #refuseOutside(): void {
    const token = this.LA(1);
    const span = this.spanOf(token);
    if (this.nextIs(t.RightCurly)) {
      throw new SyntaxFault(span, "unexpected '}'", "remove it, or add the missing '{' above");
    }
    const isCall = this.nextIs(t.Identifier) && !this.nextIs(t.Identifier, 2);
    const isStatement = t.STATEMENT_WORDS.some((type) => this.nextIs(type));
    if (isCall || isStatement) {
      const hint = 'move it into setup(), loop() or another function';
      throw new SyntaxFault(span, 'a statement cannot stand outside a function', hint);
    }
  }
}

let parser: SketchParser | undefined;

/** Tokens to a syntax tree. Errors go to `diagnostics`; the tree then lacks what did not parse. */
export function parse(tokens: IToken[], diagnostics: Diagnostics): SourceUnit {
  // Building the parser's tables takes longer than most programs; they are built once, when first needed.
  parser ??= new SketchParser();
  return parser.parse(tokens, diagnostics);
}
