/** Broken sketches for the compiler, the same for the same seed. */

/** A source of numbers: `random(n)` is a whole number from 0 to n - 1. */
export type Random = (below: number) => number;

/** Mulberry32: small, and good enough to choose mutations. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const pick = <T>(random: Random, list: readonly T[]): T => {
  const found = list[random(list.length)];
  if (found === undefined) throw new Error('nothing to choose from');
  return found;
};

/** Pieces of the language and of what lies beside it. */
export const PIECES: readonly string[] = [
  ...'int unsigned long byte bool char void const static if else while do for switch case default'.split(
    ' ',
  ),
  ...'break continue return float struct enum class typedef sizeof goto auto inline extern and not'.split(
    ' ',
  ),
  ...'x y a f main setup loop printf delay HIGH Serial Serial.println String NULL static_cast this'.split(
    ' ',
  ),
  ...'( ) [ ] { } ; , ? : = == != < > <= >= << >> && || & | ^ ~ ! + - * / % ++ -- += <<= -> :: . ...'.split(
    ' ',
  ),
  ..."0 1 42 0x 09 1.5 1e9 0b2 4294967295u 99999999999 2147483648 5LL 1'000".split(' '),
  ...["'a'", "'", "'ab'", '"t"', '"', '"%d %s"', '"\\x"', 'L"w"', 'R"(r)"', '“', '’'],
  ...[
    '\n',
    '\\\n',
    '\r\n',
    '\r',
    '\t',
    '\0',
    '\u{a0}',
    'é',
    '\u{1f600}',
    '\u{feff}',
    '$',
    '@',
    '`',
    '\\',
  ],
  ...['//', '/*', '*/', '// \\\n', '#', '#if 0\n', '#else\n', '#endif\n', '#define x y\n'],
  ...['#define y x x\n', '#define F(x) x\n', '#include <Arduino.h>\n', '#include "a.h"\n', '##'],
];

/** Names, numbers, blanks and single signs. */
const tokensOf = (text: string): string[] => text.match(/\w+|[ \t]+|\r?\n|[\s\S]/g) ?? [];

function nested(random: Random): string {
  const [open, close] = pick(random, [
    ['(', ')'],
    ['{', '}'],
    ['[', ']'],
    ['if (1) ', ';'],
    ['f(', ')'],
    ['-', '1'],
    ['1 ? 2 : ', '3'],
    ['(int)', '1'],
    ['do ', ' while (1);'],
    ['switch (1) { case 1: ', '}'],
  ] as const);
  const depth = random(30) === 0 ? 3000 : pick(random, [3, 30, 100, 300]);
  return `${open.repeat(depth)}1${close.repeat(random(2) === 0 ? depth : random(depth))}`;
}

/** One change to a list of tokens. */
function mutateOnce(random: Random, tokens: string[], other: readonly string[]): void {
  const at = random(tokens.length + 1);
  const some = 1 + random(random(4) === 0 ? 40 : 3);
  switch (random(9)) {
    case 0:
      tokens.splice(at, some);
      return;
    case 1:
      tokens.splice(at, 0, ...tokens.slice(at, at + some));
      return;
    case 2: {
      const to = random(tokens.length + 1);
      const [first, second] = [tokens[at], tokens[to]];
      if (first !== undefined && second !== undefined) [tokens[at], tokens[to]] = [second, first];
      return;
    }
    case 3:
      tokens.splice(at, random(2), ` ${pick(random, PIECES)} `);
      return;
    case 4:
      tokens.splice(at, some, pick(random, PIECES));
      return;
    case 5:
      tokens.length = at;
      return;
    case 6:
      tokens.splice(at, random(10), ...other.slice(random(other.length)));
      return;
    case 7:
      tokens.splice(at, 0, nested(random));
      return;
    default:
      tokens.splice(at, 1, String(2 ** random(70) - random(2)));
  }
}

/** A sketch made of one of the corpus, changed in a few places. */
export function mutated(random: Random, corpus: readonly string[]): string {
  const tokens = tokensOf(pick(random, corpus));
  const other = tokensOf(pick(random, corpus));
  for (let left = 1 + random(4); left > 0; left -= 1) mutateOnce(random, tokens, other);
  return tokens.join('');
}

const KINDS = [/^[a-z]\w*$/i, /^\d\w*$/, /^[-+*/%&|^<>=!~?:]$/, /^[(){}[\];,]$/];

/** A sketch in which some tokens have become others of their kind that stand in it too: often one that still compiles. */
export function mutatedGently(random: Random, corpus: readonly string[]): string {
  const tokens = tokensOf(pick(random, corpus));
  for (let left = 1 + random(3); left > 0; left -= 1) {
    const at = random(tokens.length);
    const kind = KINDS.find((pattern) => pattern.test(tokens[at] ?? ''));
    if (kind !== undefined)
      tokens[at] = pick(
        random,
        tokens.filter((token) => kind.test(token)),
      );
  }
  return tokens.join('');
}

/** A few lines of a sketch, changed, in a function. */
export function mutatedPart(random: Random, corpus: readonly string[]): string {
  const lines = pick(random, corpus).split('\n');
  const from = random(lines.length);
  const part = lines.slice(from, from + 1 + random(8)).join('\n');
  const text = mutated(random, [part]);
  return random(2) === 0 ? text : `int x, y, a[4];\nvoid main() {\n${text}\n}`;
}

/** Pieces of the language in no order. */
export function soup(random: Random): string {
  const pieces = Array.from({ length: random(60) }, () => pick(random, PIECES)).join(' ');
  return random(2) === 0 ? pieces : `int x, y, a[4];\nvoid main() { ${pieces} }`;
}

/** A sketch with some bytes changed: often no UTF-8 any more, or no text. */
export function flipped(random: Random, corpus: readonly string[]): Uint8Array {
  const bytes = new TextEncoder().encode(pick(random, corpus));
  for (let left = 1 + random(6); left > 0; left -= 1) {
    const at = random(bytes.length);
    bytes[at] = random(3) === 0 ? random(256) : (bytes[at] ?? 0) ^ (1 << random(7));
  }
  return bytes.subarray(0, random(8) === 0 ? random(bytes.length) : bytes.length);
}

/** Bytes that are most likely no text at all. */
export function noise(random: Random): Uint8Array {
  return Uint8Array.from({ length: random(200) }, () => random(256));
}
