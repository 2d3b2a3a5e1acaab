import { didYouMean, nearest } from '../errors/index.ts';
import { DeclarationParser } from './declaration-parser.ts';
import type { Diagnostics } from './diagnostics.ts';
import { KEYWORDS, STATEMENT_NAMES } from './parser-base.ts';
import type { PreprocessedFile } from './preprocess.ts';
import { quoteToken, refusalOf, SyntaxFault, type Recovery } from './syntax-errors.ts';
import * as t from './tokens.ts';

/** Words in front of a condition. */
const HEADS = ['if', 'while', 'for', 'switch', 'else if'];
/** Words in front of a value. */
const BEFORE_VALUE = ['case', 'return'];

/** Statements that begin with a wrong word. */
export abstract class MisspellingParser extends DeclarationParser {
  #tries = false;

  protected override begin(file: PreprocessedFile, diagnostics: Diagnostics): void {
    super.begin(file, diagnostics);
    this.#tries = false;
  }

  /** Called where a statement begins: refuses what is plainly a mistake there, in words of its own. */
  protected refuseBadStatement(): void {
    const word = this.LA(1);
    const { image } = word;
    if (this.nextIs(t.Identifier)) this.#refuseName();
    else if (this.nextIs(t.Else)) {
      const hint = "look for a ';' or a '}' too many above";
      throw new SyntaxFault(this.spanOf(word), "'else' without an 'if'", hint, 1);
    } else if (image === 'try' || image === 'catch') {
      // What is caught belongs to the same mistake.
      const message = this.#tries && image === 'catch' ? '' : `'${image}' is not supported`;
      this.#tries ||= image === 'try';
      const recovery = image === 'try' ? 1 : (this.closingParen(2) ?? 1);
      throw new SyntaxFault(this.spanOf(word), message, refusalOf(image), recovery);
    } else if (t.DEFINITION_WORDS.includes(image)) {
      const message = `'${image}' is not supported`;
      throw new SyntaxFault(this.spanOf(word), message, refusalOf(image), 'definition');
    } else this.refuseBadDeclaration();
  }

  /** `elseif (`, `elif (` and the like, behind an `if`. */
  protected get elseIfNext(): boolean {
    return this.nextIs(t.LeftParen, 2) && /^els?e?_?if$/i.test(this.LA(1).image);
  }

  #refuseName(): void {
    const { image } = this.LA(1);
    if (!this.sameLine(2)) return;
    if (this.nextIs(t.LeftCurly, 2)) {
      this.#refuse(didYouMean(image, [...KEYWORDS, 'else']), 1);
    } else if (this.nextIs(t.Colon, 2)) {
      if (nearest(image, ['default']) !== undefined) this.#refuse("did you mean 'default'?", 2);
      const hint = 'use a loop, break or return';
      throw new SyntaxFault(this.spanOf(this.LA(1)), 'labels are not supported', hint, 2);
    } else if (this.nextIs(t.LeftParen, 2)) this.#refuseHead(image);
    else if (this.nextIs(t.Identifier, 2)) {
      const near = this.unknownTypeNext() ? undefined : nearest(image, [...KEYWORDS, 'else']);
      if (near !== undefined) {
        this.#refuse(`did you mean '${near}'?`, ['else', 'do'].includes(near) ? 1 : undefined);
      }
    } else if (LITERALS.some((type) => this.nextIs(type, 2))) {
      const near = nearest(image, BEFORE_VALUE);
      const behind = this.nextIs(t.Colon, 3) ? 3 : undefined;
      if (near !== undefined) this.#refuse(`did you mean '${near}'?`, behind);
    } else if (this.nextIs(t.Semicolon, 2)) return;
    else if (STATEMENT_NAMES.some((name) => name === image.toLowerCase())) {
      this.#refuse(`did you mean '${image.toLowerCase()}'?`, 1);
    }
  }

  /** `word (...)` with something behind it that no call has there: a misspelt `if`, `while` and so on. */
  #refuseHead(image: string): void {
    const close = this.closingParen(2);
    if (close === undefined) return;
    const block = this.nextIs(t.LeftCurly, close + 1);
    const starts = [t.Identifier, t.Specifier, ...LITERALS, ...t.STATEMENT_WORDS];
    const more = this.sameLine(close + 1) && starts.some((type) => this.nextIs(type, close + 1));
    if (!block && !more) return;
    const hint = this.elseIfNext ? "did you mean 'else if'?" : didYouMean(image, HEADS);
    if (hint !== undefined) this.#refuse(hint, close);
  }

  #refuse(hint: string | undefined, recovery: Recovery): never {
    const word = this.LA(1);
    const message = `${quoteToken(word)} does not begin a statement`;
    throw new SyntaxFault(this.spanOf(word), message, hint, recovery);
  }
}

const LITERALS = [t.NumberLiteral, t.CharLiteral, t.StringLiteral];
