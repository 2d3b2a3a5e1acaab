import { describe, expect, it } from 'vitest';
import { mergeNightlies } from '../../../src/nightly/index.ts';
import { nightlyRecordSchema, type NightlyRecord } from '../../../src/results/index.ts';
import { sampleAttempt, sampleCase, sampleNightly } from '../../helpers/sample-nightly.ts';

const part = (index: number, change: Partial<NightlyRecord> = {}): NightlyRecord =>
  sampleNightly({
    id: `part-${index}`,
    shard: { index, of: 2, plan: 'f'.repeat(64) },
    cases: [sampleCase(`case-${index}`)],
    ...change,
  });

describe('joining the parts of a nightly', () => {
  it('gives one record, whatever the order', () => {
    const slow = { wallMs: 9000, startedAt: '2026-11-23T01:44:00.000Z' };
    const record = mergeNightlies([part(2, slow), part(1)]);
    expect(nightlyRecordSchema.parse(record)).toEqual(record);
    expect(record).toMatchObject({
      merged: ['part-1', 'part-2'],
      wallMs: 9000,
      startedAt: '2026-11-23T01:44:00.000Z',
      verdict: { outcome: 'passed', summary: '2 passed of 2 cases' },
    });
    expect(record.shard).toBeUndefined();
    expect(record.cases.map(({ id }) => id)).toEqual(['case-1', 'case-2']);
    expect(mergeNightlies([part(1), part(2, slow)]).cases).toEqual(record.cases);
  });

  it('keeps benches of two machines apart that have one name', () => {
    const { benches, cases } = mergeNightlies([part(1), part(2)]);
    expect(benches.map(({ name }) => name)).toEqual(['native@1', 'native@2']);
    expect(cases.map(({ attempts }) => attempts[0]?.bench)).toEqual(['native@1', 'native@2']);
  });

  it('fails when one part did', () => {
    const attempts = [
      sampleAttempt({ verdict: { outcome: 'failed', causeClass: 'toolchain', summary: 'x' } }),
    ];
    const bad = sampleCase('bad', { outcome: 'failed', causeClass: 'toolchain', attempts });
    const { verdict } = mergeNightlies([part(1), part(2, { cases: [bad] })]);
    expect(verdict).toMatchObject({ outcome: 'failed', causeClass: 'toolchain' });
  });

  it('says once what is wrong with the suite', () => {
    const problems = [{ text: 'expired', fix: 'remove it' }];
    const record = mergeNightlies([part(1, { problems }), part(2, { problems })]);
    expect(record.problems).toEqual(problems);
    expect(record.verdict.outcome).toBe('failed');
  });

  it('errs when one part was interrupted', () => {
    const unrun = sampleCase('case-2', { outcome: 'errored', causeClass: 'harness', attempts: [] });
    const { verdict } = mergeNightlies([part(1), part(2, { cases: [unrun] })]);
    expect(verdict.outcome).toBe('errored');
  });

  it.each<[string, NightlyRecord[], string]>([
    ['no part', [], 'no record to join'],
    ['a whole nightly', [sampleNightly()], 'night is no part of a nightly'],
    ['a missing part', [part(2)], 'missing: part 1/2'],
    [
      'a doubled part',
      [part(1), part(1, { id: 'again' }), part(2)],
      'part 1/2 is there twice: part-1, again',
    ],
    ['another seed', [part(1), part(2, { seed: 6 })], 'seeds 5 and 6'],
    [
      'another suite',
      [part(1), part(2, { suite: { name: 'smoke', file: 'x', sha256: 'b'.repeat(64) } })],
      'suites smoke (SHA-256 aaaaaaaaaaaa) and smoke (SHA-256 bbbbbbbbbbbb)',
    ],
    [
      'another number of parts',
      [part(1), part(2, { shard: { index: 2, of: 3, plan: 'f'.repeat(64) } })],
      'parts of 2 and 3',
    ],
    [
      'another cut',
      [part(1), part(2, { shard: { index: 2, of: 2, plan: 'e'.repeat(64) } })],
      'cuts ffffffffffff and eeeeeeeeeeee',
    ],
    [
      'another selection',
      [part(1), part(2, { selection: { only: ['x'], tags: [] } })],
      'selections "everything" and {"only":["x"],"tags":[]}',
    ],
    [
      'a case in both',
      [part(1), part(2, { cases: [sampleCase('case-1')] })],
      'two parts ran case-1',
    ],
  ])('refuses %s', (_, parts, message) => {
    expect(() => mergeNightlies(parts)).toThrow(message);
  });
});
