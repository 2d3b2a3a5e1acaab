import type { IToken } from 'chevrotain';
import type {
  Block,
  Declaration,
  Declarator,
  Expression,
  FunctionSyntax,
  Initializer,
  Parameter,
  SourceUnit,
  Statement,
  TopLevel,
  TypeSyntax,
} from './ast.ts';
import type { Diagnostics, Span } from './diagnostics.ts';
import { ExpressionParser } from './expression-parser.ts';
import { KEYWORDS, type Rule } from './parser-base.ts';
import { didYouMean } from './suggest.ts';
import { quoteToken, SyntaxFault, unexpected } from './syntax-errors.ts';
import * as t from './tokens.ts';

/** Types of Arduino libraries that sketches use and this language has not. */
const KNOWN_TYPES: Readonly<Record<string, string>> = {
  String: 'there are no text variables: hand texts to printf or Serial.print directly',
  word: 'write uint16_t or uint32_t',
};

interface LabelHead {
  readonly word: IToken;
  readonly value: Expression | undefined;
}

/** Statements, declarations and whole files. */
class SketchParser extends ExpressionParser {
  protected readonly block: Rule<Block> = this.RULE<Rule<Block>>('block', () => {
    const open = this.CONSUME(t.LeftCurly);
    const items: Statement[] = [];
    if (this.RECORDING_PHASE) this.MANY(() => this.SUBRULE(this.statement));
    else {
      while (!this.atEnd && !this.nextIs(t.RightCurly)) {
        const span = this.spanOf(this.LA(1));
        const item = this.recovering(() => this.SUBRULE(this.statement), 'statement');
        items.push(item ?? { kind: 'damaged', span });
      }
      if (this.atEnd) {
        const hint = `the block that begins in line ${open.startLine ?? 1} is not closed`;
        this.report(this.spanOf(this.LA(1)), "expected '}' before the end of the file", hint);
        return { kind: 'block', span: this.spanOf(open), items, end: this.spanOf(this.LA(1)) };
      }
    }
    const close = this.CONSUME(t.RightCurly);
    return this.ACTION(() => {
      return { kind: 'block', span: this.spanOf(open), items, end: this.spanOf(close) };
    });
  });

