import { describe, expect, it } from 'vitest';
import { boardLeg, type RerunSettings } from '../../../src/suite/board-leg.ts';

/** Reruns that give these one after the other. */
function settings(
  answers: readonly ('same' | 'otherwise' | 'agreed' | Error)[],
  change: Partial<RerunSettings> = {},
): RerunSettings {
  const left = [...answers];
  return {
    reruns: answers.length,
    once: () => {
      const next = left.shift();
      if (next === undefined) throw new Error('one rerun too many');
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    expectedMs: 1,
    now: () => 0,
    signal: new AbortController().signal,
    ...change,
  };
}

describe('boardLeg', () => {
  it('counts how the reruns end', async () => {
    const leg = await boardLeg(settings(['same', 'agreed', 'otherwise', 'same', 'agreed']));
    expect(leg).toEqual({ ran: true, same: 2, otherwise: 1, agreed: 2 });
  });

  it('ends with the first that comes to nothing, and says so', async () => {
    const leg = await boardLeg(settings(['same', new Error('silence'), 'same']));
    expect(leg).toEqual({
      ran: true,
      same: 1,
      otherwise: 0,
      agreed: 0,
      cut: 'rerun 2 came to no result: silence',
    });
  });

  it('did not run when the first comes to nothing', async () => {
    const leg = await boardLeg(settings([new Error('silence')]));
    expect(leg).toEqual({
      ran: false,
      why: 'could not be asked: rerun 1 came to no result: silence',
    });
  });

  it('begins no rerun that would not end in time', async () => {
    let time = 0;
    const slow = settings(['same', 'same', 'same', 'same'], {
      expectedMs: 12_000,
      now: () => time,
    });
    const { once } = slow;
    const leg = await boardLeg({
      ...slow,
      once: () => {
        time += 12_000;
        return once();
      },
    });
    expect(leg).toMatchObject({
      ran: true,
      same: 2,
      cut: 'no time for more than 2 of 4 within 30 s',
    });
  });

  it('runs nothing when no rerun is wanted', async () => {
    const leg = await boardLeg(settings([]));
    expect(leg).toEqual({ ran: false, why: 'not asked: no reruns were wanted' });
  });

  it('an interrupt is no result', async () => {
    const abort = new AbortController();
    const once = (): Promise<never> => {
      abort.abort(new Error('interrupted'));
      return Promise.reject(new Error('the line is closed'));
    };
    const leg = boardLeg(settings(['same'], { once, signal: abort.signal }));
    await expect(leg).rejects.toThrow('the line is closed');
  });
});
