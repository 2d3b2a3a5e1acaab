import { describe, expect, it } from 'vitest';
import { flakeOf, nextMove } from '../../../src/nightly/attempts.ts';
import type { Attempt } from '../../../src/results/index.ts';
import { sampleAttempt } from '../../helpers/sample-nightly.ts';

/** Attempts from a text such as `A- A+ B+`: the bench, and whether it passed there. */
const attempts = (text: string): Attempt[] =>
  text
    .split(' ')
    .filter((word) => word !== '')
    .map(([bench = '', sign], index) => {
      const found = { outcome: 'failed', causeClass: 'transient', summary: 'wrong' } as const;
      const verdict = sign === '+' ? ({ outcome: 'passed', summary: 'right' } as const) : found;
      // Without a run nothing tells that it was steady.
      const attempt = sampleAttempt({ number: index + 1, bench, verdict });
      delete attempt.run;
      return attempt;
    });

describe('what a flake goes with', () => {
  it.each([
    ['A- A+', 'unknown'],
    ['A- A- A+', 'unknown'],
    ['A- A+ B+', 'unknown'],
    ['A- A+ A- B+', 'unknown'],
    ['A- B+', 'unknown'],
    ['A- A- B+', 'board'],
    ['A- A- A- B+ C+', 'board'],
    ['A- A+ B-', 'test'],
    ['A- B- B+', 'test'],
  ])('%s: %s', (text, follows) => {
    const flake = flakeOf(attempts(text));
    expect(flake.follows).toBe(follows);
    expect(flake.reason).toContain('A: wrong');
  });
});

describe('the next move', () => {
  it.each<[string, number, { bench: string | undefined; elsewhere: boolean }, string]>([
    ['', 2, { bench: 'A', elsewhere: true }, 'here'],
    ['', 2, { bench: undefined, elsewhere: true }, 'done'],
    ['A+', 2, { bench: 'A', elsewhere: true }, 'done'],
    ['A-', 0, { bench: 'A', elsewhere: true }, 'done'],
    ['A-', 2, { bench: 'A', elsewhere: true }, 'here'],
    ['A-', 2, { bench: undefined, elsewhere: true }, 'elsewhere'],
    ['A-', 2, { bench: undefined, elsewhere: false }, 'done'],
    ['A- A+', 2, { bench: 'A', elsewhere: true }, 'elsewhere'],
    ['A- A+', 2, { bench: 'A', elsewhere: false }, 'done'],
    ['A- A-', 2, { bench: 'A', elsewhere: false }, 'here'],
    ['A- A-', 1, { bench: 'A', elsewhere: true }, 'done'],
    ['A- A-', 2, { bench: 'B', elsewhere: false }, 'here'],
    ['A- A- B-', 3, { bench: 'B', elsewhere: false }, 'here'],
    ['A- A- B+', 3, { bench: 'B', elsewhere: false }, 'done'],
  ])('after %j with %i retries: %o: %s', (text, retries, where, move) => {
    expect(nextMove(attempts(text), retries, where)).toBe(move);
  });
});
