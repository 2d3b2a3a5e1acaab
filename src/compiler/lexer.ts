/** Source text to tokens. What no token fits is reported, and made good where that is possible, so that it causes no further errors. */
import { Lexer, type IToken, type TokenType } from 'chevrotain';
import type { Diagnostics, Span } from './diagnostics.ts';
import {
  CharLiteral,
  Directive,
  ForeignBlank,
  Identifier,
  OpenChar,
  OpenComment,
  OpenString,
  StrayClose,
  StringLiteral,
  TOKENS,
  TypographicChar,
  TypographicText,
} from './tokens.ts';

const lexer = new Lexer(TOKENS, { positionTracking: 'full' });

/** At the beginning of a file it is no text. */
const BYTE_ORDER_MARK = '\u{feff}';

/** The image of a literal that is damaged and has been reported. */
export const DAMAGED_LITERAL = '';

/** The tokens of a file, directives among them. */
export interface LexedFile {
  readonly tokens: readonly IToken[];
  /** A comment that is never closed, to the end of the file; empty when there is none. */
  readonly swallowed: string;
}

/** The place of a token; for one that spans lines, its first line alone. */
export function tokenSpan(token: IToken): Span {
  const { startLine: line = 1, startColumn: column = 1, startOffset, endOffset = 0 } = token;
  const whole = token.endLine === line;
  return {
    line,
    column,
    length: whole ? endOffset - startOffset + 1 : token.image.search(/[\r\n]/),
  };
}

/** Source text to tokens. Comments, blanks and line continuations are gone. */
export function lex(source: string, diagnostics: Diagnostics): LexedFile {
  const { tokens, errors, groups } = lexer.tokenize(source);
  for (const { offset, length, line, column } of errors) {
    const { message, hint } = unknownSign(source.slice(offset, offset + Math.min(length, 16)));
    diagnostics.error({ line: line ?? 1, column: column ?? 1, length }, message, hint);
  }
  for (const comment of groups.lineComments ?? []) {
    if (!/[\r\n]/.test(comment.image)) continue;
    const message = String.raw`this comment goes on in the next line: its line ends in '\'`;
    diagnostics.warning(tokenSpan(comment), message, String.raw`remove the '\'`);
  }
  for (const splice of groups.splices ?? []) checkSplice(source, splice, diagnostics);
  const last = tokens.at(-1);
  const swallowed = last?.tokenType === OpenComment ? last.image : '';
  const foreign = tokens.find(
    ({ tokenType, startOffset, image }) =>
      tokenType === ForeignBlank && (startOffset > 0 || image !== BYTE_ORDER_MARK),
  );
  if (foreign !== undefined) reportForeignBlank(foreign, diagnostics);
  reportForeignNames(tokens, diagnostics);
  return { tokens: tokens.flatMap((token) => mended(token, diagnostics)), swallowed };
}

/** What may stand in a file, with a report, and not in a piece of it. */
const NOT_IN_PIECES: readonly TokenType[] = [
  ...[OpenChar, OpenComment, OpenString, StrayClose],
  ...[TypographicChar, TypographicText, ForeignBlank, Directive],
];

/** A piece of text to tokens, and the first thing in it that is none; positions count from its beginning. */
export function lexPiece(text: string): { tokens: IToken[]; bad: string | undefined } {
  const { tokens, errors } = lexer.tokenize(text);
  const [error] = errors;
  if (error !== undefined) return { tokens, bad: text.slice(error.offset, error.offset + 1) };
  const bad = tokens.find((token) => NOT_IN_PIECES.includes(token.tokenType) || isForeign(token));
  return { tokens, bad: bad?.image };
}

const isForeign = ({ tokenType, image }: IToken): boolean =>
  tokenType === Identifier && !/^\w+$/.test(image);

