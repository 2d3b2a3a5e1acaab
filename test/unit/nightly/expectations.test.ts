import { describe, expect, it } from 'vitest';
import { judgeRun } from '../../../src/nightly/expectations.ts';
import type { ExpectedOutput } from '../../../src/nightly/outputs.ts';
import type { Expect } from '../../../src/nightly/suite-schema.ts';
import type { ModelFacts, ProgramResult, RunRecord } from '../../../src/results/index.ts';
import { sampleDivergence, sampleProgram, sampleRecord } from '../../helpers/sample-record.ts';

const BENCH = { board: { aliases: { LED: 13 }, pins: [] }, has: new Set(['pins'] as const) };

const judged = (expect: Expect, run: RunRecord, outputs: readonly ExpectedOutput[] = []) =>
  judgeRun({ expect, outputs }, run, BENCH);

const printing = (output: string): RunRecord =>
  sampleRecord({ programs: [sampleProgram({ output })] });
const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

describe('output', () => {
  const whole = (text: string): ExpectedOutput[] => [{ vm: 0, text: { whole: text } }];

  it('that is exactly as expected passes, beyond ASCII too', () => {
    const { verdict, expectations } = judged({}, printing(utf8('grün\n')), whole('grün\n'));
    expect(verdict.outcome).toBe('passed');
    expect(expectations).toMatchObject([{ what: 'output', met: true }]);
  });

  it.each([
    ['a\nx\nc\n', 'a\nb\nc\n', 'line 2 "b"', 'line 2 "x"'],
    ['a\n', 'a\nb\n', 'line 2 "b"', 'line 2 ""'],
    ['a\nb\nc', 'a\nb', 'no line 3', 'line 3 "c"'],
  ])('%j is not %j: the first line that differs', (actual, text, expectedText, actualText) => {
    const { verdict } = judged({}, printing(actual), whole(text));
    expect(verdict).toEqual({
      outcome: 'failed',
      causeClass: 'program',
      summary: `output: expected ${expectedText}, got ${actualText}`,
    });
  });

  it('that lacks one of several parts', () => {
    const outputs = [{ vm: 0, text: { parts: ['one', 'two'] } }];
    expect(judged({}, printing('one two'), outputs).verdict.outcome).toBe('passed');
    expect(judged({}, printing('one'), outputs).verdict.summary).toBe(
      'output: expected a text with "one" and "two", got no "two"',
    );
  });

  it('of a VM that has no program is not there', () => {
    const outputs = [{ vm: 2, text: { whole: 'x' } }];
    expect(judged({}, printing('x'), outputs).verdict.outcome).toBe('failed');
  });
});

/** A run that ended with a fault on both sides. */
function faulted(name: string, code: number): RunRecord {
  const verdict = { outcome: 'failed', causeClass: 'program', summary: 'it faulted' } as const;
  const fault = { code, name, step: 3, instruction: 'DIV' };
  return sampleRecord({ verdict, programs: [sampleProgram({ verdict, fault })] });
}

describe('an error that is expected', () => {
  const expected = { error: 'DIVISION_BY_ZERO' } as const;

  it('passes when board and model agree on it', () => {
    expect(judged(expected, faulted('DIVISION_BY_ZERO', 6)).verdict).toEqual({
      outcome: 'passed',
      summary: 'board and reference model agree on fault 6 DIVISION_BY_ZERO',
    });
  });

  it('still wants the output', () => {
    const outputs = [{ vm: 0, text: { whole: 'before\n' } }];
    const run = faulted('DIVISION_BY_ZERO', 6);
    expect(judged(expected, run, outputs).verdict.summary).toContain('output: expected');
  });

  it('fails when it is another one, or none', () => {
    expect(judged(expected, faulted('MEMORY_BOUNDS', 7)).verdict.summary).toBe(
      'expected fault 6 DIVISION_BY_ZERO, got fault 7 MEMORY_BOUNDS',
    );
    expect(judged(expected, sampleRecord()).verdict).toMatchObject({
      outcome: 'failed',
      causeClass: 'program',
    });
  });

  it('leaves a divergence what it is', () => {
    const verdict = { outcome: 'failed', causeClass: 'toolchain', summary: 'they part' } as const;
    expect(judged(expected, sampleRecord({ verdict })).verdict).toEqual(verdict);
  });
});

describe('a planted fault', () => {
  const verdict = { outcome: 'failed', causeClass: 'toolchain', summary: 'they part' } as const;
  const run = sampleRecord({
    verdict,
    programs: [sampleProgram({ verdict, divergence: sampleDivergence() })],
  });

  it.each<[string, Expect['fails'], string]>([
    ['is found', { causes: ['hardware', 'toolchain'], instruction: 'SUB' }, 'passed'],
    ['is found elsewhere', { causes: ['toolchain'], instruction: 'ADD' }, 'failed'],
    ['is laid at another door', { causes: ['firmware'] }, 'failed'],
  ])('%s', (_, fails, outcome) => {
    expect(judged({ ...(fails === undefined ? {} : { fails }) }, run).verdict.outcome).toBe(
      outcome,
    );
  });

  it('that never fired is an error of the harness', () => {
    const { verdict: missed } = judged({ fails: { causes: ['toolchain'] } }, sampleRecord());
    expect(missed).toMatchObject({ outcome: 'errored', causeClass: 'harness' });
  });

  it('is not found by a run that came to nothing', () => {
    const errored = { outcome: 'errored', causeClass: 'link', summary: 'no line' } as const;
    const gone = sampleRecord({ verdict: errored });
    expect(judged({ fails: { causes: ['link'] } }, gone).verdict).toEqual(errored);
  });
});

