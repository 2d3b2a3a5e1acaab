import { afterEach, expect, it, describe, vi } from 'vitest';
import type { Effect } from '../../../src/isa/index.ts';
import type { LockstepResult } from '../../../src/lockstep/index.ts';
import { Anticipation } from '../../../src/lockstep/anticipation.ts';
import { ascii, op, programOf } from '../vm/support.ts';
import { boardWith, lockstep, type BoardSettings } from './board.ts';

/** Where the loop of each program begins, and its steps. */
const LOOP = 2;
const ROUND = 10;
const STEPS = 400;
const EPOCH = 32;

/** Counts global 0 up, keeps an array busy and prints; reads nothing. */
const BLIND = programOf(
  [
    ...[op('PUSH', 8), op('CREATE_ARRAY', 1)],
    ...[op('LOAD_GLOBAL', 0), op('PUSH', 1), op('ADD'), op('STORE_GLOBAL', 0)],
    ...[op('PUSH', 3), op('LOAD_GLOBAL', 0), op('STORE_ARRAY', 1)],
    ...[op('LOAD_GLOBAL', 0), op('PRINTF', 0, 1), op('JMP', LOOP)],
  ],
  { strings: [ascii('%d\n')], loop: LOOP },
);

/** Counts to 40 in 323 steps, and then reads a pin for ever. */
const LATE = programOf(
  [
    ...[op('PUSH', 0), op('PUSH', 1), op('PIN_MODE')],
    ...[op('LOAD_GLOBAL', 0), op('PUSH', 1), op('ADD'), op('STORE_GLOBAL', 0)],
    ...[op('LOAD_GLOBAL', 0), op('PUSH', 40), op('LT_SIGNED'), op('JMP_TRUE', 3)],
    ...[op('PUSH', 0), op('DIGITAL_READ'), op('STORE_GLOBAL', 1), op('JMP', 11)],
  ],
  { loop: 3 },
);

/** A board whose checkpoints come in two pieces, as over an emulated port. */
const pieces = (line: string): readonly string[] => [line.slice(0, 4), line.slice(4)];

const take = vi.spyOn(Anticipation.prototype, 'take');
const run = vi.spyOn(Anticipation.prototype, 'run');
afterEach(() => {
  take.mockClear();
  run.mockClear();
});

/** Epochs that were ready when their checkpoint came. */
const foreseen = (): number => take.mock.results.filter(({ value }) => value !== undefined).length;

/** What is the same in whichever mode, and whether anything was foreseen. */
const told = ({ mismatch, state, ...result }: LockstepResult) => ({
  ...{ steps: result.stepsCompared, end: result.endMismatch, stop: result.stopReason },
  ...{ rounds: result.rounds, inputs: result.inputs, pins: result.pinChanges },
  printed: result.printed.map((text) => Buffer.from(text).toString()),
  mismatch: mismatch && { ...mismatch, epoch: undefined, history: mismatch.history.slice(-8) },
  differences: state?.differences,
});

async function digestAndTrace(more: Partial<BoardSettings>) {
  const settings = { program: BLIND, steps: STEPS, fake: { fault: pieces }, ...more };
  const digest = await lockstep(boardWith(settings), settings, { mode: 'digest', epoch: EPOCH });
  const trace = await lockstep(boardWith(settings), settings, { mode: 'trace' });
  return { digest: told(digest), trace: told(trace), change: digest.stateChange };
}

describe('the model ahead of the board', () => {
  // 12 full epochs, with and without one of 16 steps behind them.
  it.each([12 * EPOCH, STEPS])('comes to the same verdict after %i steps', async (steps) => {
    const { digest, trace } = await digestAndTrace({ steps });
    expect(digest).toEqual(trace);
    expect(digest).toMatchObject({ steps, mismatch: undefined, differences: [] });
    expect(digest.printed.slice(0, 3)).toEqual(['1\n', '2\n', '3\n']);
    expect(digest.printed.length).toBe(Math.floor((steps - LOOP + 1) / ROUND));
    expect(foreseen()).toBeGreaterThan(3);
  });

  it('isn’t asked when each checkpoint comes whole', async () => {
    const { digest, trace } = await digestAndTrace({ fake: {} });
    expect(digest).toEqual(trace);
    expect(run).not.toHaveBeenCalled();
  });

  it.each([64, 65, 95, 96, 100, 127, 399])('names wrong step %i', async (wrong) => {
    const say = (effect: Effect, step: number): Effect =>
      step === wrong ? { ...effect, sp: 9 } : effect;
    const { digest, trace } = await digestAndTrace({ say });
    expect(digest).toEqual(trace);
    expect(digest.mismatch).toMatchObject({ step: wrong, fields: ['sp'] });
    expect(digest.printed.length).toBe(Math.floor((wrong - LOOP + 1) / ROUND));
    expect(foreseen()).toBeGreaterThan(0);
  });

  it('goes back where the program begins to read', async () => {
    const { digest, trace } = await digestAndTrace({
      program: LATE,
      read: (_, step) => (step >> 5) & 1,
    });
    expect(digest).toEqual(trace);
    expect(digest).toMatchObject({ steps: STEPS, mismatch: undefined, differences: [] });
    expect(digest.inputs.length).toBe(19);
    expect(foreseen()).toBeGreaterThan(3);
    // One came upon the first read.
    expect(run.mock.calls.length).toBeGreaterThan(foreseen());
  });

  it('goes back when the board has halted sooner than the epoch could have ended', async () => {
    const steps = 3 * EPOCH + 1;
    const idle = Array.from({ length: steps - 1 }, (_, at) =>
      at % 2 === 0 ? op('PUSH') : op('POP'),
    );
    const program = programOf([...idle, op('HALT')]);
    const { digest, trace } = await digestAndTrace({ program });
    expect(digest).toEqual(trace);
    expect(digest).toMatchObject({ steps, stop: 'halted', differences: [] });
    expect(foreseen()).toBeGreaterThan(0);
  });

  it('sees a change behind the effects, and shows both states where the board stands', async () => {
    const before: BoardSettings['before'] = (engine, step) => {
      if (step === 70) engine.context.globals[9] = 5;
    };
    const { digest, change } = await digestAndTrace({ before, steps: 3 * EPOCH });
    expect(change).toEqual({ epoch: 2, firstStep: 64, lastStep: 95 });
    expect(digest.differences).toEqual([expect.objectContaining({ index: 9 })]);
    expect(foreseen()).toBeGreaterThan(0);
  });
});
