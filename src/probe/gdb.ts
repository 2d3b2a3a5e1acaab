import { HilError } from '../errors/index.ts';
import { OwnedChild, withDeadline } from '../process/index.ts';
import { MiClient } from './mi-client.ts';
import { gdbFailure } from './gdb-failures.ts';
import {
  misread,
  toBreakpoint,
  toFrames,
  toRegisters,
  toStop,
  toValue,
  type Breakpoint,
  type Frame,
  type Stop,
  type Value,
} from './gdb-values.ts';
import { miQuote, type MiAsync } from './mi-parser.ts';

/** Attaching makes OpenOCD halt the core (1 s), probe the flash bank and read all registers: twice the 5 s of a command. */
const ATTACH_MS = 10_000;
/** A halt takes one poll of the target (100 ms) and a few USB round trips. */
const HALT_MS = 3_000;
/** One source line normally takes microseconds; a line that calls into a long loop is what the bound is for. */
const STEP_MS = 5_000;
/** GDB leaves at once when told; after that `stop` sends signals. */
const EXIT_MS = 1_000;

export interface GdbSettings {
  /** ELF file with debug information. */
  readonly elfPath: string;
  /** GDB server on 127.0.0.1: OpenOCD's, or QEMU's own. */
  readonly port: number;
  /** Ends the start. */
  readonly signal?: AbortSignal;
  /** Bound of one ordinary command in milliseconds; 5 s unless given. */
  readonly commandTimeoutMs?: number;
  /** The program to run; `gdb-multiarch` from PATH unless given. */
  readonly program?: string;
}

/** A GDB attached to the core; made by {@link startGdb}. Disposing it detaches: OpenOCD then restores run or halt. */
export class Gdb implements AsyncDisposable {
  readonly #child: OwnedChild;
  readonly #mi: MiClient;
  #stop: Stop | undefined;
  #waiters: { resolve: (stop: Stop) => void; reject: (error: unknown) => void }[] = [];
  #attached = false;
  #detaching = false;

