import { describe, expect, it } from 'vitest';
import { HilError } from '../../../src/errors/index.ts';
import type { LockstepResult } from '../../../src/lockstep/index.ts';
import { judge, judgeError, withTriage, worstVerdict } from '../../../src/suite/verdict.ts';
import { sampleDivergence, sampleTriage } from '../../helpers/sample-record.ts';

const AGREED: LockstepResult = {
  mode: 'trace',
  stateChange: undefined,
  stepsCompared: 10,
  steps: 10,
  rounds: 1,
  mismatch: undefined,
  endMismatch: undefined,
  state: { cells: 1104, differences: [] },
  stopReason: 'halted',
  fault: 0,
  pc: 3,
  inputs: [],
  printed: [],
  pinChanges: [],
};

describe('judge', () => {
  it('passes only what was compared and agreed', () => {
    expect(judge(AGREED).outcome).toBe('passed');
    const free = judge({ ...AGREED, mode: 'free', stepsCompared: 0 });
    expect(free).toMatchObject({ outcome: 'passed' });
    expect(free.summary).toContain('no step was compared');
  });

  it('says of a hardware fault that the pin is at fault, of another that the program is', () => {
    expect(judge({ ...AGREED, fault: 9 }).fix).toMatch(/^set the pin up/);
    expect(judge({ ...AGREED, fault: 6 }).fix).toBe('mend the program at the line above');
  });

  it('passes a free run on its state alone, and only when that was compared', () => {
    const free = { ...AGREED, mode: 'free', stepsCompared: 0 } as const;
    expect(judge(free).outcome).toBe('passed');
    expect(judge({ ...free, state: undefined })).toMatchObject({ outcome: 'errored' });
  });

  it.each([
    ['nothing compared', { stepsCompared: 0 }, 'errored', 'harness'],
    ['another end', { endMismatch: { expected: 'halted', actual: 'steps' } }, 'failed', 'firmware'],
    [
      'another state',
      {
        state: {
          cells: 1104,
          differences: [{ region: 'globals', index: 1, name: undefined, expected: 0, actual: 1 }],
        },
      },
      'failed',
      'firmware',
    ],
    ['a free run that read something', { mode: 'free', state: undefined }, 'errored', 'harness'],
    ['a fault on both', { fault: 6 }, 'failed', 'program'],
    [
      'a state that was changed',
      { stateChange: { epoch: 1, firstStep: 4, lastStep: 9 } },
      'failed',
      'firmware',
    ],
  ] as const)('%s is no pass', (_, change, outcome, causeClass) => {
    expect(judge({ ...AGREED, ...change })).toMatchObject({ outcome, causeClass });
  });
});

describe('judgeError', () => {
  it('a board that stops answering is a finding', () => {
    const error = new HilError('firmware', 'silent', 'reset it');
    expect(judgeError(error)).toEqual({
      outcome: 'failed',
      causeClass: 'firmware',
      summary: 'silent',
      fix: 'reset it',
    });
  });

  it.each(['rig', 'link', 'usage'] as const)('%s says nothing of the VM', (causeClass) => {
    expect(judgeError(new HilError(causeClass, 'x')).outcome).toBe('errored');
  });

  it('anything else is a mistake of the harness', () => {
    expect(judgeError(new TypeError('x is undefined'))).toEqual({
      outcome: 'errored',
      causeClass: 'harness',
      summary: 'x is undefined',
    });
  });
});

describe('withTriage', () => {
  const failed = {
    outcome: 'failed',
    causeClass: 'firmware',
    summary: 'they part at step 9',
  } as const;

  it('names the place, and whose fault it is, in words', () => {
    const found = { divergence: sampleDivergence(), triage: sampleTriage() };
    expect(withTriage(failed, found, 9)).toEqual({
      outcome: 'failed',
      causeClass: 'toolchain',
      summary:
        'they part at step 9 (sketch.ino:6): it is how the firmware was built, or from which sources',
    });
  });

  it('names the step where the verdict doesn’t', () => {
    const found = { divergence: sampleDivergence(), triage: sampleTriage() };
    const { summary } = withTriage(failed, found, undefined);
    expect(summary).toContain('(since step 9, sketch.ino:6)');
    const bisected = { ...found, divergence: sampleDivergence({ located: 'bisected' }) };
    expect(withTriage(failed, bisected, undefined).summary).toContain(
      '(at step 9, found by bisection, sketch.ino:6)',
    );
  });

  it('leaves a verdict alone that there is nothing more to say of', () => {
    expect(withTriage(failed, undefined, undefined)).toBe(failed);
  });
});

describe('worstVerdict', () => {
  const passed = { outcome: 'passed', summary: 'p' } as const;
  const failed = { outcome: 'failed', summary: 'f' } as const;
  const errored = { outcome: 'errored', summary: 'e' } as const;

  it.each([
    [[passed, passed], 'p'],
    [[passed, failed, passed], 'f'],
    [[passed, errored, { ...errored, summary: 'second' }], 'e'],
    [[errored, failed], 'f'],
  ])('of %# is the first of the worst', (verdicts, summary) => {
    expect(worstVerdict(verdicts).summary).toBe(summary);
  });

  it('of none is an error', () => {
    expect(worstVerdict([]).outcome).toBe('errored');
  });
});
