import {
  EmbeddedActionsParser,
  EOF,
  tokenLabel,
  tokenMatcher,
  type IToken,
  type TokenType,
} from 'chevrotain';
import type { Diagnostics, Span } from './diagnostics.ts';
import { tokenSpan } from './lexer.ts';
import type { PreprocessedFile } from './preprocess.ts';
import { errorMessageProvider, quoteToken, SyntaxFault } from './syntax-errors.ts';
import {
  AssignOperator,
  Colon,
  Identifier,
  LeftCurly,
  LeftParen,
  Refused,
  RightCurly,
  RightParen,
  Semicolon,
  Specifier,
  STATEMENT_WORDS,
  StepOperator,
  TOKENS,
  TYPE_WORDS,
} from './tokens.ts';

/**
 * Rules within rules that nest; three to a pair of parentheses, where C asks for 63 pairs, and one to a block, where it asks for 127.
 * One takes up to 2.5 KiB of the JavaScript stack before the host has optimised the parser (130 calls within calls, 390 rules, fill its
 * 984 KiB); 250 are 625 KiB.
 */
const MAX_DEPTH = 250;
/** How many tokens the parser looks ahead for the end of parentheses: more than any sensible head of a statement has. */
const MAX_LOOK = 200;

/** Words that begin a statement, as written. */
export const STATEMENT_NAMES: readonly string[] = STATEMENT_WORDS.map((word) =>
  tokenLabel(word).slice(1, -1),
);
/** Words that may begin a statement or a declaration, as written. */
export const KEYWORDS: readonly string[] = [...TYPE_WORDS, ...STATEMENT_NAMES];

/** A rule of the grammar: call it through SUBRULE. */
export type Rule<T> = () => T;

/** From the beginning of one place to the end of another on the same line; else to the end of the first. */
export function joinSpans(first: Span, last: Span): Span {
  if (first.line !== last.line || last.column < first.column) return first;
  return { ...first, length: last.column + last.length - first.column };
}

/** What every rule needs: places, reports, bounded depth, and signs that may be missing without much harm. */
export abstract class ParserBase extends EmbeddedActionsParser {
  protected readonly damagedNames = new Set<string>();
  protected tokens: readonly IToken[] = [];
  protected depth = 0;
  /** How much work was done: rules entered, tokens skipped and looked ahead at. */
  protected steps = 0;
  #diagnostics: Diagnostics | undefined;
  #cutShort = false;
  /** Lines with errors below the syntax: what is wrong with theirs is a consequence. */
  #unreadable: ReadonlySet<number> = new Set();

  constructor() {
    super(TOKENS, { recoveryEnabled: false, maxLookahead: 2, errorMessageProvider });
  }

  /** Prepares for one file. */
  protected begin(file: PreprocessedFile, diagnostics: Diagnostics): void {
    this.input = [...file.tokens];
    this.tokens = file.tokens;
    this.#cutShort = file.cutShort;
    this.damagedNames.clear();
    for (const name of file.damagedNames) this.damagedNames.add(name);
    this.#diagnostics = diagnostics;
    this.#unreadable = new Set(diagnostics.damagedLines);
    this.depth = 0;
    this.steps = 0;
  }

  /** True when no error that is found from here on would be kept. */
  protected get givenUp(): boolean {
    return this.#diagnostics?.full === true;
  }

  /** The place of a token; for the end of the file, just behind the last token. */
  protected spanOf(token: IToken): Span {
    return token.tokenType === EOF ? this.endOfFile : tokenSpan(token);
  }

  /** The place just behind the last token. */
  protected get endOfFile(): Span {
    const last = this.tokens.at(-1);
    return last === undefined ? { line: 1, column: 1, length: 1 } : this.behind(last);
  }

  /** The place just behind a token. */
  protected behind(token: IToken): Span {
    return { line: token.endLine ?? 1, column: (token.endColumn ?? 0) + 1, length: 1 };
  }