function unknownSign(text: string): { message: string; hint: string } {
  const code = text.codePointAt(0) ?? 0;
  const name = code < 0x80 ? '' : ` (${codePoint(text)})`;
  const message = `${JSON.stringify(text)}${name} is not part of the language`;
  const hint = code < 0x80 ? 'remove it' : 'remove it: it may stand only in texts and comments';
  return { message, hint };
}

const codePoint = (text: string): string =>
  `U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** A continuation that joins the word or sign before it with the one behind it would make one of two. */
function checkSplice(source: string, splice: IToken, diagnostics: Diagnostics): void {
  const before = source.charAt(splice.startOffset - 1);
  const behind = source.charAt((splice.endOffset ?? splice.startOffset) + 1);
  const sets = [/^[\w.]$/, /^[-+*/%&|^<>=!:.]$/];
  if (!sets.some((set) => set.test(before) && set.test(behind))) return;
  const message = 'a line continuation within a word or a sign is not supported';
  const hint = String.raw`put a blank before the '\'`;
  diagnostics.error({ ...tokenSpan(splice), length: 1 }, message, hint);
}

function reportForeignBlank(token: IToken, diagnostics: Diagnostics): void {
  const message = `a blank that is none in C (${codePoint(token.image)}) stands in the program`;
  diagnostics.error(tokenSpan(token), message, 'replace all of its kind by plain blanks');
}

/** Each such name once: it means what it would with other letters. */
function reportForeignNames(tokens: readonly IToken[], diagnostics: Diagnostics): void {
  const seen = new Set<string>();
  for (const token of tokens) {
    if (!isForeign(token) || seen.has(token.image)) continue;
    seen.add(token.image);
    const hint = "names have the letters A-Z and a-z, digits and '_'";
    diagnostics.error(tokenSpan(token), `'${token.image}' is not a name`, hint);
  }
}

/** Reports what is no good token; the result is what the parser gets in its place. */
function mended(token: IToken, diagnostics: Diagnostics): IToken[] {
  const span = tokenSpan(token);
  switch (token.tokenType) {
    case OpenComment:
      diagnostics.error({ ...span, length: 2 }, 'this comment is never closed', "add '*/'");
      return [];
    case StrayClose:
      diagnostics.error(span, "this '*/' closes no comment", 'remove it: comments do not nest');
      return [];
    case OpenString:
      diagnostics.error(span, 'this text is never closed', `add '"' before the end of the line`);
      return [damaged(token, StringLiteral), ...tail(token)];
    case OpenChar:
      diagnostics.error(span, 'this character is never closed', `add "'" after the character`);
      return [damaged(token, CharLiteral), ...tail(token)];
    case TypographicText:
    case TypographicChar: {
      const plain = token.tokenType === TypographicText ? '"' : "'";
      const message = `${token.image.charAt(0)} is a typographic quotation mark`;
      diagnostics.error(span, message, `write ${plain} on both sides`);
      return [damaged(token, plain === '"' ? StringLiteral : CharLiteral)];
    }
    case ForeignBlank:
      return [];
    default:
      return [token];
  }
}

function damaged(token: IToken, tokenType: TokenType): IToken {
  return { ...token, tokenType, tokenTypeIdx: tokenType.tokenTypeIdx ?? 0, image: DAMAGED_LITERAL };
}

/** The `);` that an unclosed literal took along, as far as its line ends in such signs. */
function tail(token: IToken): IToken[] {
  const text = /[)\]};,\s]*$/.exec(token.image.slice(1))?.[0] ?? '';
  const { startOffset, startLine = 1, startColumn = 1 } = token;
  const skipped = token.image.length - text.length;
  return lexer.tokenize(text).tokens.map((part) => {
    const [from, to] = [skipped + part.startOffset, skipped + (part.endOffset ?? 0)];
    return {
      ...part,
      ...{ startOffset: startOffset + from, endOffset: startOffset + to },
      ...{ startLine, endLine: startLine },
      ...{ startColumn: startColumn + from, endColumn: startColumn + to },
    };
  });
}
