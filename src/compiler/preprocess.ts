import type { IToken } from 'chevrotain';
import type { Diagnostics, Span } from './diagnostics.ts';
import { didYouMean } from '../errors/index.ts';
import { lex, lexPiece, tokenSpan } from './lexer.ts';
import { Directive, Identifier } from './tokens.ts';

/** A `#define NAME tokens`. */
interface Macro {
  readonly name: string;
  readonly body: readonly IToken[];
  readonly line: number;
  /** Explains an error where the name is used: most often a `;` or `=` that does not belong into a `#define`. */
  readonly hint: string;
}

/** What the parser gets of a file. */
export interface PreprocessedFile {
  readonly tokens: IToken[];
  /** Names that were refused or lost: not knowing them is no second error. */
  readonly damagedNames: readonly string[];
  /** A comment that is never closed has swallowed the end of the file. */
  readonly cutShort: boolean;
}

/** Tokens that macros may add to one file; stops definitions that double at every step. */
const MAX_EXPANSION = 100_000;
/** Macros within macros. */
const MAX_MACRO_DEPTH = 64;
/** Characters of a macro's value shown in a hint. */
const SHOWN_VALUE = 40;

const CONDITIONALS = ['if', 'ifdef', 'ifndef'];

class Preprocessor {
  readonly #diagnostics: Diagnostics;
  readonly #macros = new Map<string, Macro>();
  readonly #output: IToken[] = [];
  readonly #damagedNames: string[] = [];
  /** For each `#if` that is open: whether the lines at hand are read, or will be, or others were. */
  readonly #conditionals: ('now' | 'later' | 'done')[] = [];
  #expanded = 0;

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  run(source: string): PreprocessedFile {
    const { tokens, swallowed } = lex(source, this.#diagnostics);
    let line = 0;
    for (const token of tokens) {
      if (token.tokenType === Directive) this.#directive(token, token.startLine === line);
      else if (!this.#skips) this.#expand(token, token, []);
      else if (token.tokenType === Identifier) this.#damagedNames.push(token.image);
      line = token.endLine ?? line;
    }
    for (const [name] of swallowed.matchAll(/[A-Za-z_]\w*/g)) this.#damagedNames.push(name);
    const cutShort = swallowed !== '';
    return { tokens: this.#output, damagedNames: this.#damagedNames, cutShort };
  }

  get #skips(): boolean {
    return this.#conditionals.some((state) => state !== 'now');
  }

  #directive(token: IToken, afterCode: boolean): void {
    const span = tokenSpan(token);
    // Continuation lines are joined first, as in C: they may even cut a word in two.
    const text = token.image.replaceAll(/\\[ \t]*\r?\n/g, '');
    const word = /^#[ \t]*(\w*)/.exec(text)?.[1] ?? '';
    if (afterCode) {
      this.#diagnostics.error(span, "'#' must be the first sign of its line", 'begin a new line');
    } else if (this.#conditional(word, text, span) || this.#skips) return;
    else if (word === 'include') this.#include(text, span);
    else if (word === 'define') this.#define(text, span);
    else if (word !== '' || !/^#\s*$/.test(withoutComments(text))) {
      const hint = didYouMean(word, ['define', 'include']);
      const known = 'use #define NAME value and #include <Arduino.h> only';
      this.#diagnostics.error(span, `'#${word}' is not supported`, hint ?? known);
    }
  }

  /** `#if` and what belongs to it is one mistake. Its first alternative is read, so that nothing is declared twice. */
  #conditional(word: string, text: string, span: Span): boolean {
    const open = this.#conditionals;
    if (CONDITIONALS.includes(word)) {
      if (!this.#skips) {
        const hint = 'keep the lines that are needed, and remove the others';
        this.#diagnostics.error(span, `'#${word}' is not supported`, hint);
      }
      open.push(/^#[ \t]*if[ \t]+0\b/.test(text) ? 'later' : 'now');
      return true;
    }
    if (!['else', 'elif', 'endif'].includes(word)) return false;
    const state = open.pop();
    if (state === undefined) {
      this.#diagnostics.error(span, `'#${word}' without '#if'`, 'remove it');
    } else if (word !== 'endif') open.push(state === 'later' ? 'now' : 'done');
    return true;
  }

  #include(text: string, span: Span): void {
    const name = /include[ \t]*(.*)$/.exec(withoutComments(text))?.[1]?.trim() ?? '';
    if (name === '<Arduino.h>' || name === '"Arduino.h"') return;
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
      this.#damagedNames.push(name);
      this.#diagnostics.error(
        span,
        `the macro '${name}' takes arguments, which is not supported`,
        `write a function '${name}' instead`,
      );
      return;
    }
    const [first] = lexPiece(name).tokens;
    if (first?.tokenType !== Identifier) {
      this.#diagnostics.error(span, `'${name}' is a keyword and cannot be defined`);
      return;
    }
    const { tokens: body, bad } = lexPiece(text.slice(match[0].length));
    if (bad !== undefined) {
      this.#damagedNames.push(name);
      const message = `${JSON.stringify(bad.slice(0, 16))} cannot stand in a #define`;
      this.#diagnostics.error(span, message);
      return;
    }
    this.#setMacro(name, body, span);
  }

  #setMacro(name: string, body: readonly IToken[], span: Span): void {
    const before = this.#macros.get(name);
    if (before !== undefined && !sameBody(before.body, body)) {
      const message = `'${name}' is already defined as something else`;
      this.#diagnostics.error(span, message, `it is defined in line ${before.line}`);
      return;
    }
    const value = body.map((part) => part.image).join(' ');
    const shown = value.length > SHOWN_VALUE ? `${value.slice(0, SHOWN_VALUE)}...` : value;
    const hint = `'${name}' stands for '${shown}', see line ${span.line}`;
    this.#macros.set(name, { name, body, line: span.line, hint });
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
    if (token === use) this.#diagnostics.noteHint(tokenSpan(use), macro.hint);
    for (const part of macro.body) this.#expand(part, use, [...within, macro.name]);
  }
}

/** A directive with a blank in the place of each comment. Its texts, if it has any, hold no comment signs. */
const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/g, ' ');

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
export function preprocess(source: string, diagnostics: Diagnostics): PreprocessedFile {
  return new Preprocessor(diagnostics).run(source);
}
