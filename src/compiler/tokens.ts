import { createToken, Lexer, type TokenType } from 'chevrotain';

/** Words that name or qualify a type. */
export const Specifier = createToken({ name: 'Specifier', label: 'a type', pattern: Lexer.NA });
/** Words and signs of C and C++ that are known and refused. */
export const Refused = createToken({ name: 'Refused', pattern: Lexer.NA });
export const AssignOperator = createToken({ name: 'AssignOperator', pattern: Lexer.NA });
export const BinaryOperator = createToken({ name: 'BinaryOperator', pattern: Lexer.NA });
export const PrefixOperator = createToken({ name: 'PrefixOperator', pattern: Lexer.NA });
export const StepOperator = createToken({ name: 'StepOperator', pattern: Lexer.NA });

export const Identifier = createToken({
  name: 'Identifier',
  label: 'a name',
  pattern: /[A-Za-z_]\w*/,
});

/** A number as C's preprocessor sees it, so that `08`, `1.5` and `12abc` are one token with one message. */
export const NumberLiteral = createToken({
  name: 'NumberLiteral',
  label: 'a number',
  pattern: /\.?\d(?:[eEpP][+-]|[\w.])*/,
});
export const CharLiteral = createToken({
  name: 'CharLiteral',
  pattern: /'(?:[^'\\\r\n]|\\[^\r\n])*'/,
});
export const StringLiteral = createToken({
  name: 'StringLiteral',
  pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*"/,
});
export const OpenChar = createToken({ name: 'OpenChar', pattern: /'(?:[^'\\\r\n]|\\[^\r\n])*/ });
export const OpenString = createToken({
  name: 'OpenString',
  pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*/,
});
export const OpenComment = createToken({
  name: 'OpenComment',
  pattern: /\/\*[\s\S]*/,
  line_breaks: true,
});

const Blank = createToken({
  name: 'Blank',
  pattern: /[ \t\r\n\f\v\uFEFF]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
const LineComment = createToken({
  name: 'LineComment',
  pattern: /\/\/[^\r\n]*/,
  group: Lexer.SKIPPED,
});
const BlockComment = createToken({
  name: 'BlockComment',
  pattern: /\/\*[\s\S]*?\*\//,
  group: Lexer.SKIPPED,
  line_breaks: true,
});

/** Length of a literal that begins at `from`, up to and including its closing quote, or up to the end of its line. */
function quotedEnd(text: string, from: number): number {
  const quote = text[from];
  let at = from + 1;
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') {
    if (text[at] === quote) return at + 1;
    at += text[at] === '\\' ? 2 : 1;
  }
  return Math.min(at, text.length);
}

/** End of a preprocessor line: continuation lines and block comments belong to it. */
function directiveEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const two = text.slice(at, at + 2);
    if (two === '\\\n') at += 2;
    else if (text.startsWith('\\\r\n', at)) at += 3;
    else if (text[at] === '\n' || text[at] === '\r') return at;
    else if (text[at] === '"' || text[at] === "'") at = quotedEnd(text, at);
    else if (two === '/*') {
      const close = text.indexOf('*/', at + 2);
      if (close === -1) return text.length;
      at = close + 2;
    } else if (two === '//') {
      while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at += 1;
    } else at += 1;
  }
  return at;
}

/** A whole preprocessor line, from its `#`. */
export const Directive = createToken({
  name: 'Directive',
  pattern: (text: string, offset: number): [string] | null => {
    if (text[offset] !== '#') return null;
    return [text.slice(offset, directiveEnd(text, offset))];
  },
  start_chars_hint: ['#'],
  line_breaks: true,
});

const words: TokenType[] = [];

function keyword(word: string, ...categories: TokenType[]): TokenType {
  const token = createToken({
    name: `Keyword_${word}`,
    label: `'${word}'`,
    pattern: new RegExp(word),
    longer_alt: Identifier,
    categories,
  });
  words.push(token);
  return token;
}

/** Every type word; `typeOfWords` knows what they mean together. */
export const TYPE_WORDS = [
  'unsigned signed int long short char boolean bool byte void',
  'int8_t int16_t int32_t uint8_t uint16_t uint32_t',
]
  .join(' ')
  .split(' ');
for (const word of [...TYPE_WORDS, 'const', 'static', 'volatile']) keyword(word, Specifier);

export const If = keyword('if');
export const Else = keyword('else');
export const While = keyword('while');
export const Do = keyword('do');
export const For = keyword('for');
export const Switch = keyword('switch');
export const Case = keyword('case');
export const Default = keyword('default');
export const Break = keyword('break');
export const Continue = keyword('continue');
export const Return = keyword('return');

/** Words that begin a statement. */
export const STATEMENT_WORDS: readonly TokenType[] = [
  ...[If, While, Do, For, Switch, Case, Default, Break, Continue, Return],
];

const REFUSED_WORDS = [
  'float double struct union enum class typedef goto sizeof auto extern inline register restrict',
  'int64_t uint64_t size_t template namespace using new delete public private protected virtual this',
  'operator nullptr NULL constexpr static_cast reinterpret_cast const_cast dynamic_cast try catch throw asm',
]
  .join(' ')
  .split(' ');
for (const word of REFUSED_WORDS) keyword(word, Refused);

// A word that begins with another must be tried first.
words.sort((a, b) => b.name.length - a.name.length);

const signs: TokenType[] = [];

function sign(text: string, ...categories: TokenType[]): TokenType {
  const name = `Sign_${text}`;
  const token = createToken({ name, label: `'${text}'`, pattern: text, categories });
  signs.push(token);
  return token;
}

for (const text of ['<<=', '>>=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=']) {
  sign(text, AssignOperator);
}
for (const text of ['<<', '>>', '<=', '>=', '==', '!=', '&&', '||']) sign(text, BinaryOperator);
for (const text of ['++', '--']) sign(text, StepOperator, PrefixOperator);
for (const text of ['->', '::', '...']) sign(text, Refused);
for (const text of ['+', '-', '*', '&']) sign(text, BinaryOperator, PrefixOperator);
for (const text of ['/', '%', '|', '^', '<', '>']) sign(text, BinaryOperator);
for (const text of ['!', '~']) sign(text, PrefixOperator);
export const Assign = sign('=', AssignOperator);
export const LeftParen = sign('(');
export const RightParen = sign(')');
export const LeftSquare = sign('[');
export const RightSquare = sign(']');
export const LeftCurly = sign('{');
export const RightCurly = sign('}');
export const Semicolon = sign(';');
export const Comma = sign(',');
export const Question = sign('?');
export const Colon = sign(':');
export const Dot = sign('.');

/** All token types in the order in which the lexer tries them. */
export const TOKENS: TokenType[] = [
  Blank,
  LineComment,
  BlockComment,
  OpenComment,
  Directive,
  ...words,
  Identifier,
  NumberLiteral,
  CharLiteral,
  OpenChar,
  StringLiteral,
  OpenString,
  ...signs,
  Specifier,
  Refused,
  AssignOperator,
  BinaryOperator,
  PrefixOperator,
  StepOperator,
];
