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

/** Thrown inside the parser to give up on the statement at hand, with a message of its own. */
export class SyntaxFault extends Error {
  readonly span: Span;
  readonly hint: string | undefined;

  constructor(span: Span, message: string, hint?: string) {
    super(message);
    this.name = 'SyntaxFault';
    this.span = span;
    this.hint = hint;
  }
}

/** Why a refused word is refused, or what to write in its place. */
const REFUSALS: Readonly<Record<string, string>> = {
  float: 'the VM computes with 32-bit integers: scale the value, e.g. millivolts instead of volts',
  double: 'the VM computes with 32-bit integers: scale the value, e.g. millivolts instead of volts',
  struct: 'use one variable or array for each member',
  union: 'use separate variables',
  enum: 'use const int or #define for each value',
  class: 'use functions and global variables',
  typedef: 'write the type itself',
  goto: 'use a loop, break or return',
  sizeof: 'write the number of elements as a constant',
  auto: 'write the type, e.g. int',
  constexpr: 'use const',
  size_t: 'use int',
  int64_t: 'integers have at most 32 bits',
  uint64_t: 'integers have at most 32 bits',
  NULL: 'there are no pointers; use 0',
  nullptr: 'there are no pointers; use 0',
  '->': 'there are no pointers',
  '::': 'there are no classes and name spaces',
};

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
  return { message: `'${token.image}' is not supported`, hint: REFUSALS[token.image] };
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

/** The hint that goes with an error at a token, when the token is a refused one. */
export function refusalHint(token: IToken): string | undefined {
  return refusal(token)?.hint;
}
