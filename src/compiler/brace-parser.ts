import type { IToken } from 'chevrotain';
import type { Diagnostics } from './diagnostics.ts';
import { MisspellingParser } from './misspelling-parser.ts';
import type { PreprocessedFile } from './preprocess.ts';
import { quoteToken } from './syntax-errors.ts';
import * as t from './tokens.ts';

/** Missing braces: where one is most likely missing is told from how the lines are indented. */
export abstract class BraceParser extends MisspellingParser {
  /** Column of the first token of each line. */
  readonly #indents = new Map<number, number>();
  /** Where the function at hand begins. */
  #functionColumn = 1;
  /** Line of the first block whose closing brace stands further to the left than the line on which it begins. */
  #suspect: number | undefined;
  #unclosed = false;
  /** A block was ended for want of a brace that may still come. */
  protected braceOwed = false;

  protected override begin(file: PreprocessedFile, diagnostics: Diagnostics): void {
    super.begin(file, diagnostics);
    this.#indents.clear();
    this.braceOwed = false;
    for (const { startLine = 1, startColumn = 1 } of file.tokens) {
      if (!this.#indents.has(startLine)) this.#indents.set(startLine, startColumn);
    }
  }

  /** Called where a declaration of the file begins. */
  protected beginFunction(): void {
    this.#functionColumn = this.LA(1).startColumn ?? 1;
    this.#suspect = undefined;
    this.#unclosed = false;
  }

  /** True at `type name(...) {` that stands no further to the right than the function at hand: a '}' is missing before it. */
  protected functionBegins(): boolean {
    const first = this.LA(1);
    if (!this.nextIs(t.Specifier) || this.sameLine()) return false;
    if ((first.startColumn ?? 1) > this.#functionColumn) return false;
    let at = 2;
    while (this.nextIs(t.Specifier, at)) at += 1;
    if (!this.nextIs(t.Identifier, at) || !this.nextIs(t.LeftParen, at + 1)) return false;
    const close = this.closingParen(at + 1);
    return close !== undefined && this.nextIs(t.LeftCurly, close + 1);
  }

  /** Compares the line of a closing brace with that on which its block begins. */
  protected compareIndents(open: IToken, close: IToken): void {
    const indent = this.#indents.get(close.startLine ?? 1);
    if (this.#suspect !== undefined || indent !== close.startColumn) return;
    const begun = this.#indents.get(open.startLine ?? 1) ?? 1;
    if ((close.startColumn ?? 1) < begun) this.#suspect = open.startLine;
  }

  /** Reports a block that something ends before its brace; once for all blocks around it. */
  protected reportUnclosed(open: IToken): void {
    if (this.#unclosed) return;
    this.#unclosed = true;
    this.braceOwed = true;
    const next = this.LA(1);
    const hint = `the block that begins in line ${this.#suspect ?? open.startLine ?? 1} is not closed`;
    const before = this.atEnd ? 'the end of the file' : quoteToken(next);
    this.report(this.spanOf(next), `expected '}' before ${before}`, hint, !this.atEnd);
  }
}
