import type { IToken } from 'chevrotain';
import type { Expression } from './ast.ts';
import { joinSpans } from './parser-base.ts';
import { RecoveringParser } from './recovering-parser.ts';
import { refusalOf } from './syntax-errors.ts';
import * as t from './tokens.ts';

/** What expressions of C and C++ may hold and this language has not: reported by name and read over, so that it is one mistake. */
export abstract class RefusingParser extends RecoveringParser {
  /** The sign of an operator; C++'s word for one is reported. */
  protected operatorOf(token: IToken): string {
    const sign = t.OPERATOR_WORDS.get(token.image);
    if (sign === undefined) return token.image;
    const message = `'${token.image}' is not supported`;
    this.report(this.spanOf(token), message, `write '${sign}'`, true);
    return sign;
  }

  /** `sizeof(...)`, `static_cast<...>(...)`, `NULL` and the like where an operand begins. */
  protected refusedOperand(): Expression | undefined {
    const word = this.LA(1);
    const at = this.spanOf(word);
    if (!t.OPERAND_WORDS.includes(word.image)) return undefined;
    this.report(at, `'${word.image}' is not supported`, refusalOf(word.image));
    this.SKIP_TOKEN();
    if (word.image.endsWith('_cast')) {
      while (!this.atEnd && this.sameLine() && !this.nextIs(t.LeftParen)) this.SKIP_TOKEN();
    }
    const close = this.nextIs(t.LeftParen) ? this.closingParen(1) : undefined;
    for (let left = close ?? 0; left > 0; left -= 1) this.SKIP_TOKEN();
    if (word.image === 'sizeof' && close === undefined && this.nextIs(t.Identifier)) {
      this.SKIP_TOKEN();
    }
    this.#skipMembers();
    return { kind: 'damaged', at, span: joinSpans(at, this.spanOf(this.LA(0))) };
  }

  /** `p->member`, `Class::member`, `L"text"`. True when something stood there, which is then behind. */
  protected refusedBehindName(first: IToken): boolean {
    const next = this.LA(1);
    const adjacent = (this.LA(0).endOffset ?? -1) + 1 === next.startOffset;
    if (adjacent && (this.nextIs(t.StringLiteral) || this.nextIs(t.CharLiteral))) {
      const message = `'${first.image}' before a text is not supported`;
      this.report(this.spanOf(first), message, 'write the text alone');
      this.SKIP_TOKEN();
      return true;
    }
    if (next.image !== '->' && next.image !== '::') return false;
    if (!this.damagedNames.has(first.image)) {
      const message = `'${next.image}' is not supported`;
      this.report(this.spanOf(next), message, refusalOf(next.image));
    }
    this.#skipMembers();
    return true;
  }

  #skipMembers(): void {
    while (['->', '::', '.'].includes(this.LA(1).image) && this.nextIs(t.Identifier, 2)) {
      this.SKIP_TOKEN();
      this.SKIP_TOKEN();
    }
  }
}
