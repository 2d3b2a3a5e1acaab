import { describe, expect, it } from 'vitest';
import { mutate, StaleMutantError } from '../../mutants/apply.ts';
import type { Edit, Mutant } from '../../mutants/types.ts';

const mutantWith = (...edits: Edit[]): Mutant => ({
  id: 'test',
  class: 'wrong operator',
  file: 'vm/file.c',
  edits,
  sight: { kind: 'equivalent', reason: '' },
});

describe('making a mutant', () => {
  it('replaces the one place', () => {
    expect(mutate(mutantWith({ find: 'a + b', replace: 'a - b' }), 'x = a + b;')).toBe(
      'x = a - b;',
    );
  });

  it('replaces the n-th place only', () => {
    const text = 'if (f) g; if (f) g; if (f) g;';
    expect(mutate(mutantWith({ find: '(f)', replace: '(!f)', nth: 2 }), text)).toBe(
      'if (f) g; if (!f) g; if (f) g;',
    );
  });

  it('makes several edits, each judged on the original text', () => {
    const edits = [
      { find: 'one', replace: 'two' },
      { find: 'two', replace: 'one' },
    ];
    expect(mutate(mutantWith(...edits), 'one two')).toBe('two one');
  });

  it.each([
    [
      'the text is missing',
      'a * b',
      { find: 'a + b', replace: 'a - b' },
      /0 times instead of once/,
    ],
    ['it occurs twice', 'f f', { find: 'f', replace: 'g' }, /2 times instead of once/],
    ['there is no n-th', 'f f', { find: 'f', replace: 'g', nth: 3 }, /2 times, not 3/],
    ['nothing changes', 'f', { find: 'f', replace: 'f' }, /change nothing/],
  ])('refuses when %s', (_, text, edit, message) => {
    const make = (): string => mutate(mutantWith(edit), text);
    expect(make).toThrow(StaleMutantError);
    expect(make).toThrow(message);
  });

  it('refuses edits that overlap', () => {
    const edits = [
      { find: 'a + b', replace: 'a' },
      { find: 'b + c', replace: 'c' },
    ];
    expect(() => mutate(mutantWith(...edits), 'a + b + c')).toThrow(/overlap/);
  });
});
