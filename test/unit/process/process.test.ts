import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { HilError } from '../../../src/errors/index.ts';
import { capture, own, OwnedChild, withDeadline } from '../../../src/process/index.ts';
import { acquireLock, lockHolder } from '../../../src/process/lock.ts';

async function failure(work: Promise<unknown>): Promise<HilError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof HilError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('withDeadline', () => {
  it('hands the result or the error through', async () => {
    expect(await withDeadline(Promise.resolve(7), 1000, 'a number')).toBe(7);
    await expect(withDeadline(Promise.reject(new Error('no')), 1000, 'x')).rejects.toThrow('no');
  });

  it('says what it waited for, and for how long', async () => {
    const never = new Promise<never>(() => undefined);
    const error = await failure(withDeadline(never, 5, 'the moon', 'link', 'look up'));
    expect(error.line).toBe('timed out after 5 ms waiting for the moon (fix: look up)');
    expect(error.causeClass).toBe('link');
  });
});

describe('OwnedChild', () => {
  it('is ended by its owner', async () => {
    let pid: number | undefined;
    {
      await using child = await OwnedChild.start('sleep', ['600']);
      pid = child.pid;
      expect(child.running).toBe(true);
    }
    expect(pid).toBeGreaterThan(0);
    expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
  });

  it('is killed when it does not heed SIGTERM', async () => {
    const deaf = `process.on('SIGTERM', () => undefined); console.log('ready'); setInterval(() => undefined, 1000);`;
    const child = await OwnedChild.start(process.execPath, ['-e', deaf]);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(await child.stop()).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('has ended even if a process that it left behind holds its output open', async () => {
    const child = await OwnedChild.start('sh', ['-c', 'sleep 600 & echo $!']);
    const left = Number(
      await new Promise<string>((resolve) => {
        child.stdout.once('data', (chunk: Buffer) => {
          resolve(chunk.toString());
        });
      }),
    );
    try {
      expect(await child.exited).toEqual({ code: 0, signal: null });
    } finally {
      process.kill(left, 'SIGKILL');
    }
  });

  it('dies with a harness that is killed outright', async () => {
    const index = join(import.meta.dirname, '../../../src/process/index.ts');
    const script = `import { OwnedChild } from ${JSON.stringify(index)};
      const child = await OwnedChild.start('sleep', ['600']);
      console.log(child.pid);
      setInterval(() => undefined, 1000);`;
    const harness = execa(process.execPath, ['--input-type=module-typescript', '-e', script], {
      reject: false,
    });
    const pid = Number(
      await new Promise<string>((resolve) =>
        harness.stdout.once('data', (chunk: Buffer) => {
          resolve(chunk.toString());
        }),
      ),
    );
    expect(() => process.kill(pid, 0)).not.toThrow();
    harness.kill('SIGKILL');
    await harness;
    // The kernel delivers the parent-death signal; wait for it to have been acted on, not for a time.
    await expect
      .poll(() => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone'))
      .toMatch(/^gone$|\) Z /);
  });

  it('names a program that is not installed, and the fix', async () => {
    const error = await failure(OwnedChild.start('no-such-program', []));
    expect(error.line).toBe('no-such-program is not installed (fix: run ./scripts/setup)');
  });
});

describe('capture', () => {
  it('returns what a program wrote and its exit code', async () => {
    const result = await capture('sh', ['-c', 'echo out; echo err >&2; exit 3'], 5000);
    expect(result).toEqual({ code: 3, stdout: 'out', stderr: 'err' });
  });

  it('ends a program that takes too long', async () => {
    const error = await failure(capture('sleep', ['600'], 20));
    expect(error.message).toContain('sleep did not run to its end');
  });
});

describe('own', () => {
  it('disposes a resource whose owner has gone meanwhile', async () => {
    const disposed: string[] = [];
    const owner = new AsyncDisposableStack();
    const { promise, resolve } = Promise.withResolvers<AsyncDisposable>();
    const adopting = own(owner, promise);
    await owner.disposeAsync();
    resolve({
      [Symbol.asyncDispose]: () => {
        disposed.push('late');
        return Promise.resolve();
      },
    });
    await expect(adopting).rejects.toThrow(ReferenceError);
    expect(disposed).toEqual(['late']);
  });
});

describe('a lock', () => {
  const resource = `/dev/test-${process.pid}`;

  it('names its holder to the next, and is free when released', async () => {
    const lock = await acquireLock(resource, 'first');
    const error = await failure(acquireLock(resource, 'second'));
    expect(error.message).toContain(`${resource} is in use by pid ${process.pid} (first, since `);
    await lock[Symbol.asyncDispose]();
    await using again = await acquireLock(resource, 'third');
    expect((await lockHolder(again.path))?.command).toBe('third');
  });

  it('is free when its holder has died, also when the pid was given to another process', async () => {
    const { path, [Symbol.asyncDispose]: release } = await acquireLock(resource, 'old');
    const holder = { pid: process.pid, started: '1', command: 'old', since: '2026-01-01' };
    await writeFile(path, JSON.stringify(holder));
    expect(await lockHolder(path)).toBeUndefined();
    await using taken = await acquireLock(resource, 'new');
    expect((await lockHolder(taken.path))?.command).toBe('new');
    await release();
  });

  it('is one user’s when two ask at the same time, and lies where every user of the machine sees it', async () => {
    const asked = ['a', 'b', 'c'].map((command) => acquireLock(resource, command));
    const results = await Promise.allSettled(asked);
    const taken = results.flatMap((result) =>
      result.status === 'fulfilled' ? [result.value] : [],
    );
    expect(taken).toHaveLength(1);
    for (const lock of taken) {
      expect((await stat(dirname(lock.path))).mode & 0o777).toBe(0o777);
      expect((await stat(lock.path)).mode & 0o444).toBe(0o444);
      await lock[Symbol.asyncDispose]();
    }
  });

  it('may be of a path too long for a file name, and is another one for another path', async () => {
    const long = `/${'x'.repeat(300)}`;
    await using lock = await acquireLock(`${resource}${long}/a`, 'a');
    await using other = await acquireLock(`${resource}${long}/b`, 'b');
    expect(other.path).not.toBe(lock.path);
    const error = await failure(acquireLock(`${resource}${long}/a`, 'second'));
    expect(error.message).toContain(`/a is in use by pid ${process.pid} (a, since `);
  });

  it('leaves no file of its own beside the lock', async () => {
    await using lock = await acquireLock(resource, 'x');
    const folder = join(lock.path, '..');
    const mine = (await readdir(folder)).filter((name) => name.includes(`test-${process.pid}`));
    expect(mine).toEqual([lock.path.replace(/^.*\//, '')]);
  });
});