  /** @param certain the error is one whatever went before; else it is dropped when its line has an error already */
  protected report(span: Span, message: string, hint?: string, certain = false): void {
    // What does not fit on the line of an error is most often a consequence of it.
    if (!certain && this.#diagnostics?.damagedLines.has(span.line) === true) return;
    if (this.#unreadable.has(span.line) || (this.#cutShort && this.atEnd)) return;
    this.#diagnostics?.error(span, message, hint);
  }

  protected nextIs(type: TokenType, ahead = 1): boolean {
    return tokenMatcher(this.LA(ahead), type);
  }

  protected get atEnd(): boolean {
    return this.nextIs(EOF);
  }

  /** True when a token stands on the line on which the one before it ends. */
  protected sameLine(ahead = 1): boolean {
    return this.LA(ahead).startLine === this.LA(ahead - 1).endLine;
  }

  /** How far ahead the parenthesis is that closes the one at `ahead`; undefined when it is too far, or behind a brace. */
  protected closingParen(ahead: number): number | undefined {
    let open = 0;
    for (let at = ahead; at < ahead + MAX_LOOK; at += 1) {
      this.steps += 1;
      if (this.nextIs(LeftParen, at)) open += 1;
      else if (this.nextIs(RightParen, at)) open -= 1;
      else if ([LeftCurly, RightCurly, EOF].some((type) => this.nextIs(type, at))) return undefined;
      if (open === 0) return at;
    }
    return undefined;
  }

  /** Refuses a `*` or `&` that belongs to a type. */
  protected refusePointer(token: IToken): void {
    if (token.image !== '*' && token.image !== '&') return;
    const what = token.image === '*' ? 'pointers' : 'references';
    const hint = 'use a global variable or the result of a function';
    throw new SyntaxFault(this.spanOf(token), `${what} are not supported`, hint);
  }

  /** Runs a rule's body one level deeper, refusing to go too deep. */
  protected deeper<T>(body: () => T): T {
    if (this.RECORDING_PHASE) return body();
    if (this.depth >= MAX_DEPTH) {
      const hint = 'split the expression or move inner blocks into functions';
      throw new SyntaxFault(this.spanOf(this.LA(1)), 'this is nested too deeply', hint);
    }
    this.depth += 1;
    this.steps += 1;
    try {
      return body();
    } finally {
      this.depth -= 1;
    }
  }

  /**
   * The `;` after a statement. A missing one at the end of a line is reported where it belongs, and nothing is skipped.
   * @param index tells the several calls within one rule apart
   */
  protected semicolon(index: number): void {
    if (this.RECORDING_PHASE || !this.#lineEnds || this.nextIs(Semicolon) || this.nextIs(Refused)) {
      this.consume(index, Semicolon);
    } else this.#missing(';');
  }

  /** A `(` before a condition, which may be missing. */
  protected openParen(index: number): void {
    if (this.RECORDING_PHASE || this.nextIs(LeftParen) || this.nextIs(Refused)) {
      this.consume(index, LeftParen);
      return;
    }
    const message = `expected '(' before ${quoteToken(this.LA(1))}`;
    this.report(this.spanOf(this.LA(1)), message, 'write the condition in parentheses');
  }

  /** A `)`, which may be missing before a `{`, a `;` or the next statement. True when it is there. */
  protected closeParen(index: number): boolean {
    const mended = this.nextIs(Semicolon) || this.nextIs(LeftCurly) || this.statementBegins;
    if (this.RECORDING_PHASE || !mended || this.nextIs(RightParen)) {
      this.consume(index, RightParen);
      return true;
    }
    const next = this.LA(1);
    if (!this.sameLine()) this.#missing(')');
    else this.report(this.spanOf(next), `expected ')' before ${quoteToken(next)}`);
    return false;
  }

  /** The `:` of a label, which may be missing at the end of the line or be a `;`. */
  protected colon(index: number): void {
    if (!this.RECORDING_PHASE && this.nextIs(Semicolon)) {
      const hint = "write ':' in its place";
      this.report(this.spanOf(this.LA(1)), "expected ':' before ';'", hint);
      this.SKIP_TOKEN();
    } else if (this.RECORDING_PHASE || !this.#lineEnds || this.nextIs(Colon)) {
      this.consume(index, Colon);
    } else this.#missing(':');
  }

  /** True when the line ends here and a statement begins behind it, or none can. */
  protected get statementBegins(): boolean {
    if (!this.#lineEnds) return false;
    const starts = [EOF, RightCurly, Specifier, ...STATEMENT_WORDS];
    if (starts.some((type) => this.nextIs(type))) return true;
    const goesOn = [LeftParen, AssignOperator, StepOperator];
    return this.nextIs(Identifier) && goesOn.some((type) => this.nextIs(type, 2));
  }

  get #lineEnds(): boolean {
    return this.atEnd || this.nextIs(RightCurly) || !this.sameLine();
  }

  /** Reports a missing sign behind the token before it. */
  #missing(sign: string): void {
    const previous = this.LA(0);
    const hint = previous.image === '' ? undefined : `add '${sign}' after ${quoteToken(previous)}`;
    this.report(this.behind(previous), `expected '${sign}'`, hint);
  }
}
