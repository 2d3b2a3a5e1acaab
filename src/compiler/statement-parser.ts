import type { IToken } from 'chevrotain';
import type { Block, Expression, Statement } from './ast.ts';
import type { Span } from './diagnostics.ts';
import { BraceParser } from './brace-parser.ts';
import type { Rule } from './parser-base.ts';
import { quoteToken } from './syntax-errors.ts';
import * as t from './tokens.ts';

interface LabelHead {
  readonly word: IToken;
  readonly value: Expression | undefined;
}

interface Clause {
  readonly condition: Expression;
  readonly body: Statement;
}

/** Statements. */
export abstract class StatementParser extends BraceParser {
  protected readonly block: Rule<Block> = this.RULE<Rule<Block>>('block', () => {
    const open = this.CONSUME(t.LeftCurly);
    const items: Statement[] = [];
    if (this.RECORDING_PHASE) this.MANY(() => this.SUBRULE(this.statement));
    else {
      this.#statements(items);
      if (!this.nextIs(t.RightCurly)) {
        this.reportUnclosed(open);
        return { kind: 'block', span: this.spanOf(open), items, end: this.spanOf(this.LA(1)) };
      }
      this.compareIndents(open, this.LA(1));
    }
    const close = this.CONSUME(t.RightCurly);
    return this.ACTION(() => {
      return { kind: 'block', span: this.spanOf(open), items, end: this.spanOf(close) };
    });
  });

