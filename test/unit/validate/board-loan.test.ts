import { expect, test } from 'vitest';
import { BoardLoan } from '../../../src/validate/board-loan.ts';

/** A bench that notes what is done to it. */
function lending(failures: { restore?: number } = {}) {
  const done: string[] = [];
  const interrupt = new AbortController();
  let left = failures.restore ?? 0;
  const loan = new BoardLoan(
    {
      close: () => {
        done.push('close');
        return Promise.resolve();
      },
      restore: () => {
        done.push('restore');
        left -= 1;
        return left >= 0 ? Promise.reject(new Error('no answer')) : Promise.resolve();
      },
    },
    interrupt.signal,
  );
  return { loan, done, interrupt };
}

test('the board has its own firmware again when the work is done, and what it needed is gone', async () => {
  const { loan, done } = lending();
  const result = await loan.lend(({ resources }) => {
    resources.defer(() => {
      done.push('probe released');
    });
    done.push('work');
    expect(loan.away).toBe(true);
    return Promise.resolve(7);
  });
  expect(result).toBe(7);
  expect(done).toEqual(['close', 'work', 'probe released', 'restore']);
  expect(loan.away).toBe(false);
});

test('and when the work fails', async () => {
  const { loan, done } = lending();
  await expect(loan.lend(() => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  expect(done).toEqual(['close', 'restore']);
  expect(loan.away).toBe(false);
});

test('a board that could not be brought back is still away, and is brought back later', async () => {
  const { loan, done } = lending({ restore: 1 });
  await expect(loan.lend(() => Promise.resolve(7))).rejects.toThrow('no answer');
  expect(loan.away).toBe(true);
  await loan.giveBack();
  await loan.giveBack();
  expect(done).toEqual(['close', 'restore', 'restore']);
  expect(loan.away).toBe(false);
});

test('work that is cut ends with its probe, and leaves the rest to the caller', async () => {
  const { loan, done } = lending();
  const started = Promise.withResolvers<undefined>();
  const ended = loan.lend(({ resources, signal }) => {
    resources.defer(() => {
      done.push('probe released');
    });
    started.resolve(undefined);
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Error('ended'));
      });
    });
  });
  await started.promise;
  await loan.cut();
  await expect(ended).rejects.toThrow('ended');
  expect(done).toEqual(['close', 'probe released']);
  expect(loan.away).toBe(true);
  await loan.giveBack();
  expect(done.at(-1)).toBe('restore');
});

test('nothing is flashed after an interrupt', async () => {
  const { loan, done, interrupt } = lending();
  const ended = loan.lend(({ signal }) => {
    interrupt.abort(new Error('Ctrl-C'));
    signal.throwIfAborted();
    return Promise.resolve(7);
  });
  await expect(ended).rejects.toThrow('Ctrl-C');
  expect(done).toEqual(['close']);
});

test('a cut with nothing lent does nothing', async () => {
  const { loan, done } = lending();
  await loan.cut();
  expect(done).toEqual([]);
});