  protected readonly statement: Rule<Statement> = this.RULE<Rule<Statement>>('statement', () =>
    this.deeper(() => {
      this.ACTION(() => {
        this.beginExpressions();
        this.#refuseUnknownType();
      });
      const start = this.ACTION(() => this.spanOf(this.LA(1)));
      return this.OR({
        DEF: [
          { ALT: () => this.SUBRULE(this.block) },
          { ALT: () => this.SUBRULE(this.localDeclaration) },
          { ALT: () => this.SUBRULE(this.ifStatement) },
          { ALT: () => this.SUBRULE(this.whileStatement) },
          { ALT: () => this.SUBRULE(this.doStatement) },
          { ALT: () => this.SUBRULE(this.forStatement) },
          { ALT: () => this.SUBRULE(this.switchStatement) },
          { ALT: () => this.SUBRULE(this.caseLabel) },
          { ALT: () => this.#simple(this.CONSUME(t.Break), 1, 'break', start) },
          { ALT: () => this.#simple(this.CONSUME(t.Continue), 2, 'continue', start) },
          { ALT: () => this.SUBRULE(this.returnStatement) },
          {
            ALT: (): Statement => {
              this.CONSUME3(t.Semicolon);
              return { kind: 'empty', span: start };
            },
          },
          {
            ALT: (): Statement => {
              const expression = this.SUBRULE(this.expression);
              this.semicolon(0);
              return { kind: 'expression', span: start, expression };
            },
          },
        ],
        ERR_MSG: 'a statement',
      });
    }),
  );

  protected readonly localDeclaration: Rule<Declaration> = this.RULE<Rule<Declaration>>('localDeclaration', () => {
    const type = this.SUBRULE(this.specifiers);
    const first = this.SUBRULE(this.declaratorName);
    this.ACTION(() => {
      if (!this.nextIs(t.LeftParen)) return;
      const hint = "is a '}' missing above?";
      throw new SyntaxFault(first.span, 'a function cannot be declared inside another', hint);
    });
    return this.SUBRULE(this.declarators, { ARGS: [type, first] });
  });

  protected readonly declaratorName: Rule<{ name: string; span: Span }> = this.RULE<Rule<{ name: string; span: Span }>>(
    'declaratorName',
    () => {
      this.ACTION(() => {
        const next = this.LA(1);
        if (next.image === '*' || next.image === '&') {
          const hint = 'use a global variable or the result of a function';
          const what = next.image === '*' ? 'pointers' : 'references';
          throw new SyntaxFault(this.spanOf(next), `${what} are not supported`, hint);
        }
      });
      const token = this.CONSUME(t.Identifier);
      return this.ACTION(() => ({ name: token.image, span: this.spanOf(token) }));
    },
  );

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

  protected readonly initializer: Rule<Initializer> = this.RULE<Rule<Initializer>>('initializer', () =>
    this.OR([
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
    ]),
  );

  protected readonly ifStatement: Rule<Statement> = this.RULE<Rule<Statement>>('ifStatement', () => {
    const word = this.CONSUME(t.If);
    const clauses: { condition: Expression; body: Statement }[] = [];
    let otherwise: Statement | undefined;
    const condition = this.SUBRULE(this.condition);
    clauses.push({ condition, body: this.SUBRULE(this.statement) });
    this.MANY(() => {
      this.CONSUME(t.Else);
      this.CONSUME2(t.If);
      const next = this.SUBRULE2(this.condition);
      clauses.push({ condition: next, body: this.SUBRULE2(this.statement) });
    });
    this.OPTION(() => {
      this.CONSUME2(t.Else);
      otherwise = this.SUBRULE3(this.statement);
    });
    return this.ACTION(() => ({ kind: 'if', span: this.spanOf(word), clauses, otherwise }));
  });

  protected readonly condition: Rule<Expression> = this.RULE<Rule<Expression>>('condition', () => {
    this.CONSUME(t.LeftParen);
    const condition = this.SUBRULE(this.expression);
    this.CONSUME(t.RightParen);
    return condition;
  });

  protected readonly whileStatement: Rule<Statement> = this.RULE<Rule<Statement>>('whileStatement', () => {
    const word = this.CONSUME(t.While);
    const condition = this.SUBRULE(this.condition);
    const body = this.SUBRULE(this.statement);
    return this.ACTION(() => ({ kind: 'while', span: this.spanOf(word), condition, body }));
  });

  protected readonly doStatement: Rule<Statement> = this.RULE<Rule<Statement>>('doStatement', () => {
    const word = this.CONSUME(t.Do);
    const body = this.SUBRULE(this.statement);
    this.CONSUME(t.While);
    const condition = this.SUBRULE(this.condition);
    this.semicolon(0);
    return this.ACTION(() => ({ kind: 'do', span: this.spanOf(word), body, condition }));
  });

  protected readonly forStatement: Rule<Statement> = this.RULE<Rule<Statement>>('forStatement', () => {
    const word = this.CONSUME(t.For);
    this.CONSUME(t.LeftParen);
    const start = this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.localDeclaration) },
        {
          ALT: (): Expression | undefined => {
            const expression = this.OPTION(() => this.SUBRULE(this.expression));
            this.CONSUME(t.Semicolon);
            return expression;
          },
        },
      ],
      ERR_MSG: 'a declaration or an expression',
    });
    const condition = this.OPTION2(() => this.SUBRULE2(this.expression));
    this.CONSUME2(t.Semicolon);
    const step = this.OPTION3(() => this.SUBRULE3(this.expression));
    this.CONSUME(t.RightParen);
    const body = this.SUBRULE(this.statement);
    return this.ACTION(() => {
      return { kind: 'for', span: this.spanOf(word), start, condition, step, body };
    });
  });

  protected readonly switchStatement: Rule<Statement> = this.RULE<Rule<Statement>>('switchStatement', () => {
    const word = this.CONSUME(t.Switch);
    const subject = this.SUBRULE(this.condition);
    const body = this.SUBRULE(this.block);
    return this.ACTION(() => ({ kind: 'switch', span: this.spanOf(word), subject, body }));
  });

  protected readonly caseLabel: Rule<Statement> = this.RULE<Rule<Statement>>('caseLabel', () => {
    const value = this.OR([
      {
        ALT: (): LabelHead => {
          const word = this.CONSUME(t.Case);
          return { word, value: this.SUBRULE(this.conditional) };
        },
      },
      { ALT: (): LabelHead => ({ word: this.CONSUME(t.Default), value: undefined }) },
    ]);
    this.CONSUME(t.Colon);
    return this.ACTION(() => {
      return { kind: 'label', span: this.spanOf(value.word), value: value.value };
    });
  });

  protected readonly returnStatement: Rule<Statement> = this.RULE<Rule<Statement>>('returnStatement', () => {
    const word = this.CONSUME(t.Return);
    const value = this.OPTION(() => this.SUBRULE(this.expression));
    this.semicolon(0);
    return this.ACTION(() => ({ kind: 'return', span: this.spanOf(word), value }));
  });

  protected readonly topLevel: Rule<TopLevel> = this.RULE<Rule<TopLevel>>('topLevel', () => {
    this.ACTION(() => {
      this.beginExpressions();
      this.#refuseOutside();
      this.#refuseUnknownType();
    });
    const type = this.SUBRULE(this.specifiers);
    const named = this.SUBRULE(this.declaratorName);
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
        return { kind: 'function', span: result.span, result, name, nameSpan: span, parameters, body };
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

  #simple(_word: IToken, index: number, kind: 'break' | 'continue', span: Span): Statement {
    this.semicolon(index);
    return { kind, span };
  }

  /** `Name name` is meant as a declaration or is a misspelt keyword. */
  #refuseUnknownType(): void {
    const [first, second] = [this.LA(1), this.LA(2)];
    if (!this.nextIs(t.Identifier) || !this.nextIs(t.Identifier, 2)) return;
    if (first.startLine !== second.startLine) return;
    const hint = KNOWN_TYPES[first.image] ?? didYouMean(first.image, KEYWORDS);
    throw new SyntaxFault(this.spanOf(first), `${quoteToken(first)} is not a type`, hint);
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
