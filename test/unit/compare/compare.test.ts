import { describe, expect, it } from 'vitest';
import {
  failures,
  FINDING_KINDS,
  kindsOf,
  median,
  medianDeviation,
  parseFailOn,
  type Comparison,
} from '../../../src/compare/index.ts';
import { usual } from '../../../src/compare/noise.ts';
import { HilError } from '../../../src/errors/index.ts';
import { compareNightlies, failedRun, sampleComparison } from '../../helpers/sample-comparison.ts';
import {
  sampleAttempt,
  sampleBoard,
  sampleCase,
  sampleFacts,
  sampleNightly,
  sampleRun,
} from '../../helpers/sample-results.ts';

const found = ({ cases }: Comparison) =>
  Object.fromEntries(cases.map(({ id, findings }) => [id, findings.map(({ kind }) => kind)]));

const texts = ({ cases }: Comparison, id: string) =>
  cases.find((one) => one.id === id)?.findings.map(({ text }) => text);

describe('two nightlies', () => {
  it('give each case the kind of what became of it', async () => {
    const comparison = await sampleComparison();
    expect(found(comparison)).toEqual({
      breaks: ['newly-failing'],
      wobbles: ['newly-flaky'],
      goes: ['missing'],
      mended: ['fixed'],
      speaks: ['output'],
      steps: ['trace'],
      leaves: ['state'],
      grows: ['larger'],
      young: ['new'],
      slow: ['slower', 'new'],
    });
    expect(comparison.same).toBe(2);
    expect(comparison.stillFailing).toEqual(['bad']);
    expect(texts(comparison, 'breaks')).toEqual(['failed [firmware]: wrong at step 9']);
  });

  it('name what around the cases changed, and nothing else', async () => {
    const { changed } = await sampleComparison();
    expect(changed.map(({ what }) => what)).toEqual(['firmware', 'model', 'suite']);
    const same = sampleNightly([sampleCase('one')]);
    expect((await compareNightlies(same, { ...same, id: 'again' })).changed).toEqual([]);
  });

  it.each([
    ['toolchain', { tools: { openocd: '0.13.0', qemu: '10.0.2' } }],
    [
      'compiler',
      { sources: { model: '4'.repeat(64), compiler: 'a'.repeat(64), firmware: '6'.repeat(64) } },
    ],
    ['harness', { git: { commit: 'd'.repeat(40), dirty: false } }],
    ['toolchain', { node: 'v25.0.0' }],
  ])('notice another %s', async (what, change) => {
    const before = sampleNightly([sampleCase('one')]);
    const after = { ...before, environment: { ...before.environment, ...change } };
    const { changed } = await compareNightlies(before, after);
    expect(changed.map((one) => one.what)).toEqual([what]);
  });

  it('notice another board on the same bench', async () => {
    const before = sampleNightly([sampleCase('one')]);
    const [bench] = before.benches;
    if (bench?.identity === undefined) throw new Error('no bench');
    const after = { ...before, benches: [{ ...bench, identity: { ...bench.identity, uid: '1' } }] };
    const { changed } = await compareNightlies(before, after);
    expect(changed.map(({ what }) => what)).toEqual(['bench']);
  });

  it('name the first step that differs, both sides, and what was given to it', async () => {
    const { cases } = await sampleComparison();
    const [finding] = cases.find(({ id }) => id === 'steps')?.findings ?? [];
    expect(finding?.text).toBe(
      'SOS did other steps; the same image, steps and inputs: model or firmware changed',
    );
    expect(finding?.details).toEqual([
      'first at step 7',
      'before  a.ino:3  ADD: top of stack 1',
      'after   a.ino:3  SUB',
    ]);
  });

  it('look into a bounded number of changed traces', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `case ${index}`);
    const with_ = (stream: string) =>
      sampleNightly(
        ids.map((id) => {
          const run = sampleRun();
          const [program] = run.programs;
          if (program?.model === undefined) throw new Error('no program');
          const model = { ...program.model, digest: { stream, state: '00000000' } };
          return sampleCase(id, {}, [sampleAttempt({ ...run, programs: [{ ...program, model }] })]);
        }),
      );
    let asked = 0;
    const comparison = await compareNightlies(with_('00000001'), with_('00000002'), {
      firstStep: () => {
        asked += 1;
        return Promise.resolve({ step: 0, before: '', after: '' });
      },
    });
    expect(comparison.cases).toHaveLength(30);
    expect(asked).toBe(20);
  });

  it('go on where a step cannot be named', async () => {
    const hashed = (stream: string) =>
      sampleNightly([
        sampleCase('a', {}, [
          sampleAttempt(
            sampleRun({}, { model: sampleFacts({ digest: { stream, state: '00000000' } }) }),
          ),
        ]),
      ]);
    const { cases } = await compareNightlies(hashed('00000001'), hashed('00000002'), {
      firstStep: () => Promise.reject(new HilError('usage', 'another instruction set')),
    });
    expect(cases[0]?.findings[0]?.details).toEqual([
      "which step was the first to differ can't be said: another instruction set",
    ]);
  });

  it('show the diff of what was printed, a long one cut', async () => {
    const comparison = await sampleComparison();
    const details = (one: Comparison) =>
      one.cases.find(({ id }) => id === 'speaks')?.findings[0]?.details ?? [];
    expect(details(comparison)).toEqual([
      '--- before',
      '+++ after',
      '@@ -1,2 +1,2 @@',
      ' one',
      '-two',
      '+three',
    ]);
    const printing = (text: string) =>
      sampleNightly([
        sampleCase('speaks', {}, [sampleAttempt(sampleRun({}, { output: text.repeat(100) }))]),
      ]);
    const long = details(await compareNightlies(printing('a\n'), printing('b\n')));
    expect(long).toHaveLength(61);
    expect(long.at(-1)).toBe('and 143 more lines');
  });

  it('add up what the firmware takes, by symbol', async () => {
    const { footprints } = await sampleComparison();
    expect(footprints).toEqual([
      {
        bench: 'native',
        flash: { name: 'flash', before: 32_504, after: 33_000 },
        ram: { name: 'RAM', before: 31_148, after: 31_148 },
        symbols: [
          { name: 'agent_round', before: 644, after: 700 },
          { name: 'fresh', before: undefined, after: 12 },
        ],
      },
    ]);
  });

  it('compare what the boards used of their C stacks, the most of all attempts, by bench', async () => {
    const stacks = (...used: number[]) =>
      sampleNightly(
        used.map((bytes, index) => {
          const board = sampleBoard({ stack: { size: 3072, used: bytes } });
          return sampleCase(`case ${index}`, {}, [sampleAttempt(sampleRun({ board }))]);
        }),
      );
    const before = stacks(816, 700);
    // An interrupt at the deepest place, and a byte more.
    const noise = await compareNightlies(before, stacks(700, 944));
    expect(noise.stacks).toEqual([{ name: 'native', before: 816, after: 944, grew: false }]);
    expect(kindsOf(noise)).toEqual([]);
    const grown = await compareNightlies(before, stacks(700, 945));
    expect(grown.stacks).toMatchObject([{ after: 945, grew: true }]);
    expect(kindsOf(grown)).toEqual(['larger']);
    expect((await compareNightlies(stacks(945), stacks(816))).stacks).toMatchObject([
      { before: 945, after: 816, grew: false },
    ]);
    expect((await compareNightlies(before, stacks(816))).stacks).toEqual([]);
    expect((await compareNightlies(before, sampleNightly([]))).stacks).toEqual([]);
    expect(grown.rules.join('\n')).toContain('grew by more than 128');
  });

  it('compare what opcodes cost by the sources that were measured, rounding left out', async () => {
    const { costs } = await sampleComparison();
    expect(costs).toEqual([{ name: 'PUSH', before: 10, after: 12 }]);
  });

  it('take a case that is not run any more for missing, and one in quarantine too', async () => {
    const before = sampleNightly([sampleCase('a'), sampleCase('b')]);
    const after = sampleNightly([
      sampleCase('a', { outcome: 'skipped', summary: 'the bench has no adc' }, []),
      sampleCase('b', { outcome: 'quarantined', summary: 'fails since Monday' }),
    ]);
    expect(found(await compareNightlies(before, after))).toEqual({
      a: ['missing'],
      b: ['missing'],
    });
    expect(found(await compareNightlies(after, before))).toEqual({ a: ['new'], b: ['new'] });
    expect(found(await compareNightlies(after, after))).toEqual({});
  });

  it('call a new case that fails both', async () => {
    const none = sampleNightly([]);
    const after = sampleNightly([sampleCase('a', {}, [sampleAttempt(failedRun('no'))])]);
    expect(found(await compareNightlies(none, after))).toEqual({ a: ['newly-failing', 'new'] });
  });
});

