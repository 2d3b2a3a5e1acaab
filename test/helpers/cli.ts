import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { temporaryFolder } from './folder.ts';
import { repositoryPath } from './paths.ts';

/** What a finished `cockpit-hil` left on the terminal and on the machine. */
export interface CliResult {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Command lines of processes it started, directly or not, that still run. */
  readonly survivors: readonly string[];
}

/** A signal to send once a text has appeared on stdout or stderr. */
export interface SignalAt {
  readonly after: string;
  readonly signal: NodeJS.Signals;
  /** What to do before it is sent, with everything printed so far. */
  readonly first?: (output: string) => Promise<void>;
}

/** Longest any command of the tests may take: the real-time demo is 9 s of delays, on a machine that may be busy. */
const COMMAND_MS = 90_000;

/** Command lines of all processes whose environment carries the marker. */
export async function processesMarked(marker: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1');
      if (!environment.includes(marker)) continue;
      const command = await readFile(`/proc/${pid}/cmdline`, 'latin1');
      // An empty command line is a zombie: ended, and waiting to be reaped.
      if (command !== '') found.push(command.replaceAll('\0', ' ').trim());
    } catch {
      // Gone between the listing and the reading.
    }
  }
  return found;
}

/**
 * Runs `scripts/cockpit-hil` as a user would and looks for what it left running.
 * @param settings.signalAt sends signals when texts appear
 */
export async function cockpitHil(
  args: readonly string[],
  settings: {
    cwd?: string;
    env?: Record<string, string>;
    signalAt?: SignalAt;
    onOutput?: (all: string) => void;
    /** Longest it may take, milliseconds; {@link COMMAND_MS} when left out. */
    limitMs?: number;
  } = {},
): Promise<CliResult> {
  const marker = `COCKPIT_HIL_TEST=${randomUUID()}`;
  const [name = '', value = ''] = marker.split('=');
  const child = execa(repositoryPath('scripts', 'cockpit-hil'), args, {
    cwd: settings.cwd ?? (await temporaryFolder()),
    env: { [name]: value, NO_COLOR: '1', ...settings.env },
    reject: false,
    timeout: settings.limitMs ?? COMMAND_MS,
    killSignal: 'SIGKILL',
  });
  let seen = '';
  const sent: NodeJS.Signals[] = [];
  let failure: unknown;
  const watch = (chunk: Buffer | string): void => {
    seen += chunk.toString();
    settings.onOutput?.(seen);
    if (
      settings.signalAt !== undefined &&
      sent.length === 0 &&
      seen.includes(settings.signalAt.after)
    ) {
      const { signal, first } = settings.signalAt;
      sent.push(signal);
      const attached = first?.(seen) ?? Promise.resolve();
      attached.catch((error: unknown) => (failure = error)).finally(() => child.kill(signal));
    }
  };
  child.stdout.on('data', watch);
  child.stderr.on('data', watch);
  const result = await child;
  if (result.timedOut) throw new Error(`cockpit-hil ${args.join(' ')} did not end:\n${seen}`);
  if (settings.signalAt !== undefined && sent.length === 0) {
    throw new Error(`never printed ${settings.signalAt.after}:\n${seen}`);
  }
  if (failure !== undefined) throw failure as Error;
  return {
    code: result.exitCode,
    stdout: result.stdout,
    stderr: result.stderr,
    survivors: await processesMarked(marker),
  };
}
