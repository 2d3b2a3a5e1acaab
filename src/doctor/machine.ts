import { access, constants, readFile, realpath, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { errorText } from '../errors/index.ts';
import { listPorts, portUsers, type PortInfo } from '../link/index.ts';
import { listStLinks, type StLink } from '../probe/index.ts';
import { capture, holderOf, type LockHolder } from '../process/index.ts';

/** `--version` of any tool ends at once; the first start after a boot reads it from the disk. */
const VERSION_MS = 10_000;

/** What the doctor looks at; tests put another machine in its place. */
export interface Machine {
  /** What a program writes with `--version`; undefined when it is not installed. */
  version(program: string): Promise<string | undefined>;
  /** Undefined where the machine doesn't list its USB devices, as in a container. */
  stLinks(): Promise<readonly StLink[] | undefined>;
  /** Serial ports that are USB devices; undefined where the machine can't list them. */
  serialPorts(): Promise<readonly PortInfo[] | undefined>;
  /** Why this user can't read and write a file, `ENOENT` or `EACCES`; undefined when he can. */
  barrier(path: string): Promise<string | undefined>;
  /** Processes that have a device open: `pid 12 (picocom)`. */
  usersOf(device: string): Promise<readonly string[]>;
  /** Who holds the harness's lock of a resource. */
  lockHolder(resource: string): Promise<LockHolder | undefined>;
  /** Groups that this process is in, by name, and whether it is root. */
  groups(): Promise<{ readonly names: readonly string[]; readonly root: boolean }>;
  /** A file's text; undefined when it can't be read. */
  text(path: string): Promise<string | undefined>;
  /** Bytes that this user may still write in a folder's file system. */
  freeBytes(folder: string): Promise<number>;
  /** The folder for temporary files. */
  readonly temporary: string;
}

async function ownGroups(): Promise<string[]> {
  const ids = new Set(process.getgroups?.() ?? []);
  const lines = (await readFile('/etc/group', 'utf8')).split('\n');
  // name:password:id:members (group(5)).
  return lines.flatMap((line) => {
    const [name = '', , id = ''] = line.split(':');
    return id !== '' && ids.has(Number(id)) ? [name] : [];
  });
}

/** This machine. */
export const THIS_MACHINE: Machine = {
  version: async (program) => {
    try {
      const { stdout, stderr } = await capture(program, ['--version'], VERSION_MS);
      return `${stdout}\n${stderr}`.trim();
    } catch {
      return undefined;
    }
  },
  stLinks: () => listStLinks(),
  serialPorts: async () => {
    const ports = await listPorts().catch(() => undefined);
    return ports?.filter(({ usb }) => usb !== undefined);
  },
  barrier: async (path) => {
    try {
      await access(path, constants.R_OK | constants.W_OK);
      return undefined;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? errorText(error);
    }
  },
  usersOf: async (device) => portUsers(await realpath(device).catch(() => device)),
  lockHolder: holderOf,
  groups: async () => ({
    names: await ownGroups().catch(() => []),
    root: process.getuid?.() === 0,
  }),
  text: (path) => readFile(path, 'utf8').catch(() => undefined),
  freeBytes: async (folder) => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
  temporary: tmpdir(),
};
