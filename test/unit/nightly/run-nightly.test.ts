import { describe, expect, it } from 'vitest';
import type { NightlyRecord } from '../../../src/results/index.ts';
import { fakeNightly } from '../../helpers/fake-nightly.ts';
import { fakeCase, FakeStation, type Deed } from '../../helpers/fake-station.ts';
import { sampleProgram, sampleRecord } from '../../helpers/sample-record.ts';

/** A bench on which one case does what a list says, attempt by attempt, and all others pass. */
const benchWith = (name: string, id: string, deeds: readonly Deed[]): FakeStation =>
  new FakeStation(name, {
    deed: (which, time) => (which === id ? (deeds[time - 1] ?? 'pass') : 'pass'),
  });

const caseOf = (record: NightlyRecord, id: string) => {
  const found = record.cases.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no case ${id}`);
  return found;
};
const benchesOf = (record: NightlyRecord, id: string): string[] =>
  caseOf(record, id).attempts.map(({ bench }) => bench);

describe('a nightly', () => {
  it('passes when every case does', async () => {
    const record = await fakeNightly([fakeCase('b'), fakeCase('a')], [new FakeStation('A')]);
    expect(record.verdict).toEqual({ outcome: 'passed', summary: '2 passed of 2 cases' });
    expect(record.cases.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['a', 'passed'],
      ['b', 'passed'],
    ]);
    expect(record.benches).toMatchObject([{ name: 'A', state: 'ready', attempts: 2 }]);
    expect(record.benches[0]?.identity?.board).toBe('fake');
  });

  it('does not try a steady divergence again, and runs the rest', async () => {
    const station = benchWith('A', 'bad', ['steady']);
    const record = await fakeNightly([fakeCase('bad'), fakeCase('good')], [station]);
    expect(record.verdict).toMatchObject({ outcome: 'failed', causeClass: 'toolchain' });
    expect(caseOf(record, 'bad')).toMatchObject({ outcome: 'failed', causeClass: 'toolchain' });
    expect(station.ran).toEqual(['bad', 'good']);
    expect(record.recoveries).toEqual([]);
  });

  it('calls a case flaky that passes when it is tried again, and keeps both attempts', async () => {
    const record = await fakeNightly([fakeCase('x')], [benchWith('A', 'x', ['passing'])]);
    expect(record.verdict.outcome).toBe('flaky');
    const found = caseOf(record, 'x');
    expect(found.outcome).toBe('flaky');
    expect(found.flake?.follows).toBe('unknown');
    expect(found.attempts.map(({ verdict }) => verdict.outcome)).toEqual(['failed', 'passed']);
    expect(found.attempts[0]?.run?.verdict.causeClass).toBe('transient');
  });

  it('says that a flake follows the board when another one is well', async () => {
    const stations = [
      new FakeStation('A', { deed: () => 'passing' }),
      new FakeStation('B', { has: new Set(['adc']) }),
    ];
    const record = await fakeNightly([fakeCase('x')], stations);
    expect(benchesOf(record, 'x')).toEqual(['A', 'A', 'B']);
    expect(caseOf(record, 'x')).toMatchObject({ outcome: 'flaky', flake: { follows: 'board' } });
  });

  it('says that a flake follows the test when it fails on two boards', async () => {
    const stations = ['A', 'B'].map((name) => benchWith(name, 'x', ['passing']));
    const record = await fakeNightly([fakeCase('x', { retries: 3 })], stations);
    expect(benchesOf(record, 'x')).toEqual(['A', 'A', 'B', 'B']);
    expect(caseOf(record, 'x')).toMatchObject({ outcome: 'flaky', flake: { follows: 'test' } });
  });

  it('fails a case that never passes, on any board', async () => {
    const stations = ['A', 'B'].map((name) => new FakeStation(name, { deed: () => 'passing' }));
    const record = await fakeNightly([fakeCase('x')], stations);
    expect(benchesOf(record, 'x')).toEqual(['A', 'A', 'B']);
    expect(caseOf(record, 'x').outcome).toBe('failed');
    expect(record.verdict.outcome).toBe('failed');
  });

  it('brings back a board that fell silent, and goes on with it', async () => {
    const station = benchWith('A', 'x', ['silent']);
    const record = await fakeNightly([fakeCase('x'), fakeCase('y')], [station]);
    expect(station.ran).toEqual(['x', 'x', 'y']);
    expect(record.recoveries).toMatchObject([
      { bench: 'A', case: 'x', recovered: true, rungs: [{ rung: 'nrst', ok: true }] },
    ]);
    expect(caseOf(record, 'y').outcome).toBe('passed');
  });

  it('brings back a board whose line is gone', async () => {
    const station = benchWith('A', 'x', ['unplugged']);
    const record = await fakeNightly([fakeCase('x')], [station]);
    expect(caseOf(record, 'x')).toMatchObject({ outcome: 'flaky', causeClass: 'link' });
    expect(record.recoveries).toHaveLength(1);
    expect(station.calls).not.toContain('answers');
  });

  it('writes down that a board was powered anew to look into it', async () => {
    const station = benchWith('A', 'x', ['restarted']);
    const record = await fakeNightly([fakeCase('x'), fakeCase('y')], [station]);
    expect(record.recoveries).toMatchObject([
      { bench: 'A', case: 'x', recovered: true, rungs: [] },
    ]);
    expect(station.calls).not.toContain('recover');
  });

  it('goes on elsewhere when a board stays dead', async () => {
    const stations = [
      new FakeStation('A', { deed: () => 'dead' }),
      new FakeStation('B', { onRun: () => new Promise((resolve) => setImmediate(resolve)) }),
    ];
    const cases = ['u', 'v', 'w', 'x', 'y'].map((id) => fakeCase(id));
    const record = await fakeNightly(cases, stations);
    expect(stations[0]?.ran).toEqual(['u']);
    expect(stations[1]?.ran.toSorted()).toEqual(['u', 'v', 'w', 'x', 'y']);
    expect(record.benches.map(({ name, state }) => [name, state])).toEqual([
      ['A', 'wedged'],
      ['B', 'ready'],
    ]);
    expect(caseOf(record, 'u').outcome).toBe('flaky');
    // Every case passed somewhere, but the rig isn't what it was.
    expect(record.verdict).toMatchObject({ outcome: 'errored', causeClass: 'rig' });
    expect(record.verdict.summary).toContain('bench A is wedged');
  });

  it('leaves cases errored that no board could run', async () => {
    const record = await fakeNightly(
      [fakeCase('x'), fakeCase('y')],
      [new FakeStation('A', { deed: () => 'dead' })],
    );
    expect(caseOf(record, 'x')).toMatchObject({ outcome: 'errored', causeClass: 'firmware' });
    expect(caseOf(record, 'y')).toMatchObject({ outcome: 'errored', causeClass: 'rig' });
    expect(caseOf(record, 'y').attempts).toEqual([]);
    expect(record.verdict.outcome).toBe('errored');
  });

  it('cuts a case that hangs inside the harness, opens the bench anew and goes on', async () => {
    const station = benchWith('A', 'x', ['hang', 'hang']);
    const cases = [fakeCase('x', { limitMs: 20, retries: 0 }), fakeCase('y')];
    const record = await fakeNightly(cases, [station]);
    expect(caseOf(record, 'x')).toMatchObject({
      outcome: 'errored',
      causeClass: 'harness',
      summary: 'cut at its time limit of 0.02 s, 42 steps compared',
    });
    expect(caseOf(record, 'y').outcome).toBe('passed');
    expect(record.recoveries).toMatchObject([{ recovered: true, rungs: [] }]);
  });

  it('skips a case that no bench has what it takes for, with the reason', async () => {
    const record = await fakeNightly(
      [fakeCase('x', { needs: ['adc'] }), fakeCase('y')],
      [new FakeStation('A')],
    );
    expect(caseOf(record, 'x')).toMatchObject({
      outcome: 'skipped',
      summary: 'A lacks adc (analog inputs)',
    });
    expect(record.verdict).toMatchObject({ outcome: 'passed' });
  });

  it('gives a case to the one bench that has what it takes', async () => {
    const stations = [new FakeStation('A'), new FakeStation('B', { has: new Set(['adc']) })];
    const record = await fakeNightly([fakeCase('x', { needs: ['adc'] })], stations);
    expect(benchesOf(record, 'x')).toEqual(['B']);
    expect(record.verdict.outcome).toBe('passed');
  });

  it('is an error when every case is skipped: nothing was compared', async () => {
    const cases = [fakeCase('x', { needs: ['adc'] })];
    const record = await fakeNightly(cases, [new FakeStation('A')]);
    expect(record.verdict).toMatchObject({ outcome: 'errored', causeClass: 'harness' });
    expect(record.verdict.summary).toContain('nothing at all was compared');
  });

  it('is an error when runs pass that compared nothing', async () => {
    const empty = sampleRecord({ programs: [sampleProgram({ stepsCompared: 0 })] });
    const record = await fakeNightly([fakeCase('x')], [benchWith('A', 'x', [empty])]);
    expect(record.verdict.outcome).toBe('errored');
  });

  it('errs when a planted fault never fires, and once is enough to know', async () => {
    const planted = fakeCase('x', { expect: { fails: { causes: ['toolchain'] } } });
    const record = await fakeNightly([planted, fakeCase('y')], [new FakeStation('A')]);
    expect(caseOf(record, 'x')).toMatchObject({
      outcome: 'errored',
      summary: 'the planted fault never fired: the run passed',
    });
    expect(caseOf(record, 'x').attempts).toHaveLength(1);
    expect(record.verdict.outcome).toBe('errored');
  });

  it('passes when a planted fault is found', async () => {
    const planted = fakeCase('x', { expect: { fails: { causes: ['toolchain'] } } });
    const record = await fakeNightly([planted], [benchWith('A', 'x', ['steady'])]);
    expect(record.verdict.outcome).toBe('passed');
    expect(caseOf(record, 'x').attempts[0]?.run?.verdict.outcome).toBe('failed');
  });
});

describe('firmware of a case', () => {
  const own = fakeCase('own', { firmware: { native: '/fw' } });

  it('is flashed for that case alone, and cases with the same one run together', async () => {
    const station = new FakeStation('A');
    const cases = [own, fakeCase('x'), { ...own, id: 'own-2' }, fakeCase('y')];
    const record = await fakeNightly(cases, [station]);
    expect(record.verdict.outcome).toBe('passed');
    expect(station.calls.filter((call) => call.startsWith('open'))).toEqual([
      'open own',
      'open /fw',
    ]);
    expect(station.ran).toEqual(['x', 'y', 'own', 'own-2']);
  });

  it('skips the case on a bench that it has none for', async () => {
    const record = await fakeNightly(
      [fakeCase('x', { firmware: { nucleo: '/fw' } }), fakeCase('y')],
      [new FakeStation('A')],
    );
    expect(caseOf(record, 'x').outcome).toBe('skipped');
  });

  it('that does not run errs its case, and costs no bench', async () => {
    const station = new FakeStation('A', { opens: (firmware) => firmware === undefined });
    const record = await fakeNightly([own, fakeCase('x')], [station]);
    expect(caseOf(record, 'own')).toMatchObject({ outcome: 'errored', causeClass: 'rig' });
    expect(caseOf(record, 'x').outcome).toBe('passed');
    expect(record.benches[0]?.state).toBe('ready');
    expect(record.recoveries).toEqual([]);
  });
});

describe('a bench that never comes up', () => {
  const dead = () => new FakeStation('A', { opens: () => false });

  it('leaves the cases to the others', async () => {
    const record = await fakeNightly([fakeCase('x')], [dead(), new FakeStation('B')]);
    expect(benchesOf(record, 'x')).toEqual(['B']);
    expect(record.benches).toMatchObject([{ state: 'unusable' }, { state: 'ready' }]);
    expect(record.benches[0]?.identity).toBeUndefined();
    expect(record.benches[0]?.why).toBe('no agent answered HELLO on A (fix: plug it in)');
    expect(record.verdict).toMatchObject({ outcome: 'errored', causeClass: 'rig' });
  });

  it('errs everything when it is the only one', async () => {
    const record = await fakeNightly([fakeCase('x', { needs: ['adc'] })], [dead()]);
    // Nobody knows what a bench has that never came up.
    expect(caseOf(record, 'x').outcome).toBe('errored');
    expect(record.verdict.outcome).toBe('errored');
  });
});

describe('an interrupt', () => {
  it('leaves a record of what ran, says so, and closes the benches', async () => {
    const abort = new AbortController();
    const station = new FakeStation('A', {
      onRun: (id) => {
        if (id === 'y') abort.abort(new Error('interrupted by SIGINT'));
      },
    });
    const cases = ['x', 'y', 'z'].map((id) => fakeCase(id));
    const record = await fakeNightly(cases, [station], { signal: abort.signal });
    expect(record.verdict.outcome).toBe('errored');
    expect(record.verdict.summary).toMatch(
      /^interrupted by SIGINT; until then 1 passed, 2 errored/,
    );
    expect(caseOf(record, 'x').outcome).toBe('passed');
    expect(caseOf(record, 'z').summary).toBe('not run: the nightly was interrupted');
    expect(station.calls.at(-1)).toBe('close');
  });

  it('does not wait for a bench that is coming up', async () => {
    const abort = new AbortController();
    const station = new FakeStation('A');
    station.open = () => {
      abort.abort(new Error('interrupted by SIGTERM'));
      return new Promise<never>(() => undefined);
    };
    const quarantine = [{ case: 'x', issue: 'I', owner: 'o', expires: '2027-01-01' }];
    const settings = { signal: abort.signal, quarantine };
    const record = await fakeNightly([fakeCase('x')], [station], settings);
    expect(record.verdict.summary).toContain('interrupted by SIGTERM');
    // Not held by its quarantine: it was never run.
    expect(caseOf(record, 'x').outcome).toBe('errored');
  });
});
