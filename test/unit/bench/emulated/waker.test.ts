import { describe, expect, it } from 'vitest';
import { Waker } from '../../../../src/bench/emulated/waker.ts';

/** A qtest whose answers the test gives one by one, and a clock that it sets. */
function fakeQtest(): {
  readonly waker: Waker;
  readonly asked: () => number;
  readonly answer: () => Promise<void>;
  readonly setTime: (ms: number) => void;
} {
  let count = 0;
  let time = 0;
  let give: ((value: number) => void) | undefined;
  const readValue = (): Promise<number> => {
    count += 1;
    return new Promise((resolve) => (give = resolve));
  };
  return {
    waker: new Waker({ readValue }, () => time),
    asked: () => count,
    answer: async () => {
      const settle = give;
      give = undefined;
      settle?.(0);
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    },
    setTime: (ms) => (time = ms),
  };
}

describe('Waker', () => {
  it('turns the loop while the work goes on and 80 ms longer, one command at a time', async () => {
    const { waker, asked, answer, setTime } = fakeQtest();
    let finish: (value: number) => void = () => undefined;
    const done = waker.during(() => new Promise<number>((resolve) => (finish = resolve)));
    expect(asked()).toBe(1);
    await answer();
    expect(asked()).toBe(2);
    finish(7);
    expect(await done).toBe(7);
    setTime(79);
    await answer();
    expect(asked()).toBe(3);
    setTime(80);
    await answer();
    expect(asked()).toBe(3);
  });

  it('serves overlapping calls with one chain', async () => {
    const { waker, asked } = fakeQtest();
    await Promise.all([
      waker.during(() => Promise.resolve(1)),
      waker.during(() => Promise.resolve(2)),
    ]);
    expect(asked()).toBe(1);
  });

  it('leaves the result of the work alone when QEMU has ended', async () => {
    const waker = new Waker({ readValue: () => Promise.reject(new Error('gone')) });
    expect(await waker.during(() => Promise.resolve(3))).toBe(3);
    await expect(waker.during(() => Promise.reject(new Error('the work failed')))).rejects.toThrow(
      'the work failed',
    );
  });
});