const MODEL: ModelFacts = {
  steps: 42,
  digest: { stream: '00000000', state: '00000000' },
  opcodes: {},
  stackHighWater: 1,
  timeUs: 0,
  pins: [
    [0, 13, 1],
    [5, 4, 1],
    [9, 13, 0],
    [20, 13, 1],
  ],
  pinsOmitted: 0,
};

const withModel = (model: Partial<ModelFacts>, change: Partial<RunRecord> = {}): RunRecord =>
  sampleRecord({ programs: [sampleProgram({ model: { ...MODEL, ...model } })], ...change });

describe('pins', () => {
  const pins = (pin: NonNullable<Expect['pins']>[number]): Expect => ({ pins: [pin] });

  it('by the model: edges counted, level at the end', () => {
    const good = judged(pins({ pin: 'LED', edges: 3, level: 'high' }), withModel({}));
    expect(good.verdict.outcome).toBe('passed');
    expect(good.expectations.map(({ what }) => what)).toEqual([
      'pin LED edges',
      'pin LED at the end',
    ]);
    const bad = judged(pins({ pin: 'LED', edges: 4, level: 'low' }), withModel({}));
    expect(bad.expectations.map(({ met }) => met)).toEqual([false, false]);
    expect(bad.verdict.summary).toBe('pin LED edges: expected 4, got 3, and 1 more');
  });

  it('that never change are low', () => {
    const run = withModel({ pins: [] });
    expect(judged(pins({ pin: 'LED', edges: 0, level: 'low' }), run).verdict.outcome).toBe(
      'passed',
    );
  });

  it.each<[string, RunRecord]>([
    ['not kept whole', withModel({ pinsOmitted: 3 })],
    ['not known', sampleRecord()],
  ])('that are %s fail', (_, run) => {
    expect(judged(pins({ pin: 'LED', edges: 3 }), run).verdict.outcome).toBe('failed');
  });

  it('in real time by the wire too, and its doing is the board’s', () => {
    const edge = { pin: 13, level: 1, timeUs: 0 } as const;
    const run = withModel({}, { clock: 'real', pinEdges: [edge] });
    const { verdict, expectations } = judged(pins({ pin: 'LED', edges: 3 }), run);
    expect(expectations).toMatchObject([
      { what: 'pin LED edges', met: true },
      { what: 'wire LED edges', actual: '1', met: false },
    ]);
    expect(verdict).toMatchObject({ outcome: 'failed', causeClass: 'firmware' });
  });

  it('that nobody saw move, on a bench that watches them, are wrong too', () => {
    const run = withModel({}, { clock: 'real' });
    expect(judged(pins({ pin: 'LED', edges: 3 }), run).verdict.outcome).toBe('failed');
    const blind = { ...BENCH, has: new Set<never>() };
    const unseen = judgeRun({ expect: pins({ pin: 'LED', edges: 3 }), outputs: [] }, run, blind);
    expect(unseen.verdict.outcome).toBe('passed');
  });
});

describe('timing', () => {
  const interval = (measuredMs: number, level: 0 | 1 = 1): ProgramTiming => ({
    pin: 13,
    level,
    nominalMs: 100,
    measuredMs,
  });
  type ProgramTiming = RunRecord['pinTiming'][number];
  const run = (pinTiming: ProgramTiming[]): RunRecord => sampleRecord({ clock: 'real', pinTiming });
  const timing = (one: Partial<NonNullable<Expect['timing']>[number]>): Expect => ({
    timing: [{ pin: 'LED', level: 'high', interval: 150, tolerance: '10ms', ...one }],
  });

  it.each<[string, Expect, ProgramTiming[], string]>([
    ['within a time', timing({}), [interval(159), interval(141)], 'passed'],
    ['beyond it', timing({}), [interval(150), interval(161)], 'failed'],
    ['within a part', timing({ tolerance: '10%' }), [interval(164)], 'passed'],
    ['beyond it', timing({ tolerance: '10%' }), [interval(166)], 'failed'],
    ['in seconds', timing({ tolerance: '0.1s' }), [interval(249)], 'passed'],
    ['at the other level', timing({}), [interval(150), interval(900, 0)], 'passed'],
    ['never at that level', timing({}), [interval(150, 0)], 'failed'],
  ])('%s', (_, expected, intervals, outcome) => {
    expect(judged(expected, run(intervals)).verdict.outcome).toBe(outcome);
  });

  it('against what the program’s delays add up to', () => {
    const expected: Expect = { timing: [{ pin: '13', tolerance: '5ms' }] };
    const bench = { ...BENCH, board: { aliases: { '13': 13 }, pins: [] } };
    const of = (list: ProgramTiming[]) =>
      judgeRun({ expect: expected, outputs: [] }, run(list), bench).verdict;
    expect(of([interval(104), interval(96, 0)]).outcome).toBe('passed');
    expect(of([interval(104), interval(94, 0)])).toMatchObject({
      outcome: 'failed',
      causeClass: 'firmware',
      summary:
        "wire 13: expected the program's delays ± 5ms, got 94.00 ms for 100 ms, the farthest of 2",
    });
  });

  it('that could not be measured says why', () => {
    const notes = sampleRecord({ clock: 'real', pinTimingNotes: ['pin 13: 2 programs drove it'] });
    expect(judged(timing({}), notes).verdict.summary).toContain('2 programs drove it');
  });
});

it('says nothing of expectations when the run found something', () => {
  const verdict: ProgramResult['verdict'] = {
    outcome: 'failed',
    causeClass: 'toolchain',
    summary: 'they part',
  };
  const outputs = [{ vm: 0, text: { whole: 'never' } }];
  const run = sampleRecord({ verdict });
  expect(judged({}, run, outputs)).toEqual({ verdict, expectations: [] });
});
