import {
  EmbeddedActionsParser,
  EOF,
  isRecognitionException,
  tokenLabel,
  tokenMatcher,
  type IRecognitionException,
  type IToken,
  type TokenType,
} from 'chevrotain';
import type { Diagnostics, Span } from './diagnostics.ts';
import { tokenSpan } from './preprocess.ts';
import { didYouMean } from '../errors/index.ts';
import { errorMessageProvider, refusalHint, SyntaxFault } from './syntax-errors.ts';
import {
  Identifier,
  LeftCurly,
  Refused,
  RightCurly,
  Semicolon,
  Specifier,
  STATEMENT_WORDS,
  TOKENS,
  TYPE_WORDS,
} from './tokens.ts';

/** Rules within rules. About three to a pair of parentheses; keeps the parser far from the end of the JavaScript stack. */
const MAX_DEPTH = 300;

/** Words that may begin a statement, as written. */
export const KEYWORDS: readonly string[] = [
  ...TYPE_WORDS,
  ...STATEMENT_WORDS.map((word) => tokenLabel(word).slice(1, -1)),
];

/** A rule of the grammar: call it through SUBRULE. */
export type Rule<T> = () => T;

/** From the beginning of one place to the end of another on the same line; else to the end of the first. */
export function joinSpans(first: Span, last: Span): Span {
  if (first.line !== last.line || last.column < first.column) return first;
  return { ...first, length: last.column + last.length - first.column };
}

/**
 * What every rule needs: places, bounded depth, and recovery. The library stops at the first token that does not fit; a
 * `recovering` rule then skips to where the next statement or declaration plausibly begins and goes on from there.
 */
export abstract class ParserBase extends EmbeddedActionsParser {
  protected readonly damagedNames = new Set<string>();
  #diagnostics: Diagnostics | undefined;
  #tokens: readonly IToken[] = [];
  #positions: Map<IToken, number> | undefined;
  #depth = 0;
  #reportedLine = 0;

  constructor() {
    super(TOKENS, { recoveryEnabled: false, maxLookahead: 2, errorMessageProvider });
  }

  /** Prepares for one file. */
  protected begin(tokens: IToken[], diagnostics: Diagnostics): void {
    this.input = [...tokens];
    this.#tokens = tokens;
    this.damagedNames.clear();
    this.#diagnostics = diagnostics;
    this.#positions = undefined;
    this.#depth = 0;
    this.#reportedLine = 0;
  }

  /** The place of a token; for the end of the file, just behind the last token. */
  protected spanOf(token: IToken): Span {
    return token.tokenType === EOF ? this.endOfFile : tokenSpan(token);
  }

  /** The place just behind the last token. */
  protected get endOfFile(): Span {
    const last = this.#tokens.at(-1);
    return last === undefined ? { line: 1, column: 1, length: 1 } : this.behind(last);
  }

  /** The place just behind a token. */
  protected behind(token: IToken): Span {
    return { line: token.endLine ?? 1, column: (token.endColumn ?? 0) + 1, length: 1 };
  }