  /** The statements of a block, as far as they go. */
  #statements(items: Statement[]): void {
    // An 'else' behind something that did not parse most likely belongs to it.
    let damaged = false;
    while (!this.atEnd && !this.nextIs(t.RightCurly) && !this.functionBegins()) {
      const span = this.spanOf(this.LA(1));
      const orphan: boolean = damaged && this.nextIs(t.Else);
      if (orphan) this.SKIP_TOKEN();
      const item = this.recovering(() => this.SUBRULE(this.statement), 'statement');
      damaged = item === undefined || orphan || (damaged && item.kind === 'block');
      items.push(item ?? { kind: 'damaged', span });
      if (this.givenUp) this.skipAll();
    }
  }

  protected readonly statement: Rule<Statement> = this.RULE<Rule<Statement>>('statement', () =>
    this.deeper(() => {
      const unknown = this.ACTION(() => {
        this.beginExpressions();
        this.refuseBadStatement();
        return this.unknownTypeNext() ? this.unknownType() : undefined;
      });
      const start = this.ACTION(() => this.spanOf(this.LA(1)));
      if (unknown !== undefined) return this.SUBRULE(this.localNames, { ARGS: [unknown] });
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

  protected readonly ifStatement: Rule<Statement> = this.RULE<Rule<Statement>>(
    'ifStatement',
    () => {
      const word = this.CONSUME(t.If);
      const clauses: Clause[] = [];
      let otherwise: Statement | undefined;
      const condition = this.SUBRULE(this.condition);
      clauses.push({ condition, body: this.SUBRULE(this.statement) });
      this.ACTION(() => {
        this.#mistakenElseIfs(clauses);
      });
      this.MANY(() => {
        this.CONSUME(t.Else);
        this.CONSUME2(t.If);
        const next = this.SUBRULE2(this.condition);
        clauses.push({ condition: next, body: this.SUBRULE2(this.statement) });
        this.ACTION(() => {
          this.#mistakenElseIfs(clauses);
        });
      });
      this.OPTION(() => {
        this.CONSUME2(t.Else);
        otherwise = this.SUBRULE3(this.statement);
      });
      return this.ACTION(() => ({ kind: 'if', span: this.spanOf(word), clauses, otherwise }));
    },
  );

  /** `elseif (...)` and `else (...) {`: reported, and read as `else if`. */
  #mistakenElseIfs(clauses: Clause[]): void {
    for (;;) {
      const word = this.LA(1);
      if (this.elseIfNext) {
        const message = `${quoteToken(word)} does not begin a statement`;
        this.report(this.spanOf(word), message, "did you mean 'else if'?", true);
      } else if (this.nextIs(t.Else) && this.nextIs(t.LeftParen, 2)) {
        const close = this.closingParen(2);
        if (close === undefined || !this.nextIs(t.LeftCurly, close + 1)) return;
        this.report(this.spanOf(word), "'else' takes no condition", "write 'else if'", true);
      } else return;
      this.SKIP_TOKEN();
      const condition = this.SUBRULE3(this.condition);
      clauses.push({ condition, body: this.SUBRULE4(this.statement) });
    }
  }

  protected readonly condition: Rule<Expression> = this.RULE<Rule<Expression>>('condition', () => {
    this.openParen(0);
    const condition = this.SUBRULE(this.expression);
    this.closeParen(0);
    this.ACTION(() => {
      this.#behindCondition();
    });
    return condition;
  });

  /** `(x)) {` and `(x) || (y) {`: reported and read over. */
  #behindCondition(): void {
    const next = this.LA(1);
    if (this.nextIs(t.RightParen)) {
      this.report(this.spanOf(next), "unexpected ')'", 'remove it');
      this.SKIP_TOKEN();
    } else if (this.nextIs(t.BinaryOperator) && !this.nextIs(t.PrefixOperator)) {
      const hint = 'put the whole condition in parentheses';
      this.report(this.spanOf(next), `the condition ends before ${quoteToken(next)}`, hint);
      while (this.nextIs(t.BinaryOperator)) {
        this.SKIP_TOKEN();
        this.SUBRULE5(this.unary);
      }
    }
  }

  protected readonly whileStatement: Rule<Statement> = this.RULE<Rule<Statement>>(
    'whileStatement',
    () => {
      const word = this.CONSUME(t.While);
      const condition = this.SUBRULE(this.condition);
      const body = this.SUBRULE(this.statement);
      return this.ACTION(() => ({ kind: 'while', span: this.spanOf(word), condition, body }));
    },
  );

  protected readonly doStatement: Rule<Statement> = this.RULE<Rule<Statement>>(
    'doStatement',
    () => {
      const word = this.CONSUME(t.Do);
      const body = this.SUBRULE(this.statement);
      this.CONSUME(t.While);
      const condition = this.SUBRULE(this.condition);
      this.semicolon(0);
      return this.ACTION(() => ({ kind: 'do', span: this.spanOf(word), body, condition }));
    },
  );

  protected readonly forStatement: Rule<Statement> = this.RULE<Rule<Statement>>(
    'forStatement',
    () => {
      const word = this.CONSUME(t.For);
      this.inForHead = true;
      this.CONSUME(t.LeftParen);
      this.ACTION(() => {
        this.refuseBadDeclaration();
      });
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
      this.closeParen(0);
      this.inForHead = false;
      const body = this.SUBRULE(this.statement);
      return this.ACTION(() => {
        return { kind: 'for', span: this.spanOf(word), start, condition, step, body };
      });
    },
  );

  protected readonly switchStatement: Rule<Statement> = this.RULE<Rule<Statement>>(
    'switchStatement',
    () => {
      const word = this.CONSUME(t.Switch);
      const subject = this.SUBRULE(this.condition);
      const body = this.SUBRULE(this.block);
      return this.ACTION(() => ({ kind: 'switch', span: this.spanOf(word), subject, body }));
    },
  );

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
    this.colon(0);
    return this.ACTION(() => {
      return { kind: 'label', span: this.spanOf(value.word), value: value.value };
    });
  });

  protected readonly returnStatement: Rule<Statement> = this.RULE<Rule<Statement>>(
    'returnStatement',
    () => {
      const word = this.CONSUME(t.Return);
      const value = this.OPTION(() => this.SUBRULE(this.expression));
      this.semicolon(0);
      return this.ACTION(() => ({ kind: 'return', span: this.spanOf(word), value }));
    },
  );

  #simple(_word: IToken, index: number, kind: 'break' | 'continue', span: Span): Statement {
    this.semicolon(index);
    return { kind, span };
  }
}
