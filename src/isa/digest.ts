/**
 * The hash by which both engines digest what they do; docs/lockstep.md says of what. The constants go into the C header. A
 * rotation and two odd multipliers, so that each step of it can be undone.
 */
export const DIGEST = {
  /** Every hash begins with it. */
  FIRST: 0x6a09e667,
  MULTIPLIER: 0xcc9e2d51,
  ADDEND: 0xe6546b64,
} as const;

/** Bits that the hash is rotated by; part of {@link fold}, and of its counterpart in C. */
const ROTATION = 13;
/** 5 * FIFTH = 1 and MULTIPLIER * INVERSE = 1, modulo 2^32. */
const FIFTH = 0xcccccccd;
const INVERSE = 0xdee13bb1;

/** The hash after one more word. Takes and gives u32 or int32 alike; the result is an int32. */
export function fold(hash: number, word: number): number {
  const mixed = hash ^ Math.imul(word, DIGEST.MULTIPLIER);
  return (Math.imul((mixed << ROTATION) | (mixed >>> (32 - ROTATION)), 5) + DIGEST.ADDEND) | 0;
}

function unmix(after: number): number {
  const rotated = Math.imul(after - DIGEST.ADDEND, FIFTH);
  return (rotated >>> ROTATION) | (rotated << (32 - ROTATION));
}

/** The word that was folded into `before` to give `after`, as int32. */
export function foldedWord(before: number, after: number): number {
  return Math.imul(unmix(after) ^ before, INVERSE);
}

/** The hash before `word` was folded in to give `after`, as int32. */
export function unfold(after: number, word: number): number {
  return unmix(after) ^ Math.imul(word, DIGEST.MULTIPLIER);
}

/** The hash of a text, as the value of a PRINT: its length, then its bytes. */
export function textHash(text: Uint8Array): number {
  return text.reduce(fold, fold(DIGEST.FIRST | 0, text.length));
}
