import {
  EOF,
  tokenLabel,
  tokenMatcher,
  type IParserErrorMessageProvider,
  type IToken,
  type TokenType,
} from 'chevrotain';
import type { Span } from './diagnostics.ts';
import { Refused } from './tokens.ts';

/**
 * How the parser goes on behind a mistake: that many tokens further; behind the definition that begins or goes on here; or, when
 * undefined, where the next statement or declaration plausibly begins.
 */
export type Recovery = number | 'definition' | undefined;

/** Thrown inside the parser to give up on the statement at hand, with a message of its own; an empty one when all is said. */
export class SyntaxFault extends Error {
  readonly span: Span;
  readonly hint: string | undefined;
  readonly recovery: Recovery;

  constructor(span: Span, message: string, hint?: string, recovery?: Recovery) {
    super(message);
    this.name = 'SyntaxFault';
    this.span = span;
    this.hint = hint;
    this.recovery = recovery;
  }
}

const SCALE =
  'the VM computes with 32-bit integers: scale the value, e.g. millivolts instead of volts';
const DROP = 'drop the word';
const CAST = 'write (type)value';
const NO_HEAP = 'there is no heap: use a global array';
const NO_CLASSES = 'there are no classes';
const NO_EXCEPTIONS = 'there are no exceptions: return a value that tells';

/** Why a refused word is refused, or what to write in its place. */
const REFUSALS: Readonly<Record<string, string>> = {
  float: SCALE,
  double: SCALE,
  struct: 'use one variable or array for each member',
  union: 'use separate variables',
  enum: 'use const int or #define for each value',
  class: 'use functions and global variables',
  typedef: 'write the type itself',
  template: 'write a function for each type',
  namespace: 'drop it, and give each name once',
  using: 'drop the line',
  asm: 'the program runs on a virtual machine: write it in C',
  goto: 'use a loop, break or return',
  sizeof: 'write the number of elements as a constant',
  auto: 'write the type, e.g. int',
  constexpr: 'use const',
  extern: 'declare the name once, with its type and value',
  inline: DROP,
  register: DROP,
  restrict: DROP,
  size_t: 'use int',
  int64_t: 'integers have at most 32 bits',
  uint64_t: 'integers have at most 32 bits',
  NULL: 'there are no pointers; use 0',
  nullptr: 'there are no pointers; use 0',
  new: NO_HEAP,
  delete: NO_HEAP,
  static_cast: CAST,
  reinterpret_cast: CAST,
  const_cast: CAST,
  dynamic_cast: CAST,
  this: NO_CLASSES,
  operator: NO_CLASSES,
  public: NO_CLASSES,
  private: NO_CLASSES,
  protected: NO_CLASSES,
  virtual: NO_CLASSES,
  try: NO_EXCEPTIONS,
  catch: NO_EXCEPTIONS,
  throw: NO_EXCEPTIONS,
  '->': 'there are no pointers',
  '::': 'there are no classes and name spaces',
  '...': 'write each value, or each parameter, by itself',
};

/** What to write in the place of a refused word, where that is known. */
export function refusalOf(word: string): string | undefined {
  return Object.hasOwn(REFUSALS, word) ? REFUSALS[word] : undefined;
}

/** Signs that are mistaken for an operator when they stand side by side. */
const MISTAKEN: ReadonlyMap<string, string> = new Map([
  ['=>', '>='],
  ['=<', '<='],
  ['<>', '!='],
  ['===', '=='],
  ['!==', '!='],
]);

/** `did you mean` for two signs without a blank between them. */
export function mistakenOperator(before: IToken, token: IToken): string | undefined {
  if ((before.endOffset ?? -1) + 1 !== token.startOffset) return undefined;
  const meant = MISTAKEN.get(before.image + token.image);
  return meant === undefined ? undefined : `did you mean '${meant}'?`;
}

/** Longest source text quoted in a message. */
const QUOTE = 24;

/** A token as a message quotes it. */
export function quoteToken(token: IToken): string {
  if (token.tokenType === EOF) return 'the end of the file';
  const { image } = token;
  return `'${image.length > QUOTE ? `${image.slice(0, QUOTE)}...` : image}'`;
}

function refusal(token: IToken): { message: string; hint: string | undefined } | undefined {
  if (!tokenMatcher(token, Refused)) return undefined;
  return { message: `'${token.image}' is not supported`, hint: refusalOf(token.image) };
}

/** Message and hint for a token that does not fit. */
export function unexpected(
  token: IToken,
  expected: string,
): { message: string; hint: string | undefined } {
  return (
    refusal(token) ?? {
      message: `expected ${expected} before ${quoteToken(token)}`,
      hint: undefined,
    }
  );
}

const label = (type: TokenType): string => tokenLabel(type);

/** The parser's own messages, in the words of a C programmer. */
export const errorMessageProvider: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, actual }) => unexpected(actual, label(expected)).message,
  buildNotAllInputParsedMessage: ({ firstRedundant }) =>
    unexpected(firstRedundant, 'a declaration').message,
  buildNoViableAltMessage: ({ actual, previous, customUserDescription }) =>
    unexpected(actual[0] ?? previous, customUserDescription ?? 'something else').message,
  buildEarlyExitMessage: ({ actual, previous, customUserDescription }) =>
    unexpected(actual[0] ?? previous, customUserDescription ?? 'something else').message,
};
