import { createToken, Lexer, type TokenType } from 'chevrotain';

/** Words that name or qualify a type. */
export const Specifier = createToken({ name: 'Specifier', label: 'a type', pattern: Lexer.NA });
/** Words and signs of C and C++ that are known and refused. */
export const Refused = createToken({ name: 'Refused', pattern: Lexer.NA });
export const AssignOperator = createToken({ name: 'AssignOperator', pattern: Lexer.NA });
export const BinaryOperator = createToken({ name: 'BinaryOperator', pattern: Lexer.NA });
export const PrefixOperator = createToken({ name: 'PrefixOperator', pattern: Lexer.NA });
export const StepOperator = createToken({ name: 'StepOperator', pattern: Lexer.NA });

/** Letters of other scripts are taken along, so that a name with one is one mistake: the lexer refuses it by name. */
export const Identifier = createToken({
  name: 'Identifier',
  label: 'a name',
  pattern:
    /[A-Za-z_$\u00AA\u00B5\u00BA\u00C0-\u1FFF\u2C00-\u2FFF\u3004-\uDFFF][\w$\u00AA\u00B5\u00BA\u00C0-\u1FFF\u2C00-\u2FFF\u3004-\uDFFF]*/,
  line_breaks: false,
});

/** A number as C's preprocessor sees it, so that `08`, `1.5`, `12abc` and `1'000` are one token with one message. */
export const NumberLiteral = createToken({
  name: 'NumberLiteral',
  label: 'a number',
  pattern: /\.?\d(?:[eEpP][+-]|[\w.]|'\w)*/,
});
export const CharLiteral = createToken({
  name: 'CharLiteral',
  label: 'a character',
  pattern: /'(?:[^'\\\r\n]|\\[^\r\n])*'/,
});
export const StringLiteral = createToken({
  name: 'StringLiteral',
  label: 'a text',
  pattern: /"(?:[^"\\\r\n]|\\[ \t]*\r?\n|\\[^\r\n])*"/,
  line_breaks: true,
});
/** Pasted from a page that makes quotation marks typographic. */
export const TypographicText = createToken({
  name: 'TypographicText',
  pattern:
    /[\u201C-\u201F\u00AB\u00BB][^\r\n"\u201C-\u201F\u00AB\u00BB]*["\u201C-\u201F\u00AB\u00BB]?/,
  line_breaks: false,
});
export const TypographicChar = createToken({
  name: 'TypographicChar',
  pattern: /[\u2018-\u201B\u00B4`][^\r\n'\u2018-\u201B\u00B4`]{0,2}['\u2018-\u201B\u00B4`]?/,
  line_breaks: false,
});
/** Blanks that are none in C. */
export const ForeignBlank = createToken({
  name: 'ForeignBlank',
  pattern: /[\u00A0\u00AD\u2000-\u200F\u2028\u2029\u202F\u205F\u2060\u3000\uFEFF]+/,
  line_breaks: false,
});
export const OpenChar = createToken({ name: 'OpenChar', pattern: /'(?:[^'\\\r\n]|\\[^\r\n])*/ });
export const OpenString = createToken({
  name: 'OpenString',
  pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*/,
});
/** Closes no comment. The two signs can stand side by side in no other way. */
export const StrayClose = createToken({ name: 'StrayClose', pattern: /\*\// });
export const OpenComment = createToken({
  name: 'OpenComment',
  pattern: /\/\*[\s\S]*/,
  line_breaks: true,
});

const Blank = createToken({
  name: 'Blank',
  pattern: /[ \t\r\n\f\v]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
/** Lines that end in a backslash go on in the next one, also in a comment. */
const LineComment = createToken({
  name: 'LineComment',
  pattern: /\/\/(?:\\[ \t]*\r?\n|[^\r\n])*/,
  group: 'lineComments',
  line_breaks: true,
});
/** A backslash at the end of a line joins it with the next one. */
const Splice = createToken({
  name: 'Splice',
  pattern: /\\[ \t]*\r?\n/,
  group: 'splices',
  line_breaks: true,
});
const BlockComment = createToken({
  name: 'BlockComment',
  pattern: /\/\*[\s\S]*?\*\//,
  group: Lexer.SKIPPED,
  line_breaks: true,
});

/** A piece of a preprocessor line: a continuation, a comment, a literal, or any sign but a line end. */
const PIECE =
  /\\[ \t]*\r?\n|\/\/(?:\\[ \t]*\r?\n|[^\r\n])*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\\r\n]|\\[^\r\n])*"?|'(?:[^'\\\r\n]|\\[^\r\n])*'?|[^\r\n]/y;

/** End of a preprocessor line: continuation lines and block comments belong to it. */
function directiveEnd(text: string, from: number): number {
  PIECE.lastIndex = from;
  let end = from;
  while (PIECE.test(text)) end = PIECE.lastIndex;
  return end;
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
export const QUALIFIERS: readonly string[] = ['const', 'static', 'volatile'];
/** Words that stand where a type stands and are refused there: the declaration is read on, so that only they are a mistake. */
export const REFUSED_TYPES: readonly string[] = 'float double auto int64_t uint64_t size_t'.split(
  ' ',
);
export const REFUSED_QUALIFIERS: readonly string[] =
  'extern inline register restrict constexpr'.split(' ');
for (const word of [...TYPE_WORDS, ...QUALIFIERS, ...REFUSED_TYPES, ...REFUSED_QUALIFIERS]) {
  keyword(word, Specifier);
}

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

/** Words that begin a definition, which ends in `;` or a block. */
export const DEFINITION_WORDS: readonly string[] =
  'struct union enum class typedef template namespace using asm'.split(' ');
/** Words that stand where an operand stands. */
export const OPERAND_WORDS: readonly string[] =
  'sizeof nullptr NULL this static_cast reinterpret_cast const_cast dynamic_cast'.split(' ');

const REFUSED_WORDS = [
  ...DEFINITION_WORDS,
  ...OPERAND_WORDS,
  ...'goto new delete public private protected virtual operator try catch throw'.split(' '),
];
for (const word of REFUSED_WORDS) keyword(word, Refused);

/** C++'s words for operators: understood, and refused, so that they are one mistake. */
export const OPERATOR_WORDS: ReadonlyMap<string, string> = new Map([
  ['and', '&&'],
  ['or', '||'],
  ['xor', '^'],
  ['bitand', '&'],
  ['bitor', '|'],
  ['not_eq', '!='],
  ['not', '!'],
  ['compl', '~'],
  ['and_eq', '&='],
  ['or_eq', '|='],
  ['xor_eq', '^='],
]);
for (const [word, operator] of OPERATOR_WORDS) {
  if (operator === '!' || operator === '~') keyword(word, PrefixOperator);
  else keyword(word, /[&|^]=/.test(operator) ? AssignOperator : BinaryOperator);
}

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
  Splice,
  LineComment,
  BlockComment,
  OpenComment,
  StrayClose,
  Directive,
  ...words,
  Identifier,
  NumberLiteral,
  CharLiteral,
  OpenChar,
  StringLiteral,
  OpenString,
  TypographicText,
  TypographicChar,
  ForeignBlank,
  ...signs,
  Specifier,
  Refused,
  AssignOperator,
  BinaryOperator,
  PrefixOperator,
  StepOperator,
];
