import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { HilError } from '../errors/index.ts';

const holderSchema = z.object({
  pid: z.int().positive(),
  /** Start time of that process in clock ticks since boot: tells a reused pid from the holder. */
  started: z.string(),
  command: z.string(),
  since: z.string(),
});

/** Who holds a lock; the content of the lock file, meant to be read by people too. */
export type LockHolder = z.infer<typeof holderSchema>;

/** A lock that is held; dispose to release. */
export interface Lock extends AsyncDisposable {
  readonly path: string;
}

/** Field 22 of /proc/PID/stat (proc(5)), or undefined when there is no such process. */
async function startTime(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** The living holder of a lock file, or undefined when it is free or its holder is gone. */
export async function lockHolder(path: string): Promise<LockHolder | undefined> {
  let holder: LockHolder;
  try {
    holder = holderSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
  return (await startTime(holder.pid)) === holder.started ? holder : undefined;
}

/**
 * Takes the machine-wide lock of a resource (a serial port, a probe's serial number) for this process.
 * @param resource the name; characters outside [A-Za-z0-9._-] are replaced in the file name
 * @throws HilError (rig) naming the holder when another living process has it
 */
export async function acquireLock(resource: string, command: string): Promise<Lock> {
  const folder = join(tmpdir(), `cockpit-hil-locks-${userInfo().uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${resource.replaceAll(/[^\w.-]/g, '_')}.lock`);
  const mine = `${path}.${process.pid}`;
  const holder: LockHolder = {
    pid: process.pid,
    started: (await startTime(process.pid)) ?? '',
    command,
    since: new Date().toISOString(),
  };
  await writeFile(mine, JSON.stringify(holder) + '\n');
  try {
    // A second try follows the removal of a dead holder's file; losing it then means somebody else was quicker.
    for (const attempt of [1, 2]) {
      try {
        await link(mine, path);
        return { path, [Symbol.asyncDispose]: () => rm(path, { force: true }) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const other = await lockHolder(path);
      if (other !== undefined || attempt === 2) {
        const who = other
          ? `pid ${other.pid} (${other.command}, since ${other.since})`
          : 'another process';
        throw new HilError(
          'rig',
          `${resource} is in use by ${who}`,
          'wait for it to end, or stop it',
        );
      }
      await rm(path, { force: true });
    }
    throw new HilError('harness', `lock ${path} was neither taken nor held`);
  } finally {
    await rm(mine, { force: true });
  }
}
