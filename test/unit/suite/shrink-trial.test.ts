import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectedBoard } from '../../../src/bench/index.ts';
import { HilError } from '../../../src/errors/index.ts';
import type { FuzzCase } from '../../../src/fuzz/index.ts';
import { boardTrial, type Trial, type Wrong } from '../../../src/suite/shrink-trial.ts';
import { boardWith, PINS, type BoardSettings } from '../lockstep/board.ts';
import { op, programOf } from '../vm/support.ts';

const PROGRAM = programOf([op('PUSH', 1), op('PUSH', 2), op('SUB'), op('HALT')]);
const CASE: FuzzCase = { program: PROGRAM, inputs: 0, steps: 100, rounds: 0 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Boards in the order in which they are started. */
function trialOn(
  first: BoardSettings,
  ...others: BoardSettings[]
): { trial: Trial; starts: number[] } {
  const connect = (settings: BoardSettings): ConnectedBoard =>
    ({ agent: boardWith(settings).agent }) as unknown as ConnectedBoard;
  const left = others.map(connect);
  const starts: number[] = [];
  const trial = boardTrial(connect(first), {
    restart: () => {
      starts.push(starts.length + 1);
      const next = left.shift();
      return next === undefined
        ? Promise.reject(new HilError('rig', 'it cannot be started'))
        : Promise.resolve(next);
    },
    blame: (error) => Promise.resolve(error),
    settings: ({ agent }) => ({ agent, vm: 0, clock: 'virtual', pins: PINS, buttons: 1 }),
  });
  return { trial, starts };
}

/** Lets the fake clock run until a case has been run. */
async function outcome(work: Promise<Wrong | undefined>): Promise<Wrong | undefined> {
  const so = { settled: false };
  const end = (): void => {
    so.settled = true;
  };
  work.then(end, end);
  for (let tick = 0; tick < 1000 && !so.settled; tick += 1) await vi.advanceTimersByTimeAsync(10);
  return work;
}

const good: BoardSettings = { program: PROGRAM, steps: 100 };
const wrong: BoardSettings = {
  ...good,
  say: (effect, step) => (step === 2 ? { ...effect, value: 9 } : effect),
};
/** Executes nothing, and answers nothing once it runs. */
function dying(): BoardSettings {
  let dead = false;
  const fault = (line: string): readonly string[] => {
    dead ||= line.includes('TRACE') || line.includes('DONE');
    return dead ? [] : [line];
  };
  return { ...good, fake: { fault } };
}

describe('cases on a board', () => {
  it('stay on the same one while it lives', async () => {
    const { trial, starts } = trialOn(wrong);
    for (let run = 0; run < 3; run += 1) {
      expect(await outcome(trial(CASE))).toMatchObject({ finding: { kind: 'step', step: 2 } });
    }
    expect(starts).toEqual([]);
  });

  it('that one died of go wrong so, and the next is run on a board that was started anew', async () => {
    const { trial, starts } = trialOn(dying(), wrong, good);
    expect(await outcome(trial(CASE))).toEqual({
      finding: { kind: 'break-off', how: 'silent' },
      opcode: undefined,
      lines: ['the board fell silent'],
    });
    expect(starts).toEqual([]);
    expect(await outcome(trial(CASE))).toMatchObject({ finding: { kind: 'step' } });
    expect(await outcome(trial(CASE))).toMatchObject({ finding: { kind: 'step' } });
    expect(starts).toEqual([1]);
  });

  it('end when no board can be started', async () => {
    const { trial } = trialOn(dying());
    expect(await outcome(trial(CASE))).toBeDefined();
    await expect(outcome(trial(CASE))).rejects.toThrow('it cannot be started');
  });
});