describe('what is noise', () => {
  it('is told from the median and the deviations from it', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(medianDeviation([1, 1, 2, 2, 4, 6, 9])).toBe(1);
    expect(median([])).toBeNaN();
  });

  it('allows the most of five sigma, a fifth and 50 ms', () => {
    expect(usual([100, 100, 100, 100])).toBeUndefined();
    expect(usual([100, 100, 100, 100, 100])).toMatchObject({ medianMs: 100, limitMs: 150 });
    expect(usual([1000, 1000, 1000, 1000, 1000])).toMatchObject({ limitMs: 1200 });
    // One outlier doesn't widen it.
    expect(usual([1000, 1000, 1000, 1000, 1000, 9000])).toMatchObject({ limitMs: 1200 });
    const wide = usual([800, 900, 1000, 1100, 1200]);
    expect(wide?.deviationMs).toBe(100);
    expect(wide?.limitMs).toBeCloseTo(1000 + 741.3, 1);
  });

  it('is said in the report, with the number of cases that could not be judged', async () => {
    const { rules } = await sampleComparison();
    expect(rules.join('\n')).toMatch(/median of the runs before it.*fewer than 5/s);
    expect(rules.join('\n')).toContain('the duration of 7 cases was not judged');
  });

  it('is nothing but durations of runs that passed', async () => {
    const slow = [sampleAttempt(failedRun('no'), { ms: 90_000 })];
    const before = sampleNightly([sampleCase('a')]);
    const after = sampleNightly([sampleCase('a', {}, slow)]);
    const durations = () => [1, 1, 1, 1, 1];
    expect(found(await compareNightlies(before, after, { durations }))).toEqual({
      a: ['newly-failing'],
    });
  });
});

describe('what a comparison fails on', () => {
  it('is chosen by the user', async () => {
    const comparison = await sampleComparison();
    expect(kindsOf(comparison)).toEqual(FINDING_KINDS);
    expect(failures(comparison, parseFailOn('slower, larger'))).toEqual(['slower', 'larger']);
    expect(failures(comparison, parseFailOn('none'))).toEqual([]);
    expect(failures(comparison, parseFailOn('any'))).toEqual(FINDING_KINDS);
    expect(() => parseFailOn('slower,mising')).toThrow(/--fail-on mising is unknown/);
  });

  it('counts a firmware that grew, and none that shrank', async () => {
    const before = sampleNightly([]);
    const [bench] = before.benches;
    if (bench?.footprint === undefined) throw new Error('no footprint');
    const sized = (ram: number) => ({
      ...before,
      benches: [{ ...bench, footprint: { flash: 1, ram, symbols: {} } }],
    });
    expect(kindsOf(await compareNightlies(sized(10), sized(11)))).toEqual(['larger']);
    expect(kindsOf(await compareNightlies(sized(11), sized(10)))).toEqual([]);
  });
});
