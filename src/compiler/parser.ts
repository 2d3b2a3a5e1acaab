import type { IToken } from 'chevrotain';
import type { Block, FunctionSyntax, Parameter, SourceUnit, TopLevel, TypeSyntax } from './ast.ts';
import type { Named } from './declaration-parser.ts';
import type { Diagnostics, Span } from './diagnostics.ts';
import { quoteToken, refusalOf, SyntaxFault } from './syntax-errors.ts';
import type { Rule } from './parser-base.ts';
import type { PreprocessedFile } from './preprocess.ts';
import { StatementParser } from './statement-parser.ts';
import * as t from './tokens.ts';

/** What may stand behind a parameter's name in C and C++. */
const REFUSED_PARAMETERS: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['[', ['an array cannot be a parameter', 'make the array global and pass an index']],
  ['*', ['pointers are not supported', 'use a global variable or the result of a function']],
  ['&', ['references are not supported', 'use a global variable or the result of a function']],
  ['=', ['a parameter cannot have a default value', 'pass the value in each call']],
]);

/** Functions and whole files. */
class SketchParser extends StatementParser {
  /** Something outside functions, or a function's head, was reported: what follows outside is no second mistake. */
  #outside = false;

  protected readonly topLevel: Rule<TopLevel> = this.RULE<Rule<TopLevel>>('topLevel', () => {
    const given = this.ACTION(() => {
      this.beginExpressions();
      this.beginFunction();
      this.#refuseOutside();
      return this.#givenType();
    });
    const type = given ?? this.SUBRULE(this.specifiers);
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
    (result: TypeSyntax, named: Named): FunctionSyntax => {
      const parameters: Parameter[] = [];
      const before = this.#outside;
      this.#outside = true;
      this.CONSUME(t.LeftParen);
      if (this.RECORDING_PHASE) {
        this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.parameter) });
      } else this.#parameters(parameters);
      this.CONSUME(t.RightParen);
      const body = this.OR({
        DEF: [
          { ALT: () => this.SUBRULE(this.block) },
          {
            ALT: (): Block | undefined => {
              const end = this.CONSUME(t.Semicolon);
              if (this.RECORDING_PHASE || !this.nextIs(t.LeftCurly)) return undefined;
              const message = `this ';' separates '${named.name}' from its body`;
              this.report(this.spanOf(end), message, 'remove it');
              return this.SUBRULE2(this.block);
            },
          },
        ],
        ERR_MSG: "'{' or ';'",
      });
      this.#outside = body === undefined && before;
      return this.ACTION(() => {
        const { name, span } = named;
        return {
          kind: 'function',
          ...{ span: result.span, result, name, nameSpan: span, parameters, body },
        };
      });
    },
  );

  #parameters(parameters: Parameter[]): void {
    if (this.nextIs(t.RightParen)) return;
    parameters.push(this.SUBRULE(this.parameter));
    while (this.nextIs(t.Comma) || (this.nextIs(t.Semicolon) && this.nextIs(t.Specifier, 2))) {
      if (this.nextIs(t.Semicolon)) {
        const hint = "write ',' between parameters";
        this.report(this.spanOf(this.LA(1)), "expected ',' or ')' before ';'", hint);
      }
      this.SKIP_TOKEN();
      parameters.push(this.SUBRULE(this.parameter));
    }
  }

  protected readonly parameter: Rule<Parameter> = this.RULE<Rule<Parameter>>('parameter', () => {
    const bad = this.ACTION(() => this.#badParameter());
    if (bad !== undefined) return bad;
    const type = this.SUBRULE(this.specifiers);
    const named = this.OPTION(() => this.SUBRULE(this.parameterName));
    return this.ACTION(() => {
      if (type.isStatic) this.report(type.span, 'a parameter cannot be static', 'drop the word');
      const damaged = this.#refuseParameter();
      const token = damaged?.tokenType === t.Identifier ? damaged : named;
      const span = token === undefined ? type.span : this.spanOf(token);
      const name = token?.image ?? '';
      return { name, span, type: damaged === undefined ? type : { ...type, type: undefined } };
    });
  });

  protected readonly parameterName: Rule<IToken> = this.RULE<Rule<IToken>>('parameterName', () =>
    this.CONSUME(t.Identifier),
  );

  protected readonly file: Rule<TopLevel[]> = this.RULE<Rule<TopLevel[]>>('file', () => {
    const items: TopLevel[] = [];
    if (this.RECORDING_PHASE) this.MANY(() => this.SUBRULE(this.topLevel));
    while (!this.RECORDING_PHASE && !this.atEnd && !this.givenUp) {
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
  parse(file: PreprocessedFile, diagnostics: Diagnostics): SourceUnit {
    this.begin(file, diagnostics);
    this.#outside = false;
    const items = this.file();
    const { steps } = this;
    // Certainly a mistake of this parser; but whatever it is, nothing is left out in silence.
    if (this.lost && !diagnostics.hasErrors) {
      diagnostics.error(this.endOfFile, 'a part of this file could not be read');
    }
    return { items, damagedNames: new Set(this.damagedNames), end: this.endOfFile, steps };
  }

  /** What stands outside functions and is no declaration. */
  #refuseOutside(): void {
    const token = this.LA(1);
    const { image } = token;
    const span = this.spanOf(token);
    if (t.DEFINITION_WORDS.includes(image)) {
      const message = `'${image}' is not supported`;
      throw new SyntaxFault(span, message, refusalOf(image), 'definition');
    }
    this.refuseBadDeclaration();
    if (this.nextIs(t.RightCurly)) {
      const hint = "remove it, or add the missing '{' above";
      this.#outside ||= this.braceOwed;
      this.#reportOutside(span, "unexpected '}'", hint, 1);
    }
    const isName =
      this.nextIs(t.Identifier) && !this.nextIs(t.Identifier, 2) && !this.#functionNext;
    const starts = [...t.STATEMENT_WORDS, t.Else, t.StepOperator];
    if (isName || starts.some((type) => this.nextIs(type))) {
      const hint = "move it into a function, or look for a '}' too many above";
      this.#reportOutside(span, 'a statement cannot stand outside a function', hint);
    }
    if (this.nextIs(t.LeftCurly)) {
      const hint = "write a function's head before it";
      this.#reportOutside(span, 'a block cannot stand outside a function', hint, 'definition');
    }
  }

  /** Only the first of its kind: those that follow have the same cause. */
  #reportOutside(span: Span, message: string, hint: string, recovery?: 1 | 'definition'): never {
    const known = this.#outside;
    this.#outside = true;
    throw new SyntaxFault(span, known ? '' : message, hint, recovery);
  }

  /** `name(...) {`: a function without the type of its result. */
  get #functionNext(): boolean {
    if (!this.nextIs(t.Identifier) || !this.nextIs(t.LeftParen, 2)) return false;
    const close = this.closingParen(2);
    return close !== undefined && this.nextIs(t.LeftCurly, close + 1);
  }

  /** The type of a declaration that begins without one, or with one that is none. */
  #givenType(): TypeSyntax | undefined {
    if (this.unknownTypeNext()) return this.unknownType();
    if (!this.#functionNext) return undefined;
    const token = this.LA(1);
    const span = this.spanOf(token);
    const { image } = token;
    const type = ['setup', 'loop', 'main'].includes(image) ? 'void' : undefined;
    const hint = `write ${type ?? 'a type such as int'} before it`;
    this.report(span, `${quoteToken(token)} has no type for its result`, hint);
    return { span, type, isConst: false, isStatic: false };
  }

  /** A parameter without a type, or with one that is none: reported and read over. */
  #badParameter(): Parameter | undefined {
    if (!this.nextIs(t.Identifier)) return undefined;
    const token = this.LA(1);
    if (this.unknownTypeNext()) this.unknownType();
    else if (this.nextIs(t.Comma, 2) || this.nextIs(t.RightParen, 2)) {
      const message = `the parameter '${token.image}' has no type`;
      this.report(this.spanOf(token), message, `write int ${token.image}`);
    } else this.report(this.spanOf(token), `${quoteToken(token)} is not a type`);
    const last = this.LA(1);
    const type = { span: this.spanOf(token), type: undefined, isConst: false, isStatic: false };
    const parameter = { name: last.image, span: this.spanOf(last), type };
    this.#skipParameter();
    return parameter;
  }

  /** Reports what makes a parameter an array, a pointer or optional, and reads over it. The result is the last token of that. */
  #refuseParameter(): IToken | undefined {
    const next = this.LA(1);
    const fault = REFUSED_PARAMETERS.get(next.image);
    if (fault === undefined) return undefined;
    this.report(this.spanOf(next), ...fault, true);
    this.#skipParameter();
    // Its uses as a pointer are no mistakes of their own.
    if (this.LA(0).tokenType === t.Identifier) this.damagedNames.add(this.LA(0).image);
    return next.image === '=' ? next : this.LA(0);
  }

  /** Skips to the comma or parenthesis behind a parameter. */
  #skipParameter(): void {
    const ends = [t.Comma, t.RightParen, t.LeftCurly, t.RightCurly, t.Semicolon];
    while (!this.atEnd && !ends.some((type) => this.nextIs(type))) this.SKIP_TOKEN();
  }
}

let parser: SketchParser | undefined;

/** A file's tokens to its syntax tree. Errors go to `diagnostics`; the tree then lacks what did not parse. */
export function parse(file: PreprocessedFile, diagnostics: Diagnostics): SourceUnit {
  // Building the parser's tables takes longer than most programs; they are built once, when first needed.
  parser ??= new SketchParser();
  return parser.parse(file, diagnostics);
}
