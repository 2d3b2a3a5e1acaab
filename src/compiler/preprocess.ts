import { Lexer, type IToken } from 'chevrotain';
import type { Diagnostics, Span } from './diagnostics.ts';
import {
  CharLiteral,
  Directive,
  Identifier,
  OpenChar,
  OpenComment,
  OpenString,
  StringLiteral,
  TOKENS,
} from './tokens.ts';

/** A `#define NAME tokens`. */
interface Macro {
  readonly name: string;
  readonly body: readonly IToken[];
}

/** Tokens that macros may add to one file; stops definitions that double at every step. */
const MAX_EXPANSION = 100_000;
/** Macros within macros. */
const MAX_MACRO_DEPTH = 64;

const lexer = new Lexer(TOKENS, { positionTracking: 'full' });

/** The place of a token; for one that spans lines, its first line alone. */
export function tokenSpan(token: IToken): Span {
  const firstLine = token.image.search(/[\r\n]/);
  return {
    line: token.startLine ?? 1,
    column: token.startColumn ?? 1,
    length: firstLine === -1 ? (token.endOffset ?? 0) - token.startOffset + 1 : firstLine,
  };
}

/** Source text to tokens, with what no token fits reported and left out. */
function lex(source: string, diagnostics: Diagnostics): IToken[] {
  const { tokens, errors } = lexer.tokenize(source);
  for (const { offset, length, line, column } of errors) {
    const text = source.slice(offset, offset + Math.min(length, 16));
    const span = { line: line ?? 1, column: column ?? 1, length };
    diagnostics.error(
      span,
      `${JSON.stringify(text)} is not part of the language`,
      'remove it; letters outside A-Z may stand only in texts and comments',
    );
  }
  return tokens.flatMap((token) => closed(token, diagnostics));
}

/** Reports what is not closed and closes it, so that the rest of the file can be judged. */
function closed(token: IToken, diagnostics: Diagnostics): IToken[] {
  const span = tokenSpan(token);
  switch (token.tokenType) {
    case OpenComment:
      diagnostics.error({ ...span, length: 2 }, 'this comment is never closed', "add '*/'");
      return [];
    case OpenString:
      diagnostics.error(span, 'this text is never closed', `add '"' before the end of the line`);
      return [retyped(token, StringLiteral, '""')];
    case OpenChar:
      diagnostics.error(span, 'this character is never closed', `add "'" after the character`);
      return [retyped(token, CharLiteral, "'0'")];
    default:
      return [token];
  }
}

function retyped(token: IToken, tokenType: typeof StringLiteral, image: string): IToken {
  return { ...token, tokenType, tokenTypeIdx: tokenType.tokenTypeIdx ?? 0, image };
}

class Preprocessor {
  readonly #diagnostics: Diagnostics;
  readonly #macros = new Map<string, Macro>();
  readonly #output: IToken[] = [];
  #expanded = 0;

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  run(source: string): IToken[] {
    let line = 0;
    for (const token of lex(source, this.#diagnostics)) {
      if (token.tokenType === Directive) this.#directive(token, token.startLine === line);
      else this.#expand(token, token, []);
      line = token.endLine ?? line;
    }
    return this.#output;
  }

  #directive(token: IToken, afterCode: boolean): void {
    const span = tokenSpan(token);
    const text = token.image.replaceAll(/\\\r?\n/g, ' ');
    const word = /^#[ \t]*(\w*)/.exec(text)?.[1] ?? '';
    if (afterCode) {
      this.#diagnostics.error(span, "'#' must be the first sign of its line", 'begin a new line');
    } else if (word === 'include') this.#include(text, span);
    else if (word === 'define') this.#define(text, span);
    else if (word !== '' || !/^#\s*$/.test(text)) {
      this.#diagnostics.error(
        span,
        `'#${word}' is not supported`,
        'use #define NAME value and #include <Arduino.h> only',
      );
    }
  }

  #include(text: string, span: Span): void {
    if (/^#[ \t]*include[ \t]*(<Arduino\.h>|"Arduino\.h")/.test(text)) return;
    const name = /include[ \t]*(.*)$/.exec(text)?.[1]?.trim() ?? '';
    this.#diagnostics.error(
      span,
      `cannot include ${name === '' ? 'nothing' : name}`,
      'only #include <Arduino.h> is known; put everything else into this file',
    );
  }

  #define(text: string, span: Span): void {
    const match = /^#[ \t]*define[ \t]+([A-Za-z_]\w*)(\(?)/.exec(text);
    const name = match?.[1];
    if (match === null || name === undefined) {
      this.#diagnostics.error(span, "'#define' needs a name", 'write #define NAME value');
      return;
    }
    if (match[2] === '(') {
      this.#diagnostics.error(
        span,
        `the macro '${name}' takes arguments, which is not supported`,
        `write a function '${name}' instead`,
      );
      return;
    }
    const body = lexBody(text.slice(match[0].length), span, this.#diagnostics);
    const [first] = lexer.tokenize(name).tokens;
    if (first?.tokenType !== Identifier) {
      this.#diagnostics.error(span, `'${name}' is a keyword and cannot be defined`);
      return;
    }
    const before = this.#macros.get(name);
    if (before !== undefined && !sameBody(before.body, body)) {
      this.#diagnostics.error(span, `'${name}' is already defined as something else`);
      return;
    }
    this.#macros.set(name, { name, body });
  }

  /** Appends a token or what it stands for, placed where the name was used. */
  #expand(token: IToken, use: IToken, within: readonly string[]): void {
    const macro = token.tokenType === Identifier ? this.#macros.get(token.image) : undefined;
    if (macro === undefined || within.includes(macro.name)) {
      this.#output.push(token === use ? token : placedAt(token, use));
      return;
    }
    if (within.length >= MAX_MACRO_DEPTH || this.#expanded > MAX_EXPANSION) {
      this.#diagnostics.error(tokenSpan(use), `the macro '${use.image}' grows too large`);
      return;
    }
    this.#expanded += macro.body.length + 1;
    for (const part of macro.body) this.#expand(part, use, [...within, macro.name]);
  }
}

/** Tokens of a macro's value. Its errors are placed at the directive. */
function lexBody(text: string, span: Span, diagnostics: Diagnostics): IToken[] {
  const { tokens, errors } = lexer.tokenize(text);
  const open = [OpenChar, OpenComment, OpenString, Directive];
  const bad =
    errors[0] === undefined
      ? tokens.find((token) => open.includes(token.tokenType))?.image
      : text.slice(errors[0].offset, errors[0].offset + 1);
  if (bad === undefined) return tokens;
  diagnostics.error(span, `${JSON.stringify(bad.slice(0, 16))} cannot stand in a #define`);
  return [];
}

function sameBody(a: readonly IToken[], b: readonly IToken[]): boolean {
  return a.length === b.length && a.every((token, index) => token.image === b[index]?.image);
}

function placedAt(token: IToken, use: IToken): IToken {
  return {
    ...token,
    startOffset: use.startOffset,
    endOffset: use.endOffset ?? use.startOffset,
    startLine: use.startLine ?? 1,
    endLine: use.endLine ?? 1,
    startColumn: use.startColumn ?? 1,
    endColumn: use.endColumn ?? 1,
  };
}

/**
 * Source text to the tokens that the parser sees: comments gone, `#define` names replaced (placed where they were used),
 * `#include <Arduino.h>` dropped. Problems go to `diagnostics`.
 */
export function preprocess(source: string, diagnostics: Diagnostics): IToken[] {
  return new Preprocessor(diagnostics).run(source);
}
