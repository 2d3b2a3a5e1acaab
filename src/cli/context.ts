import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { errorText, HilError } from '../errors/index.ts';
import { withDeadline } from '../process/index.ts';

/** Where logs go, relative to the working directory. */
const LOG_FOLDER = '.cockpit-hil/logs';

/**
 * The longest an orderly clean-up may take before the harness leaves anyway: OpenOCD, GDB, QEMU and the port each get up to
 * 1.5 s before SIGKILL, partly one after another. What is left then dies with the harness (see OwnedChild).
 */
const CLEANUP_MS = 8000;

/** What every command is given. */
export interface CliContext {
  /** Prints a line of the result. */
  out(line: string): void;
  /** Prints a line about progress or trouble. */
  err(line: string): void;
  readonly color: boolean;
  /** Whether live progress may rewrite the current line. */
  readonly terminal: boolean;
  readonly log: Logger;
  /** Aborted by Ctrl-C, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  /** Owner of everything a command starts: disposed when the command ends, however it ends. */
  readonly resources: AsyncDisposableStack;
}

/** Thrown inside a command when a signal asked the harness to end. */
export class Interrupted extends Error {
  /** 128 + signal number, as shells report it. */
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE') {
    super(`interrupted by ${signal}`);
    this.exitCode = 128 + { SIGHUP: 1, SIGINT: 2, SIGPIPE: 13, SIGTERM: 15 }[signal];
  }
}

/**
 * Runs a command with its context. On a signal the command is abandoned and what it owns is disposed; a second signal leaves at
 * once.
 * @returns the command's exit code
 * @throws whatever the command threw, or {@link Interrupted}
 */
export async function withContext(
  name: string,
  command: (context: CliContext) => Promise<number>,
): Promise<number> {
  const abort = new AbortController();
  const interrupted = new Promise<never>((_, reject) => {
    abort.signal.addEventListener('abort', () => {
      reject(abort.signal.reason as Error);
    });
  });
  const onSignal = (signal: NodeJS.Signals): void => {
    const reason = new Interrupted(signal as 'SIGINT' | 'SIGTERM' | 'SIGHUP');
    if (abort.signal.aborted) process.exit(reason.exitCode);
    abort.abort(reason);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    const reason =
      error.code === 'EPIPE'
        ? new Interrupted('SIGPIPE')
        : new HilError('usage', `cannot write to standard output: ${error.message}`);
    abort.abort(reason);
  });

  const logPath = join(LOG_FOLDER, `${name}-${process.pid}.log`);
  try {
    mkdirSync(LOG_FOLDER, { recursive: true });
  } catch (error) {
    throw new HilError(
      'usage',
      `cannot make the folder ${LOG_FOLDER} here: ${errorText(error)}`,
      'run in a folder that you may write to',
    );
  }
  const log = pino({ level: 'debug' }, pino.destination({ dest: logPath, sync: true }));
  const resources = new AsyncDisposableStack();
  const context: CliContext = {
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    color: process.stdout.isTTY && (process.env.NO_COLOR ?? '') === '',
    terminal: process.stdout.isTTY,
    log,
    signal: abort.signal,
    resources,
  };
  const running = command(context);
  // An abandoned command still rejects once its resources are gone; that is no news then.
  const settled = running.then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([running, interrupted]);
  } finally {
    const cleanup = resources.disposeAsync().then(() => settled);
    await withDeadline(cleanup, CLEANUP_MS, 'child processes to end', 'harness');
    for (const signal of signals) process.off(signal, onSignal);
  }
}