  private constructor(child: OwnedChild, commandTimeoutMs: number | undefined) {
    this.#child = child;
    this.#mi = new MiClient(
      child,
      (record) => {
        this.#onAsync(record);
      },
      (error) => {
        for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
      },
      commandTimeoutMs,
    );
  }

  /** See {@link startGdb}. */
  static async start(settings: GdbSettings): Promise<Gdb> {
    const child = await OwnedChild.start(settings.program ?? 'gdb-multiarch', [
      '--interpreter=mi3',
      '-nx',
      '-q',
    ]);
    const gdb = new Gdb(child, settings.commandTimeoutMs);
    const abort = () => {
      child.signal('SIGKILL');
    };
    settings.signal?.addEventListener('abort', abort, { once: true });
    try {
      // The abort may have come before the listener.
      settings.signal?.throwIfAborted();
      await gdb.#attach(settings);
      settings.signal?.throwIfAborted();
      return gdb;
    } catch (error) {
      await child.stop();
      throw settings.signal?.aborted === true
        ? new HilError('harness', "GDB's start was ended", '', { cause: error })
        : error;
    } finally {
      settings.signal?.removeEventListener('abort', abort);
    }
  }

  async #attach({ elfPath, port }: GdbSettings): Promise<void> {
    const settings = [
      'mi-async on',
      'confirm off',
      'pagination off',
      'auto-load off',
      'tcp auto-retry off',
    ];
    for (const setting of settings) await this.#mi.run(`-gdb-set ${setting}`, "GDB's start");
    await this.#mi.run(`-file-exec-and-symbols ${miQuote(elfPath)}`, `reading ${elfPath}`);
    const server = `127.0.0.1:${port}`;
    await this.#mi.run(
      `-target-select extended-remote ${server}`,
      `attaching to ${server}`,
      ATTACH_MS,
    );
    this.#attached = true;
    await this.waitForStop(HALT_MS);
  }

  /** Process id, for reports. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether the core is stopped, as far as GDB knows. */
  get stopped(): boolean {
    return this.#stop !== undefined;
  }

  /** GDB's last 50 lines for people, oldest first. */
  get log(): readonly string[] {
    return this.#mi.lines;
  }

  #onAsync(record: MiAsync): void {
    if (record.class === 'thread-group-exited' && !this.#detaching) {
      // From here on GDB would answer reads of variables from the ELF file, as if they came from the board.
      this.#stop = undefined;
      this.#mi.fail(gdbFailure('the debug session', 'Remote connection closed', this.#mi.lines));
    }
    if (record.class === 'running') {
      this.#stop = undefined;
      return;
    }
    if (record.class !== 'stopped') return;
    const stop = toStop(record.values);
    this.#stop = stop;
    for (const waiter of this.#waiters.splice(0)) waiter.resolve(stop);
  }

  /**
   * Waits until the core stops; returns at once when it is stopped.
   * @throws HilError (rig) after `withinMs` milliseconds; the core keeps running
   */
  async waitForStop(withinMs: number): Promise<Stop> {
    if (this.#stop !== undefined) return this.#stop;
    this.#mi.check();
    const { promise, resolve, reject } = Promise.withResolvers<Stop>();
    const waiter = { resolve, reject };
    this.#waiters.push(waiter);
    try {
      return await withDeadline(promise, withinMs, 'the core to stop');
    } finally {
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
    }
  }

  /** Stops the core. No effect on a stopped one. */
  async halt(): Promise<Stop> {
    if (this.#stop === undefined) await this.#mi.run('-exec-interrupt', 'halting the core');
    return this.waitForStop(HALT_MS);
  }

  /** Lets the core run. No effect on a running one. */
  async resume(): Promise<void> {
    if (this.#stop === undefined) return;
    await this.#go('-exec-continue', 'resuming the core');
  }

  /** Steps one source line, over calls, or one machine instruction. */
  async step(unit: 'line' | 'over' | 'instruction' = 'line'): Promise<Stop> {
    const commands = {
      line: '-exec-step',
      over: '-exec-next',
      instruction: '-exec-step-instruction',
    };
    await this.#go(commands[unit], 'stepping');
    return this.waitForStop(STEP_MS);
  }

  /** GDB answers `^running` before it prints what stops the core, so the earlier stop is void from here on. */
  async #go(command: string, doing: string): Promise<void> {
    const before = this.#stop;
    this.#stop = undefined;
    try {
      await this.#mi.run(command, doing);
    } catch (error) {
      this.#stop = before;
      throw error;
    }
  }

  /** Sets a hardware breakpoint. @param location a function, `file.c:line` or `*0xADDRESS` */
  async breakAt(location: string): Promise<Breakpoint> {
    const { bkpt } = await this.#mi.run(
      `-break-insert -h ${miQuote(location)}`,
      `setting a breakpoint at ${location}`,
    );
    return toBreakpoint(bkpt);
  }

  /** Deletes a breakpoint. The core must be stopped. */
  async removeBreakpoint(number: number): Promise<void> {
    await this.#mi.run(`-break-delete ${number}`, `deleting breakpoint ${number}`);
  }

  /**
   * Runs until a place in the program is reached, then removes the breakpoint.
   * @throws HilError (rig) when it is not reached within `withinMs`; the core is halted then
   */
  async runTo(location: string, withinMs: number): Promise<Stop> {
    const breakpoint = await this.breakAt(location);
    try {
      await this.resume();
      return await this.waitForStop(withinMs);
    } finally {
      await this.halt();
      await this.removeBreakpoint(breakpoint.number);
    }
  }

  /** Integer core registers by GDB's names (r0…r12, sp, lr, pc, xpsr, msp, psp, …). The core must be stopped. */
  async registers(): Promise<ReadonlyMap<string, number>> {
    const names = await this.#mi.run('-data-list-register-names', 'listing registers');
    const values = await this.#mi.run('-data-list-register-values x', 'reading registers');
    return toRegisters(names, values);
  }

  /** The call stack, innermost frame first. The core must be stopped. */
  async backtrace(): Promise<readonly Frame[]> {
    const { stack } = await this.#mi.run('-stack-list-frames', 'reading the call stack');
    return toFrames(stack);
  }

  /** Evaluates a C expression in the innermost frame and returns GDB's text. The core must be stopped. */
  async evaluate(expression: string): Promise<string> {
    const command = `-data-evaluate-expression ${miQuote(expression)}`;
    const { value } = await this.#mi.run(command, `evaluating ${expression}`);
    if (typeof value !== 'string') throw misread('-data-evaluate-expression', value);
    return value;
  }

  /** Reads a variable by name, or the value of any C expression. The core must be stopped. */
  async variable(expression: string): Promise<Value> {
    return toValue(await this.evaluate(expression));
  }

  async #detach(): Promise<void> {
    await this.halt();
    await this.#mi.run('-break-delete', 'deleting breakpoints');
    this.#detaching = true;
    await this.#mi.run('-target-detach', 'detaching');
    await this.#mi.run('-gdb-exit', 'ending GDB', EXIT_MS);
    await withDeadline(this.#child.exited, EXIT_MS, 'GDB to end');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.running && this.#attached) {
      // A GDB that cannot even detach is ended by force; its server then sees the connection close.
      await this.#detach().catch(() => undefined);
    }
    await this.#child.stop();
  }
}

/**
 * Starts gdb-multiarch and attaches it to a GDB server; the core is stopped afterwards.
 * @throws ProbeError (rig) with GDB's own words when it cannot attach; HilError (rig) when GDB is not installed
 */
export function startGdb(settings: GdbSettings): Promise<Gdb> {
  return Gdb.start(settings);
}
