import { describe, expect, it } from 'vitest';
import { fakeNightly } from '../../helpers/fake-nightly.ts';
import { fakeCase, FakeStation } from '../../helpers/fake-station.ts';

/** A bench on which the case x fails each time, and all others pass. */
const failing = (): FakeStation =>
  new FakeStation('A', { deed: (id) => (id === 'x' ? 'steady' : 'pass') });

describe('quarantine', () => {
  const entry = { case: 'x', issue: 'TICKET-7', owner: 'ann', expires: '2026-11-23' };

  it('holds a failing case on its last day', async () => {
    const stations = [failing()];
    const cases = [fakeCase('x'), fakeCase('y')];
    const record = await fakeNightly(cases, stations, { quarantine: [entry] });
    expect(record.cases.find(({ id }) => id === 'x')).toMatchObject({
      outcome: 'quarantined',
      quarantine: { issue: 'TICKET-7', owner: 'ann' },
    });
    expect(record.verdict.outcome).toBe('passed');
  });

  it.each([
    ['has expired', [{ ...entry, expires: '2026-11-22' }], 'was to end on 2026-11-22'],
    ['is for a case that passes', [entry], 'x is in quarantine (TICKET-7, ann) and passes'],
    ['fits no case', [{ ...entry, case: 'z*' }], 'fits no case of the suite'],
  ])('fails the nightly when it %s', async (_, quarantine, text) => {
    const record = await fakeNightly([fakeCase('x')], [new FakeStation('A')], { quarantine });
    expect(record.verdict).toMatchObject({ outcome: 'failed', causeClass: 'usage' });
    expect(record.problems.map((problem) => problem.text).join()).toContain(text);
  });

  it('holds no planted fault that never fired', async () => {
    const planted = fakeCase('x', { expect: { fails: { causes: ['toolchain'] } } });
    const stations = [new FakeStation('A')];
    const record = await fakeNightly([planted, fakeCase('y')], stations, { quarantine: [entry] });
    expect(record.cases.find(({ id }) => id === 'x')?.outcome).toBe('errored');
    expect(record.verdict).toMatchObject({ outcome: 'errored', causeClass: 'harness' });
  });

  it('that has expired holds no case', async () => {
    const quarantine = [{ ...entry, expires: '2026-11-22' }];
    const stations = [failing()];
    const record = await fakeNightly([fakeCase('x')], stations, { quarantine });
    expect(record.cases.find(({ id }) => id === 'x')?.outcome).toBe('failed');
  });

  it('for a case of the suite that is not run here is well', async () => {
    const record = await fakeNightly([fakeCase('y')], [new FakeStation('A')], {
      quarantine: [entry],
      ids: ['x', 'y'],
    });
    expect(record.verdict.outcome).toBe('passed');
  });
});
