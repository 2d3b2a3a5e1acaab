import { describe, expect, it } from 'vitest';
import { Waker } from '../../../../src/bench/emulated/waker.ts';

/** A qtest whose answers the test gives one by one, the oldest command first, and a clock that it sets. */
function fakeQtest(): {
  readonly waker: Waker;
  readonly asked: () => number;
  /** Lengths of what was written to the unused port. */
  readonly nudges: number[];
  readonly answer: () => Promise<void>;
  readonly setTime: (ms: number) => void;
} {
  let count = 0;
  let time = 0;
  const waiting: ((value: number) => void)[] = [];
  const nudges: number[] = [];
  const write = (bytes: Uint8Array): boolean => nudges.push(bytes.length) > 0;
  const readValue = (): Promise<number> => {
    count += 1;
    return new Promise((resolve) => waiting.push(resolve));
  };
  return {
    waker: new Waker({ readValue }, { write }, () => time),
    asked: () => count,
    nudges,
    answer: async () => {
      waiting.shift()?.(0);
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    },
    setTime: (ms) => (time = ms),
  };
}

const NOWHERE = { write: () => true };

describe('Waker', () => {
  it('turns the loop while the work goes on and 80 ms longer, four commands at a time', async () => {
    const { waker, asked, answer, setTime } = fakeQtest();
    let finish: (value: number) => void = () => undefined;
    const done = waker.during(() => new Promise<number>((resolve) => (finish = resolve)));
    expect(asked()).toBe(4);
    await answer();
    expect(asked()).toBe(5);
    finish(7);
    expect(await done).toBe(7);
    setTime(79);
    await answer();
    expect(asked()).toBe(6);
    setTime(80);
    await answer();
    expect(asked()).toBe(6);
  });

  it('serves overlapping calls with the same four', async () => {
    const { waker, asked } = fakeQtest();
    await Promise.all([
      waker.during(() => Promise.resolve(1)),
      waker.during(() => Promise.resolve(2)),
    ]);
    expect(asked()).toBe(4);
  });

  it('has four again when some had ended', async () => {
    const { waker, asked, answer, setTime } = fakeQtest();
    await waker.during(() => Promise.resolve(1));
    setTime(80);
    await answer();
    await answer();
    expect(asked()).toBe(4);
    await waker.during(() => Promise.resolve(2));
    expect(asked()).toBe(6);
  });

  it('has a turn for each of few bytes when they are sent, and reads nothing', async () => {
    const { waker, asked, nudges } = fakeQtest();
    let finish: (value: number) => void = () => undefined;
    const done = waker.during(() => new Promise<number>((resolve) => (finish = resolve)), 2);
    expect(nudges).toEqual([]);
    finish(7);
    expect(await done).toBe(7);
    await waker.during(() => Promise.resolve(1), 1);
    expect(nudges).toEqual([2, 1]);
    expect(asked()).toBe(0);
  });

  it.each([
    ['a line, and one before it', [512, 512], 160],
    ['more than a line, at a byte each millisecond', [5000], 5000],
    ['a line, and many more before it', [5000, 512], 5080],
  ])('goes on long enough for %s', async (_, sent, ms) => {
    const { waker, asked, answer, setTime } = fakeQtest();
    for (const bytes of sent) await waker.during(() => Promise.resolve(1), bytes);
    setTime(ms - 1);
    await answer();
    expect(asked()).toBe(5);
    setTime(ms);
    await answer();
    expect(asked()).toBe(5);
  });

  it('does not end early for a short piece behind a long one', async () => {
    const { waker, asked, answer, setTime } = fakeQtest();
    await waker.during(() => Promise.resolve(1), 512);
    await waker.during(() => Promise.resolve(1), 2);
    expect(asked()).toBe(4);
    setTime(79);
    await answer();
    expect(asked()).toBe(5);
  });

  it('ends with QEMU, while the work goes on', async () => {
    let asked = 0;
    const readValue = (): Promise<number> => Promise.reject(new Error(`gone ${(asked += 1)}`));
    const waker = new Waker({ readValue }, NOWHERE);
    // The work takes a turn of the event loop: reads that are refused at once must not keep it from coming.
    expect(await waker.during(() => new Promise((resolve) => setImmediate(resolve, 5)))).toBe(5);
    expect(asked).toBe(4);
  });

  it('leaves the result of the work alone when QEMU has ended', async () => {
    const waker = new Waker({ readValue: () => Promise.reject(new Error('gone')) }, NOWHERE);
    expect(await waker.during(() => Promise.resolve(3))).toBe(3);
    await expect(waker.during(() => Promise.reject(new Error('the work failed')))).rejects.toThrow(
      'the work failed',
    );
  });
});
