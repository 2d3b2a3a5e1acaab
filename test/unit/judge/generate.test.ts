import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  programSyntax,
  writeProgram,
  type ProgramSyntax,
} from '../../../src/judge/generate/index.ts';
import {
  ANY_EFFECT,
  changes,
  conflict,
  LOCAL,
  NO_EFFECTS,
  reading,
  seenFromOutside,
  WORLD_EFFECT,
  writing,
} from '../../../src/judge/generate/effects.ts';
import { runOnModel } from '../../../src/judge/index.ts';
import { simplerPrograms } from '../../../src/judge/simpler.ts';

const SEED = 4711;
const sample = (count: number): ProgramSyntax[] =>
  fc.sample(programSyntax, { seed: SEED, numRuns: count });

/** What our compiler and the model say of a syntax's sketch: `ran`, or why not. */
function judged(syntax: ProgramSyntax): string {
  const { source } = writeProgram(syntax);
  const { rounds, inputs } = syntax;
  const result = runOnModel({ name: 'a.ino', source, rounds, inputs });
  if (result.kind === 'refused') return `${result.messages.join('\n')}\n${source}`;
  return result.kind === 'limit' ? result.what : result.behaviour.end;
}

describe('generated sketches', () => {
  it('follow from the seed alone', () => {
    const write = (): string[] => sample(20).map((syntax) => writeProgram(syntax).source);
    expect(write()).toEqual(write());
    expect(new Set(write()).size).toBe(20);
  });

  it('are accepted, end, and do not fault', () => {
    for (const syntax of sample(100)) expect(judged(syntax)).toBe('ended');
  });

  it('still are when made simpler', () => {
    let tried = 0;
    for (const syntax of sample(12)) {
      for (const [at, simpler] of [...simplerPrograms(syntax)].entries()) {
        // Some of the hundreds that there are for each.
        if (at % 97 !== 0) continue;
        expect(judged(simpler)).toBe('ended');
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(50);
  });

  it('have the constructs that they say they have', () => {
    const marks: readonly (readonly [string, RegExp])[] = [
      ['statement do', /\bdo \{/],
      ['operator <<=', /<<= /],
      ['serial HEX', /, HEX\)/],
      ['program main', /\bmain\(\)/],
      ['step element', /\](?:\+\+|--)|(?:\+\+|--)a?\w+\[/],
    ];
    for (const syntax of sample(200)) {
      const { source, noted } = writeProgram(syntax);
      for (const [name, pattern] of marks) {
        if (noted.has(name)) expect(source).toMatch(pattern);
      }
    }
  });
});

describe('effects', () => {
  const x = `${LOCAL}x`;

  it.each([
    { a: reading('g'), b: reading('g'), expected: false },
    { a: reading('g'), b: writing('g'), expected: true },
    { a: writing('g'), b: writing('g'), expected: true },
    { a: writing('g'), b: writing('h'), expected: false },
    { a: WORLD_EFFECT, b: WORLD_EFFECT, expected: true },
    { a: WORLD_EFFECT, b: reading('g'), expected: false },
    { a: ANY_EFFECT, b: reading('g'), expected: true },
    { a: ANY_EFFECT, b: WORLD_EFFECT, expected: true },
    { a: ANY_EFFECT, b: writing(x), expected: false },
    { a: NO_EFFECTS, b: ANY_EFFECT, expected: false },
  ])('conflict: $expected', ({ a, b, expected }) => {
    expect(conflict(a, b)).toBe(expected);
    expect(conflict(b, a)).toBe(expected);
  });

  it('of a function are those that callers can see', () => {
    const effects = { reads: new Set([x, 'g']), writes: new Set(['world', x, 'anything']) };
    expect(seenFromOutside(effects)).toEqual({ reads: new Set(['g']), writes: new Set(['world']) });
    expect(changes(ANY_EFFECT, 'g')).toBe(true);
    expect(changes(reading('g'), 'g')).toBe(false);
  });
});
