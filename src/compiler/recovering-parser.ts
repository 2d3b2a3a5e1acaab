import {
  isRecognitionException,
  tokenMatcher,
  type IRecognitionException,
  type IToken,
} from 'chevrotain';
import type { Diagnostics } from './diagnostics.ts';
import { didYouMean } from '../errors/index.ts';
import { KEYWORDS, ParserBase } from './parser-base.ts';
import type { PreprocessedFile } from './preprocess.ts';
import { mistakenOperator, refusalOf, SyntaxFault, type Recovery } from './syntax-errors.ts';
import * as t from './tokens.ts';

/** What comes next: another statement of a block or another declaration of the file. */
type RecoveryScope = 'statement' | 'declaration';

/**
 * Recovery. The library stops at the first token that does not fit; a `recovering` rule then skips to where the next statement
 * or declaration plausibly begins and goes on from there. Names in what is skipped are noted: not knowing them is no second error.
 */
export abstract class RecoveringParser extends ParserBase {
  /** Something was skipped. */
  protected lost = false;
  /** Between `for` and the end of its parentheses. */
  protected inForHead = false;
  #positions: Map<IToken, number> | undefined;

  protected override begin(file: PreprocessedFile, diagnostics: Diagnostics): void {
    super.begin(file, diagnostics);
    this.#positions = undefined;
    this.lost = false;
    this.inForHead = false;
  }

  /** Runs a rule; when the text does not fit it, reports that, skips, and yields undefined. */
  protected recovering<T>(rule: () => T, scope: RecoveryScope): T | undefined {
    const first = this.LA(1);
    const depth = this.depth;
    try {
      return rule();
    } catch (thrown) {
      let recovery: Recovery;
      if (thrown instanceof SyntaxFault) {
        if (thrown.message !== '') this.report(thrown.span, thrown.message, thrown.hint, true);
        recovery = thrown.recovery;
      } else if (thrown instanceof Error && isRecognitionException(thrown)) {
        recovery = this.#reportUnexpected(thrown as IRecognitionException, first);
      } else throw thrown;
      this.lost = true;
      this.depth = depth;
      this.inForHead = false;
      this.#recover(first, scope, recovery);
      return undefined;
    }
  }

  #reportUnexpected({ token, message }: IRecognitionException, first: IToken): Recovery {
    const span = this.spanOf(token);
    if (this.nextIs(t.LeftSquare) && /^[\]&=]$/.test(this.LA(2).image)) {
      this.report(span, 'lambdas are not supported', 'write a function');
      return 'definition';
    }
    const refused = tokenMatcher(token, t.Refused);
    this.report(span, message, this.#hintFor(token, first), refused);
    return undefined;
  }

  #hintFor(token: IToken, first: IToken): string | undefined {
    if (tokenMatcher(token, t.Refused)) return refusalOf(token.image);
    const before = this.LA(0);
    const mistaken = mistakenOperator(before, token);
    if (mistaken !== undefined) return mistaken;
    if (before === first && tokenMatcher(first, t.Identifier)) {
      return didYouMean(first.image, KEYWORDS);
    }
    if (token.image === '{' && before.image === '=') {
      return 'a list may stand only in a declaration: assign the elements one by one';
    }
    return this.inForHead ? 'write for (start; condition; step)' : undefined;
  }

  #recover(first: IToken, scope: RecoveryScope, recovery: Recovery): void {
    const braces = this.#openBraces(first);
    if (recovery === 'definition') this.#skipDefinition();
    else if (recovery === undefined) this.#skip(first, scope, braces);
    else for (let left = recovery; left > 0 && !this.atEnd; left -= 1) this.pass();
  }

  /** Skips from the present token to where `scope` plausibly goes on, at least one token further than `first`. */
  #skip(first: IToken, scope: RecoveryScope, openBraces: number): void {
    let braces = openBraces;
    if (this.LA(1) === first && !this.nextIs(t.LeftCurly)) this.pass();
    while (!this.atEnd) {
      if (this.nextIs(t.LeftCurly)) {
        // A statement's block is worth parsing; a declaration's belongs to the function that is lost.
        if (braces === 0 && scope === 'statement' && this.LA(1) !== first) return;
        braces += 1;
      } else if (this.nextIs(t.RightCurly)) {
        if (braces === 0 && scope === 'statement') return;
        braces = Math.max(0, braces - 1);
        if (braces === 0 && scope === 'declaration') {
          this.pass();
          if (this.nextIs(t.Semicolon)) this.pass();
          return;
        }
      } else if (braces === 0) {
        if (this.nextIs(t.Semicolon)) {
          this.pass();
          return;
        }
        if (this.#beginsLine(scope)) return;
      }
      this.pass();
    }
  }

  /** Skips behind the `;` or the block that ends a definition; `} name;` belongs to it. */
  #skipDefinition(): void {
    let braces = 0;
    while (!this.atEnd) {
      if (this.nextIs(t.RightCurly) && braces === 0) return;
      if (this.nextIs(t.LeftCurly)) braces += 1;
      if (this.nextIs(t.RightCurly)) braces -= 1;
      this.pass();
      if (braces > 0) continue;
      const last = this.LA(0);
      if (tokenMatcher(last, t.Semicolon)) return;
      const goesOn = this.nextIs(t.Semicolon) || (this.sameLine() && !this.nextIs(t.Specifier));
      if (tokenMatcher(last, t.RightCurly) && !goesOn) return;
    }
  }

  #beginsLine(scope: RecoveryScope): boolean {
    if (this.sameLine()) return false;
    if (this.nextIs(t.Specifier)) return true;
    return scope === 'statement' && t.STATEMENT_WORDS.some((type) => this.nextIs(type));
  }

  /** Skips the rest of the file. */
  protected skipAll(): void {
    while (!this.atEnd) this.SKIP_TOKEN();
  }

  /** Skips a token and notes its name. */
  protected pass(): void {
    const token = this.LA(1);
    this.steps += 1;
    if (tokenMatcher(token, t.Identifier)) this.damagedNames.add(token.image);
    this.SKIP_TOKEN();
  }

  /** Braces opened and not closed between `first` and the present token; notes the names in between. */
  #openBraces(first: IToken): number {
    this.#positions ??= new Map(this.tokens.map((token, index) => [token, index]));
    const from = this.#positions.get(first) ?? 0;
    const to = this.#positions.get(this.LA(1)) ?? this.tokens.length;
    let open = 0;
    this.steps += to - from;
    for (const token of this.tokens.slice(from, to)) {
      if (tokenMatcher(token, t.LeftCurly)) open += 1;
      else if (tokenMatcher(token, t.RightCurly)) open = Math.max(0, open - 1);
      else if (tokenMatcher(token, t.Identifier)) this.damagedNames.add(token.image);
    }
    return open;
  }
}
