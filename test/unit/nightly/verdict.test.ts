import { describe, expect, it } from 'vitest';
import { nightlyExitCode } from '../../../src/nightly/index.ts';
import { nightlyVerdict } from '../../../src/nightly/verdict.ts';
import { sampleCase } from '../../helpers/sample-nightly.ts';

const CASES = {
  passed: sampleCase('p'),
  failed: sampleCase('f', { outcome: 'failed', causeClass: 'toolchain' }),
  errored: sampleCase('e', { outcome: 'errored', causeClass: 'link' }),
  flaky: sampleCase('k', { outcome: 'flaky', causeClass: 'transient' }),
};
const DEAD = {
  name: 'A',
  kind: 'nucleo',
  file: 'nucleo',
  state: 'wedged',
  why: 'no answer',
} as const;
const PROBLEM = { text: 'an entry has expired', fix: 'remove it' };

describe('the verdict on a nightly', () => {
  it('puts what was found before what could not be found out', () => {
    const { passed, failed, errored, flaky } = CASES;
    const all = { cases: [passed, flaky, errored, failed], benches: [DEAD], problems: [PROBLEM] };
    const verdicts = [];
    verdicts.push(nightlyVerdict({ ...all, interrupted: 'interrupted by SIGINT' }));
    verdicts.push(nightlyVerdict(all));
    verdicts.push(nightlyVerdict({ ...all, cases: [passed, flaky, errored] }));
    verdicts.push(nightlyVerdict({ ...all, cases: [passed, flaky, errored], problems: [] }));
    verdicts.push(nightlyVerdict({ ...all, cases: [passed, flaky], problems: [] }));
    verdicts.push(nightlyVerdict({ cases: [passed, flaky], problems: [], benches: [] }));
    verdicts.push(nightlyVerdict({ cases: [passed], problems: [], benches: [] }));
    expect(verdicts.map(({ outcome, causeClass }) => [outcome, causeClass])).toEqual([
      ['errored', 'harness'],
      ['failed', 'toolchain'],
      ['failed', 'usage'],
      ['errored', 'link'],
      ['errored', 'rig'],
      ['flaky', 'transient'],
      ['passed', undefined],
    ]);
    expect(verdicts[4]?.fix).toMatch(/^unplug the board, .* cockpit-hil doctor --bench nucleo; /);
    expect(verdicts[1]?.summary).toBe('1 passed, 1 failed, 1 errored, 1 flaky of 4 cases');
  });

  it('counts the state of a free run as compared', () => {
    const [attempt] = CASES.passed.attempts;
    const [program] = attempt?.run?.programs ?? [];
    if (attempt?.run === undefined || program === undefined) throw new Error('no program');
    const of = (wordsCompared: number) => {
      const finalState = { wordsCompared, differences: [] };
      const run = { ...attempt.run, programs: [{ ...program, stepsCompared: 0, finalState }] };
      const cases = [sampleCase('free', { attempts: [{ ...attempt, run } as typeof attempt] })];
      return nightlyVerdict({ cases, benches: [], problems: [] }).outcome;
    };
    expect([of(8), of(0)]).toEqual(['passed', 'errored']);
  });
});

describe('the exit code', () => {
  it.each([
    ['passed', false, 0],
    ['flaky', false, 0],
    ['flaky', true, 1],
    ['failed', false, 1],
    ['errored', false, 2],
    ['passed', true, 0],
  ] as const)('%s, strict %s: %i', (outcome, strict, code) => {
    expect(nightlyExitCode({ outcome, summary: '' }, strict)).toBe(code);
  });
});
