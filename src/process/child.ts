import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { errorText, HilError } from '../errors/index.ts';
import { withDeadline } from './deadline.ts';

/** How long a child gets between SIGTERM and SIGKILL. OpenOCD and QEMU end in under 0.2 s when healthy. */
const TERM_GRACE_MS = 1500;
/** SIGKILL cannot be refused; this only bounds the wait for the kernel to reap (a child in disk sleep, say). */
const KILL_GRACE_MS = 3000;

/** execa with the settings every owned child has; `cleanup` ends it when the harness exits. */
const launch = (file: string, args: readonly string[], cwd: string, env: Record<string, string>) =>
  execa(file, args, {
    reject: false,
    buffer: false,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    cleanup: true,
    cwd,
    env,
  });

type Subprocess = ReturnType<typeof launch>;

/**
 * The path of a program, as a shell would find it.
 * @param file a name to look up in PATH, or a path
 */
export async function findExecutable(file: string): Promise<string | undefined> {
  const folders = file.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
  for (const folder of folders) {
    const path = join(folder, file);
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/**
 * A pipe that a child of the child has inherited may stay open for ever. Output that the kernel already holds is read within a
 * few milliseconds.
 */
const OUTPUT_AFTER_EXIT_MS = 300;

/** Settles when the child has ended and its output was read, or could have been. */
async function exitOf(subprocess: Subprocess): Promise<ChildExit> {
  const exit = new Promise<ChildExit>((resolve) => {
    subprocess.nodeChildProcess.once('exit', (code, signal) => {
      setTimeout(resolve, OUTPUT_AFTER_EXIT_MS, { code, signal });
    });
  });
  const closed = subprocess.then((result) => ({
    code: result.exitCode ?? null,
    signal: result.signal ?? null,
  }));
  return Promise.race([closed, exit]);
}

/** How a child ended. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/**
 * A child process with one owner. It is ended by {@link stop}, by `await using`, when the harness exits, and by the kernel
 * (parent-death signal, through util-linux setpriv) when the harness is killed outright.
 */
export class OwnedChild implements AsyncDisposable {
  readonly name: string;
  readonly #process: Subprocess;
  /** Settles, never rejects, when the child has ended. */
  readonly exited: Promise<ChildExit>;
  #ended = false;

  private constructor(name: string, subprocess: Subprocess) {
    this.name = name;
    this.#process = subprocess;
    this.exited = exitOf(subprocess).then((exit) => {
      this.#ended = true;
      return exit;
    });
  }

  /**
   * Starts a program with an argument array (no shell).
   * @param fix what to do when the program is not installed
   * @throws HilError (rig) when it cannot be started
   */
  static async start(
    file: string,
    args: readonly string[],
    settings: { cwd?: string; env?: Record<string, string>; fix?: string } = {},
  ): Promise<OwnedChild> {
    const fix = settings.fix ?? 'run ./scripts/setup';
    const path = await findExecutable(file);
    if (path === undefined) {
      const what = file.includes('/') ? 'is missing or no program' : 'is not installed';
      throw new HilError('rig', `${file} ${what}`, fix);
    }
    // setpriv is part of util-linux, which every Debian has.
    const [program, argv] =
      process.platform === 'linux'
        ? ['setpriv', ['--pdeathsig', 'KILL', path, ...args]]
        : [path, [...args]];
    const subprocess = launch(program, argv, settings.cwd ?? process.cwd(), settings.env ?? {});
    const child = new OwnedChild(file, subprocess);
    await new Promise<void>((resolve, reject) => {
      subprocess.nodeChildProcess.once('spawn', resolve);
      subprocess.nodeChildProcess.once('error', (error) => {
        reject(new HilError('rig', `cannot start ${file}: ${errorText(error)}`, fix));
      });
    });
    return child;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get running(): boolean {
    return !this.#ended;
  }

  get stdin(): NodeJS.WritableStream {
    return this.#process.stdin;
  }

  get stdout(): NodeJS.ReadableStream {
    return this.#process.stdout;
  }

  get stderr(): NodeJS.ReadableStream {
    return this.#process.stderr;
  }

  /** Sends a signal, as an accident test would. Ending the child is {@link stop}'s job. */
  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** Ends the child: SIGTERM, then SIGKILL after a grace period. Returns at once when it has ended already. */
  async stop(): Promise<ChildExit> {
    if (this.#ended) return this.exited;
    this.#process.kill('SIGTERM');
    const kill = setTimeout(() => this.#process.kill('SIGKILL'), TERM_GRACE_MS);
    try {
      return await withDeadline(this.exited, TERM_GRACE_MS + KILL_GRACE_MS, `${this.name} to end`);
    } finally {
      clearTimeout(kill);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
