import { withDeadline, type OwnedChild } from '../process/index.ts';
import { gdbFailure } from './gdb-failures.ts';
import { eachLine, LogTail } from './log-tail.ts';
import {
  MiSyntaxError,
  parseMiLine,
  type MiAsync,
  type MiTuple,
  type MiRecord,
} from './mi-parser.ts';
import { ProbeError } from './probe-error.ts';

/** GDB answers from memory in milliseconds; a read from the board adds a few USB round trips, each bounded by 2 s. */
const MI_COMMAND_MS = 5_000;
/** A dead GDB's pipes close and its end is reported at the same moment; this bounds the second. */
const EXIT_REPORT_MS = 500;

interface Pending {
  readonly resolve: (values: MiTuple) => void;
  readonly reject: (error: unknown) => void;
  readonly doing: string;
}

/** Commands and answers of one GDB process, matched by token. */
export class MiClient {
  readonly #child: OwnedChild;
  readonly #tail = new LogTail();
  readonly #pending = new Map<number, Pending>();
  readonly #onAsync: (record: MiAsync) => void;
  readonly #onDeath: (error: ProbeError) => void;
  readonly #commandTimeoutMs: number;
  #nextToken = 1;
  #dead: ProbeError | undefined;

  /**
   * @param onAsync is given every exec and notify record, such as `*stopped`
   * @param onDeath is told once that no command can be answered any more, as GDB has ended or {@link fail} was called
   */
  constructor(
    child: OwnedChild,
    onAsync: (record: MiAsync) => void,
    onDeath: (error: ProbeError) => void,
    commandTimeoutMs = MI_COMMAND_MS,
  ) {
    this.#commandTimeoutMs = commandTimeoutMs;
    this.#child = child;
    this.#onAsync = onAsync;
    this.#onDeath = onDeath;
    child.stdin.on('error', () => undefined); // GDB is gone; the end of stdout tells.
    const errors = eachLine(child.stderr, (line) => {
      this.#tail.add(line);
    });
    void eachLine(child.stdout, (line) => {
      this.#take(line);
    }).then(async () => {
      await Promise.race([errors, child.exited]);
      await this.#die();
    });
  }

  /** GDB's last lines for people and its errors, oldest first. */
  get lines(): readonly string[] {
    return this.#tail.lines;
  }

  /**
   * Sends one MI command and waits for its result.
   * @param command with its `-`, such as `-exec-continue`
   * @param doing names the step in the error
   * @throws ProbeError (rig) with GDB's message when it refuses, does not answer in time, or has ended
   */
  async run(command: string, doing: string, timeoutMs = this.#commandTimeoutMs): Promise<MiTuple> {
    this.check();
    const token = this.#nextToken++;
    const { promise, resolve, reject } = Promise.withResolvers<MiTuple>();
    this.#pending.set(token, { resolve, reject, doing });
    try {
      this.#child.stdin.write(`${token}${command.replaceAll('\n', ' ')}\n`);
      return await withDeadline(promise, timeoutMs, `GDB, ${doing}`);
    } finally {
      this.#pending.delete(token);
    }
  }

  #take(line: string): void {
    let record: MiRecord;
    try {
      record = parseMiLine(line);
    } catch (error) {
      if (!(error instanceof MiSyntaxError)) throw error;
      this.#tail.add(line);
      return;
    }
    switch (record.kind) {
      case 'console':
      case 'target':
      case 'log':
        if (record.text.trim() !== '') this.#tail.add(record.text.trimEnd());
        return;
      case 'exec':
      case 'notify':
        this.#onAsync(record);
        return;
      case 'result':
        this.#settle(record.token ?? 0, record.class, record.values);
        return;
      case 'status':
      case 'prompt':
        return;
    }
  }

  #settle(token: number, resultClass: string, values: MiTuple): void {
    // An answer nobody waits for any more came after its deadline.
    const pending = this.#pending.get(token);
    if (pending === undefined) return;
    this.#pending.delete(token);
    if (resultClass !== 'error') {
      pending.resolve(values);
      return;
    }
    const message = typeof values.msg === 'string' ? values.msg : 'no message';
    pending.reject(gdbFailure(pending.doing, message, this.#tail.lines));
  }

  async #die(): Promise<void> {
    const how = await withDeadline(this.#child.exited, EXIT_REPORT_MS, 'GDB to end').then(
      ({ code, signal }) => signal ?? `exit code ${code ?? 'unknown'}`,
      () => 'closing its output',
    );
    this.fail(this.#deathError(how));
  }

  /** @throws the error of {@link fail} or of GDB's end, if that has happened */
  check(): void {
    if (this.#dead !== undefined) throw this.#dead;
  }

  /** Makes every pending and later command fail with `error`. No effect when that has happened already. */
  fail(error: ProbeError): void {
    if (this.#dead !== undefined) return;
    this.#dead = error;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    this.#onDeath(error);
  }

  #deathError(how: string): ProbeError {
    const last = this.#tail.lines.at(-1) ?? 'nothing';
    return new ProbeError(
      'rig',
      `GDB ended with ${how}; it said last: ${last}`,
      'start again; if it recurs, reinstall gdb-multiarch with ./scripts/setup',
      this.#tail.lines,
    );
  }
}
