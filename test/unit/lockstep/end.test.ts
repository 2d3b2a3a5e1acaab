import { describe, expect, it } from 'vitest';
import { judgeEnd } from '../../../src/lockstep/end.ts';
import { ModelSide } from '../../../src/lockstep/model-side.ts';
import { run } from '../../../src/vm/index.ts';
import type { Status } from '../../../src/wire/index.ts';
import { op, programOf } from '../vm/support.ts';

/** Faults at pc 2, after two executed instructions. */
const DIVIDES = programOf([op('PUSH', 1), op('PUSH', 0), op('DIV')]);

const FAULTED: Status = {
  state: 'done',
  reason: 'fault',
  steps: 2,
  rounds: 0,
  pc: 2,
  sp: 2,
  depth: 0,
  error: 6,
  sent: 3,
  badframes: 0,
  us: 0,
};

/** How the end of a board is judged beside a model that has made three steps, the fault included. */
function judged(change: Partial<Status>): ReturnType<typeof judgeEnd> {
  const settings = { pins: [], buttons: 0, clock: 'virtual' } as const;
  const model = new ModelSide(DIVIDES, settings, { input: () => 0 });
  run(model.engine, 3);
  return judgeEnd(model, 3, { steps: 100, loops: 0 }, { ...FAULTED, ...change });
}

describe('the end of a run', () => {
  it('is the same on both sides', () => {
    expect(judged({})).toBeUndefined();
  });

  it.each([
    ['reason', { reason: 'halted' }, /^fault 6 in/, /^halted 6 in/],
    ['fault', { error: 7 }, /^fault 6 in/, /^fault 7 in/],
    ['place', { pc: 3 }, /at pc 2$/, /at pc 3$/],
    ['round', { rounds: 1 }, /in round 0 /, /in round 1 /],
    ['count of instructions', { steps: 3 }, /pc 2 after 2 exec/, /pc 2 after 3 executed instr/],
  ] satisfies [string, Partial<Status>, RegExp, RegExp][])(
    'differs in its %s',
    (_, change, expected, actual) => {
      const mismatch = judged(change);
      expect(mismatch?.expected).toMatch(expected);
      expect(mismatch?.actual).toMatch(actual);
    },
  );
});
