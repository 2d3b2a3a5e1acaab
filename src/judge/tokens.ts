/** A sketch's text in pieces, independent of the compiler that is being judged. */

/** A piece of C. Joined, the pieces are the text again. */
export interface Piece {
  /** `blank`: white space, comments and line continuations, as many as stand together. `directive`: a whole preprocessor line. */
  readonly kind: 'blank' | 'directive' | 'literal' | 'number' | 'word' | 'sign';
  readonly text: string;
}

const KINDS: readonly Piece['kind'][] = [
  ...(['blank', 'directive', 'literal', 'number', 'word', 'sign'] as const),
];

const PATTERN = new RegExp(
  [
    String.raw`(?<blank>(?:\s|\\\r?\n|//(?:\\\r?\n|[^\n])*|/\*[^]*?\*/)+)`,
    String.raw`(?<directive>#(?:\\\r?\n|//(?:\\\r?\n|[^\n])*|/\*[^]*?\*/|[^\n])*)`,
    String.raw`(?<literal>"(?:[^"\\\n]|\\\r\n|\\[^])*"|'(?:[^'\\\n]|\\\r\n|\\[^])*')`,
    String.raw`(?<number>\.?\d[\w.]*)`,
    String.raw`(?<word>[A-Za-z_]\w*)`,
    String.raw`(?<sign>[^])`,
  ].join('|'),
  'g',
);

/** Takes C apart. Signs are single characters. */
export function pieces(text: string): Piece[] {
  return [...text.matchAll(PATTERN)].map(({ groups, 0: found }) => {
    return { kind: KINDS.find((kind) => groups?.[kind] !== undefined) ?? 'sign', text: found };
  });
}
