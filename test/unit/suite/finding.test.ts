import { describe, expect, it } from 'vitest';
import { EFFECT_KINDS, type Effect } from '../../../src/isa/index.ts';
import { alike, type Finding } from '../../../src/suite/finding.ts';

const EFFECT: Effect = { pc: 3, opcode: 4, sp: 1, kind: EFFECT_KINDS.TOP, address: 0, value: -33 };
const step = (change: Partial<Effect> = {}, at = 9): Finding => ({
  kind: 'step',
  step: at,
  effect: { ...EFFECT, ...change },
  fields: ['value'],
});
const state = (index: number, actual: number, firstStep = 0, lastStep = 99): Finding => ({
  kind: 'state',
  differences: [{ region: 'globals', index, name: undefined, expected: 0, actual }],
  firstStep,
  lastStep,
});

describe('alike', () => {
  it.each<[string, Finding, Finding, boolean]>([
    ['the same effect at the same step', step(), step(), true],
    ['another value', step(), step({ value: -32 }), false],
    ['another stack depth', step(), step({ sp: 2 }), false],
    ['another step', step(), step({}, 10), false],
    [
      'nothing more instead of an effect',
      step(),
      { ...step(), effect: undefined } as Finding,
      false,
    ],
    ['the same cell', state(63, 1), state(63, 1), true],
    ['another cell', state(63, 1), state(62, 1), false],
    ['another value in the cell', state(63, 1), state(63, 2), false],
    ['other steps', state(63, 1, 0, 9), state(63, 1, 10, 19), false],
    ['a state and a step', state(63, 1), step(), false],
    [
      'the same end',
      { kind: 'end', expected: 'halted', actual: 'steps' },
      { kind: 'end', expected: 'halted', actual: 'steps' },
      true,
    ],
    [
      'another end',
      { kind: 'end', expected: 'halted', actual: 'steps' },
      { kind: 'end', expected: 'halted', actual: 'fault' },
      false,
    ],
  ])('%s: %#', (_, a, b, same) => {
    expect(alike(a, b, false)).toBe(same);
    expect(alike(b, a, false)).toBe(same);
  });

  it('on live values the same instruction wrong in the same fields will do', () => {
    expect(alike(step(), step({ value: 5 }, 20), true)).toBe(true);
    expect(alike(step(), step({ pc: 4 }, 20), true)).toBe(false);
    expect(alike(step(), { ...step(), fields: ['sp'] } as Finding, true)).toBe(false);
    expect(alike(state(63, 1), state(63, 2), true)).toBe(true);
  });

  it('states whose cells aren’t known are alike when they changed in common steps', () => {
    const unknown = (firstStep: number, lastStep: number): Finding => ({
      kind: 'state',
      differences: undefined,
      firstStep,
      lastStep,
    });
    expect(alike(unknown(0, 99), unknown(99, 150), false)).toBe(true);
    expect(alike(unknown(0, 98), unknown(99, 150), false)).toBe(false);
  });
});
