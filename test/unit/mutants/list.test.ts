import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { repositoryPath } from '../../helpers/paths.ts';
import { mutate } from '../../mutants/apply.ts';
import { MUTANTS, SAMPLE } from '../../mutants/list/index.ts';
import { CLASSES } from '../../mutants/types.ts';

describe('the list of mutants', () => {
  it('has at least 100, each with a name of its own, and some of each class', () => {
    expect(MUTANTS.length).toBeGreaterThanOrEqual(100);
    expect(new Set(MUTANTS.map(({ id }) => id)).size).toBe(MUTANTS.length);
    expect(new Set(MUTANTS.map((mutant) => mutant.class))).toEqual(new Set(CLASSES));
  });

  it('fits the sources: each text is there as often as it should be', () => {
    const sources = new Map<string, string>();
    for (const mutant of MUTANTS) {
      const { file } = mutant;
      const source = sources.get(file) ?? readFileSync(repositoryPath('firmware', file), 'utf8');
      sources.set(file, source);
      expect(mutate(mutant, source)).not.toBe(source);
    }
  });

  it('gives a reason for each mutant that no run shows', () => {
    const reasons = MUTANTS.flatMap(({ sight }) => ('reason' in sight ? [sight.reason] : []));
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(reason).toMatch(/^[A-Z].{20,}\.$/);
  });

  it('samples mutants that exist', () => {
    const ids = MUTANTS.map(({ id }) => id);
    expect(SAMPLE.filter((id) => !ids.includes(id))).toEqual([]);
    expect(SAMPLE.length).toBeGreaterThanOrEqual(6);
  });
});