  /** @param certain the error is one whatever went before; else it is dropped when its line has a syntax error already */
  protected report(span: Span, message: string, hint?: string, certain = false): void {
    // What does not fit on the line of a syntax error is most often a consequence of it.
    if (span.line === this.#reportedLine && !certain) return;
    this.#reportedLine = span.line;
    this.#diagnostics?.error(span, message, hint);
  }

  protected nextIs(type: TokenType, ahead = 1): boolean {
    return tokenMatcher(this.LA(ahead), type);
  }

  protected get atEnd(): boolean {
    return this.nextIs(EOF);
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
    if (this.#depth >= MAX_DEPTH) {
      const hint = 'split the expression or move inner blocks into functions';
      throw new SyntaxFault(this.spanOf(this.LA(1)), 'this is nested too deeply', hint);
    }
    this.#depth += 1;
    try {
      return body();
    } finally {
      this.#depth -= 1;
    }
  }

  /**
   * The `;` after a statement. A missing one at the end of a line is reported where it belongs, and nothing is skipped.
   * @param index tells the several calls within one rule apart
   */
  protected semicolon(index: number): void {
    const previous = this.LA(0);
    const next = this.LA(1);
    const lineEnds =
      this.atEnd || this.nextIs(RightCurly) || (next.startLine ?? 0) > (previous.endLine ?? 0);
    if (this.RECORDING_PHASE || !lineEnds || this.nextIs(Semicolon) || this.nextIs(Refused)) {
      this.consume(index, Semicolon);
      return;
    }
    this.report(this.behind(previous), "expected ';'", `add ';' after '${previous.image}'`);
  }

  /**
   * Runs a rule; when the text does not fit it, reports that and skips.
   * @param scope what comes next: another statement of a block or another declaration of the file
   */
  protected recovering<T>(rule: () => T, scope: 'statement' | 'declaration'): T | undefined {
    const first = this.LA(1);
    const depth = this.#depth;
    try {
      return rule();
    } catch (thrown) {
      if (thrown instanceof SyntaxFault) {
        this.report(thrown.span, thrown.message, thrown.hint, true);
      } else if (thrown instanceof Error && isRecognitionException(thrown)) {
        const { token, message } = thrown as IRecognitionException;
        const refused = refusalHint(token);
        const misspelt = this.LA(0) === first && tokenMatcher(first, Identifier);
        const hint = misspelt ? didYouMean(first.image, KEYWORDS) : undefined;
        const certain = tokenMatcher(token, Refused);
        this.report(this.spanOf(token), message, refused ?? hint, certain);
      } else throw thrown;
      this.#depth = depth;
      this.#skip(first, scope);
      return undefined;
    }
  }

  /** Skips from the present token to where `scope` plausibly goes on, at least one token further than `first`. */
  #skip(first: IToken, scope: 'statement' | 'declaration'): void {
    let braces = this.#openBraces(first);
    if (this.LA(1) === first && !this.nextIs(LeftCurly)) this.#pass();
    while (!this.atEnd) {
      if (this.nextIs(LeftCurly)) {
        // A statement's block is worth parsing; a declaration's belongs to the function that is lost.
        if (braces === 0 && scope === 'statement' && this.LA(1) !== first) return;
        braces += 1;
      } else if (this.nextIs(RightCurly)) {
        if (braces === 0 && scope === 'statement') return;
        braces = Math.max(0, braces - 1);
        if (braces === 0 && scope === 'declaration') {
          this.#pass();
          if (this.nextIs(Semicolon)) this.#pass();
          return;
        }
      } else if (braces === 0) {
        if (this.nextIs(Semicolon)) {
          this.#pass();
          return;
        }
        if (this.#beginsLine(scope)) return;
      }
      this.#pass();
    }
  }

  #beginsLine(scope: 'statement' | 'declaration'): boolean {
    if ((this.LA(1).startLine ?? 0) === (this.LA(0).endLine ?? 0)) return false;
    if (this.nextIs(Specifier)) return true;
    return scope === 'statement' && STATEMENT_WORDS.some((type) => this.nextIs(type));
  }

  #pass(): void {
    const token = this.LA(1);
    if (tokenMatcher(token, Identifier)) this.damagedNames.add(token.image);
    this.SKIP_TOKEN();
  }

  /** Braces opened and not closed between `first` and the present token; notes the names in between. */
  #openBraces(first: IToken): number {
    this.#positions ??= new Map(this.#tokens.map((token, index) => [token, index]));
    const from = this.#positions.get(first) ?? 0;
    const to = this.#positions.get(this.LA(1)) ?? this.#tokens.length;
    let open = 0;
    for (const token of this.#tokens.slice(from, to)) {
      if (tokenMatcher(token, LeftCurly)) open += 1;
      else if (tokenMatcher(token, RightCurly)) open = Math.max(0, open - 1);
      else if (tokenMatcher(token, Identifier)) this.damagedNames.add(token.image);
    }
    return open;
  }
}
