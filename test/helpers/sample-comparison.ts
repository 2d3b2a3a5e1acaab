import { compareResults, type Comparison, type Sources } from '../../src/compare/index.ts';
import { resultView, type NightlyRecord } from '../../src/results/index.ts';
import {
  sampleAttempt,
  sampleCase,
  sampleFacts,
  sampleNightly,
  sampleRun,
} from './sample-results.ts';

/** Nothing is known beyond the two records. */
export const NO_SOURCES: Sources = {
  durations: () => [],
  costs: [],
  firstStep: () => Promise.resolve(undefined),
};

/** Compares two nightlies. */
export function compareNightlies(
  before: NightlyRecord,
  after: NightlyRecord,
  sources: Partial<Sources> = {},
): Promise<Comparison> {
  return compareResults(resultView(before), resultView(after), { ...NO_SOURCES, ...sources });
}

/** A run that failed. */
export const failedRun = (summary: string) =>
  sampleRun({ verdict: { outcome: 'failed', causeClass: 'firmware', summary } });

/** A comparison with one finding of nearly every kind, in cases named for it. */
export function sampleComparison(): Promise<Comparison> {
  const failed = [sampleAttempt(failedRun('wrong at step 9'))];
  const flaky = [...failed, sampleAttempt(sampleRun(), { number: 2 })];
  const printing = (output: string) => [sampleAttempt(sampleRun({}, { output }))];
  const hashed = (stream: string, state: string, stackHighWater = 3) => [
    sampleAttempt(
      sampleRun({}, { model: sampleFacts({ digest: { stream, state }, stackHighWater }) }),
    ),
  ];
  const before = sampleNightly(
    [
      sampleCase('same'),
      sampleCase('breaks'),
      sampleCase('wobbles'),
      sampleCase('goes'),
      sampleCase('mended', {}, failed),
      sampleCase('bad', {}, failed),
      sampleCase('speaks', {}, printing('one\ntwo\n')),
      sampleCase('steps', {}, hashed('00000001', '00000002')),
      sampleCase('leaves', {}, hashed('00000001', '00000002')),
      sampleCase('grows', {}, hashed('00000001', '00000002', 3)),
    ],
    { id: 'before' },
  );
  const [bench] = before.benches;
  if (bench === undefined) throw new Error('a nightly has a bench');
  const after = sampleNightly(
    [
      sampleCase('same'),
      sampleCase('breaks', {}, failed),
      sampleCase('wobbles', { outcome: 'flaky' }, flaky),
      sampleCase('mended'),
      sampleCase('bad', {}, failed),
      sampleCase('speaks', {}, printing('one\nthree\n')),
      sampleCase('steps', {}, hashed('00000003', '00000002')),
      sampleCase('leaves', {}, hashed('00000001', '00000004')),
      sampleCase('grows', {}, hashed('00000001', '00000002', 5)),
      sampleCase('young'),
      sampleCase('slow', { ms: 900 }, [sampleAttempt(sampleRun(), { ms: 900 })]),
    ],
    {
      id: 'after',
      suite: { ...before.suite, sha256: '7'.repeat(64) },
      benches: [
        {
          ...bench,
          footprint: {
            flash: 33_000,
            ram: 31_148,
            symbols: { agent_round: 700, arena: 20_480, fresh: 12 },
          },
        },
      ],
      environment: {
        ...before.environment,
        sources: { model: '8'.repeat(64), compiler: '5'.repeat(64), firmware: '9'.repeat(64) },
      },
    },
  );
  const cost = { commit: null, machine: 'm', build: 'switch', cycles: 0, measuredAt: 't' };
  return compareNightlies(before, after, {
    durations: ({ id }) => (id === 'slow' ? [500, 510, 490, 505, 495] : []),
    costs: [
      { ...cost, sources: '6'.repeat(64), name: 'PUSH', instructions: 10 },
      { ...cost, sources: '6'.repeat(64), name: 'ADD', instructions: 20 },
      { ...cost, sources: '9'.repeat(64), name: 'PUSH', instructions: 12 },
      { ...cost, sources: '9'.repeat(64), name: 'ADD', instructions: 20.01 },
    ],
    firstStep: () =>
      Promise.resolve({ step: 7, before: 'a.ino:3  ADD: top of stack 1', after: 'a.ino:3  SUB' }),
  });
}
