import type { IToken } from 'chevrotain';
import type { Block, Expression, Statement } from './ast.ts';
import { DeclarationParser } from './declaration-parser.ts';
import type { Span } from './diagnostics.ts';
import type { Rule } from './parser-base.ts';
import * as t from './tokens.ts';

interface LabelHead {
  readonly word: IToken;
  readonly value: Expression | undefined;
}

/** Statements. */
export abstract class StatementParser extends DeclarationParser {
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
        this.refuseBadDeclaration();
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

  protected readonly ifStatement: Rule<Statement> = this.RULE<Rule<Statement>>(
    'ifStatement',
    () => {
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
    },
  );

  protected readonly condition: Rule<Expression> = this.RULE<Rule<Expression>>('condition', () => {
    this.CONSUME(t.LeftParen);
    const condition = this.SUBRULE(this.expression);
    this.CONSUME(t.RightParen);
    return condition;
  });

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
    this.CONSUME(t.Colon);
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
