import { describe, expect, it } from 'vitest';
import { HilError } from '../../../src/errors/index.ts';
import type { LockstepResult } from '../../../src/lockstep/index.ts';
import { judge, judgeError, worstVerdict } from '../../../src/suite/verdict.ts';

const AGREED: LockstepResult = {
  stepsCompared: 10,
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
    ['a fault on both', { fault: 6 }, 'failed', 'program'],
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
