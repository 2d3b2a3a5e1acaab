import { describe, expect, it } from 'vitest';
import { DIGEST, fold, foldedWord, textHash, unfold } from '../../../src/isa/index.ts';

/** Worked out with arbitrary-precision integers from the definition in docs/lockstep.md. */
const CHAIN = [
  [0, 0x16550da9],
  [1, 0xdaeff421],
  [0xffffffff, 0xbe6dbd59],
  [0x12345678, 0xc7793bf7],
] as const;

describe('the digest', () => {
  it('folds words as the definition says', () => {
    let hash: number = DIGEST.FIRST;
    for (const [word, after] of CHAIN) {
      hash = fold(hash, word);
      expect(hash >>> 0).toBe(after);
    }
  });

  it('can be undone: the word from both hashes, and the hash before from the word', () => {
    let before: number = DIGEST.FIRST;
    for (const [word, after] of CHAIN) {
      expect(foldedWord(before, after) >>> 0).toBe(word);
      expect(unfold(after, word) >>> 0).toBe(before);
      before = after;
    }
  });

  it('hashes a text by its length and its bytes', () => {
    expect(textHash(new TextEncoder().encode('hello')) >>> 0).toBe(0x6f083837);
  });
});
