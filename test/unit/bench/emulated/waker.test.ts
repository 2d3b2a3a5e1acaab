import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Waker } from '../../../../src/bench/emulated/waker.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('sends one command a millisecond while work is under way, and none before or after', async () => {
  const sent: string[] = [];
  const waker = new Waker({
    send: (command) => {
      sent.push(command);
      return Promise.resolve({});
    },
  });
  await vi.advanceTimersByTimeAsync(10);
  expect(sent).toEqual([]);
  let finish: (value: number) => void = () => undefined;
  const done = waker.during(() => new Promise<number>((resolve) => (finish = resolve)));
  await vi.advanceTimersByTimeAsync(5);
  expect(sent).toHaveLength(5);
  const nested = waker.during(() => Promise.resolve(1));
  await nested;
  await vi.advanceTimersByTimeAsync(5);
  expect(sent).toHaveLength(10);
  finish(42);
  expect(await done).toBe(42);
  await vi.advanceTimersByTimeAsync(5);
  expect(sent).toHaveLength(10);
});

it('waits for the answer before the next command, and stops when work fails', async () => {
  let sent = 0;
  const waker = new Waker({
    send: () => {
      sent++;
      return new Promise(() => undefined);
    },
  });
  const failing = waker.during(
    () =>
      new Promise((_, reject) =>
        setTimeout(() => {
          reject(new Error('no'));
        }, 5),
      ),
  );
  const outcome = expect(failing).rejects.toThrow('no');
  await vi.advanceTimersByTimeAsync(10);
  await outcome;
  expect(sent).toBe(1);
});
