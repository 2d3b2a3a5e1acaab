import { createHash, randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { errorText, HilError } from '../errors/index.ts';
import { temporaryError } from './temporary.ts';

/**
 * One for all users: two jobs on a machine share its probes, whoever runs them. Everybody may write there and remove what a dead
 * process left.
 */
const FOLDER = join(tmpdir(), 'cockpit-hil-locks');

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

/** @throws HilError (rig) when this user may not write there */
async function makeFolder(): Promise<void> {
  try {
    await mkdir(FOLDER, { mode: 0o777 });
    // The umask has taken rights away.
    await chmod(FOLDER, 0o777);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw new HilError('rig', `cannot make the folder for locks ${FOLDER}: ${errorText(error)}`);
  }
}

/** Of a file's name a kernel takes 255 bytes (NAME_MAX), and a random part for a file on its way stands behind it. */
const LONGEST_NAME = 150;

/** The lock file of a resource; characters outside [A-Za-z0-9._-] are replaced in its name, and one too long ends in a hash. */
function lockFile(resource: string): string {
  const name = resource.replaceAll(/[^\w.-]/g, '_');
  if (name.length <= LONGEST_NAME) return join(FOLDER, `${name}.lock`);
  const hash = createHash('sha256').update(resource).digest('hex').slice(0, 16);
  return join(FOLDER, `${name.slice(0, LONGEST_NAME)}-${hash}.lock`);
}

/** Who holds the lock of a resource; undefined when it is free. */
export function holderOf(resource: string): Promise<LockHolder | undefined> {
  return lockHolder(lockFile(resource));
}

/** Takes a dead holder's file out of the way, but puts back what turns out to be the lock of somebody who was quicker. */
async function clear(path: string, aside: string): Promise<void> {
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await lockHolder(aside)) !== undefined) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/**
 * Takes the machine-wide lock of a resource (a serial port, a probe's serial number, a folder) for this process.
 * @throws HilError (rig) naming the holder when another living process has it
 */
export async function acquireLock(resource: string, command: string): Promise<Lock> {
  await makeFolder();
  const path = lockFile(resource);
  // Several benches of one process may want it at the same time.
  const mine = `${path}.${process.pid}.${randomUUID()}`;
  const holder: LockHolder = {
    pid: process.pid,
    started: (await startTime(process.pid)) ?? '',
    command,
    since: new Date().toISOString(),
  };
  // Never through a link that somebody else has put there.
  await writeFile(mine, JSON.stringify(holder) + '\n', { flag: 'wx' }).catch(
    async (error: unknown) => {
      await rm(mine, { force: true });
      throw temporaryError(error);
    },
  );
  // Whoever finds the lock taken must be able to read by whom.
  await chmod(mine, 0o644);
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
      await clear(path, `${mine}.dead`);
    }
    throw new HilError('harness', `lock ${path} was neither taken nor held`);
  } finally {
    await rm(mine, { force: true });
  }
}
