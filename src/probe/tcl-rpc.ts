import { connect, type Socket } from 'node:net';
import { errorText, HilError } from '../errors/index.ts';
import { withDeadline } from '../process/index.ts';

/** Ends every message in both directions (OpenOCD User's Guide, "Tcl RPC server"). */
export const TCL_END = 0x1a;

/** Loopback connects in well under 1 ms; OpenOCD's accept may wait for one 100 ms poll of the target. */
const CONNECT_MS = 2_000;

/** The reply to a command that was run under `catch`. */
export interface TclReply {
  readonly ok: boolean;
  /** What the command returned; empty when it failed. */
  readonly value: string;
  /** What was printed and logged while it ran; for a failed command OpenOCD's own words. */
  readonly output: string;
}

/** Splits a byte stream into messages at {@link TCL_END}; a piece may end anywhere, also inside a UTF-8 character. */
export class TclSplitter {
  #pending: Buffer[] = [];

  /** @returns the messages that became complete, without their ends */
  push(piece: Buffer): string[] {
    const messages: string[] = [];
    let from = 0;
    for (let end = piece.indexOf(TCL_END); end !== -1; end = piece.indexOf(TCL_END, from)) {
      messages.push(Buffer.concat([...this.#pending, piece.subarray(from, end)]).toString('utf8'));
      this.#pending = [];
      from = end + 1;
    }
    if (from < piece.length) this.#pending.push(piece.subarray(from));
    return messages;
  }
}

/** A word that Tcl takes literally whatever it holds, also inside braces: every special character is escaped. */
export function tclWord(text: string): string {
  if (text === '') return '""';
  // A newline cannot be escaped by a backslash alone: backslash-newline is a blank in Tcl.
  return text
    .replaceAll(/[\\"$[\]{};#\s]/g, (character) => `\\${character}`)
    .replaceAll('\\\n', '\\n');
}

/** OpenOCD also logs every answer; these bytes (ASCII STX and ETX) tell {@link ReplyFilter} where it begins and ends. */
const REPLY_BEGIN = '\x02';
const REPLY_END = '\x03';

/** Tells the lines of OpenOCD's log from the answers to commands, which it writes there as well. */
export class ReplyFilter {
  #inReply = false;

  /** Whether a line of OpenOCD's output, the next one in order, is log. */
  isLog(line: string): boolean {
    if (line.startsWith(REPLY_BEGIN)) this.#inReply = true;
    const log = !this.#inReply;
    if (line.endsWith(REPLY_END)) this.#inReply = false;
    return log;
  }
}

/**
 * The Tcl that runs `command` and answers its status, value and output, parted by 0x1F. The value travels apart from the
 * output because `capture` alone returns the one or the other: a log line would take the place of the value.
 */
export function wrapCommand(command: string): string {
  return (
    'set cockpit_value {}; ' +
    `set cockpit_status [catch {capture {set ::cockpit_value [${command}]}} cockpit_output]; ` +
    'set cockpit_value "\\x02$cockpit_status\\x1f$cockpit_value\\x1f$cockpit_output\\x03"'
  );
}

/**
 * Reads what {@link wrapCommand} made OpenOCD answer.
 * @throws HilError (rig) when the answer has another shape
 */
export function parseReply(message: string): TclReply {
  const framed = message.startsWith(REPLY_BEGIN) && message.endsWith(REPLY_END);
  const [status, value, ...output] = message.slice(1, -1).split('\x1f');
  if (
    !framed ||
    status === undefined ||
    !/^-?\d+$/.test(status) ||
    value === undefined ||
    output.length === 0
  ) {
    throw new HilError('rig', `OpenOCD answered ${JSON.stringify(message.slice(0, 80))}`);
  }
  return { ok: status === '0', value: value.trim(), output: output.join('\x1f').trim() };
}

interface Pending {
  readonly resolve: (message: string) => void;
  readonly reject: (error: unknown) => void;
}

/** A connection to OpenOCD's Tcl port. Commands run one after the other, in the order they were given. */
export class TclRpc implements Disposable {
  readonly #socket: Socket;
  readonly #splitter = new TclSplitter();
  readonly #onLost: () => Promise<Error>;
  #pending: Pending | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #lost: Promise<Error> | undefined;

  private constructor(socket: Socket, onLost: () => Promise<Error>) {
    this.#socket = socket;
    this.#onLost = onLost;
    socket.setNoDelay(true);
    socket.on('data', (piece: Buffer) => {
      for (const message of this.#splitter.push(piece)) this.#take(message);
    });
    socket.on('error', () => undefined); // 'close' follows and tells.
    socket.on('close', () => void this.#lose());
  }

  /**
   * @param port on 127.0.0.1
   * @param onLost makes the error for commands that can no longer be answered, once the connection is gone
   */
  static async connect(port: number, onLost: () => Promise<Error>): Promise<TclRpc> {
    const socket = connect({ host: '127.0.0.1', port });
    const connected = new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (error) => {
        reject(
          new HilError('rig', `cannot reach OpenOCD on 127.0.0.1:${port}: ${errorText(error)}`),
        );
      });
    });
    try {
      await withDeadline(connected, CONNECT_MS, `OpenOCD's Tcl port ${port}`);
    } catch (error) {
      socket.destroy();
      throw error;
    }
    return new TclRpc(socket, onLost);
  }

  /** Whether the connection stands. */
  get usable(): boolean {
    return this.#lost === undefined && !this.#socket.destroyed;
  }

  /**
   * Runs one Tcl command.
   * @param command without unbalanced braces; build words from data with {@link tclWord}
   * @param timeoutMs how long OpenOCD may take for it
   * @param signal ends the wait, and with it the connection
   * @throws HilError (rig) when OpenOCD does not answer in time or is gone; a command that fails is `ok: false`
   */
  run(command: string, timeoutMs: number, signal?: AbortSignal): Promise<TclReply> {
    const turn = this.#tail.then(() => this.#exchange(command, timeoutMs, signal));
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  async #exchange(command: string, timeoutMs: number, signal?: AbortSignal): Promise<TclReply> {
    if (command.includes(String.fromCharCode(TCL_END))) {
      throw new HilError('harness', 'a Tcl command must not contain the byte 0x1a');
    }
    signal?.throwIfAborted();
    if (this.#lost !== undefined) throw await this.#lost;
    const answer = new Promise<string>((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#socket.write(Buffer.from(`${wrapCommand(command)}\x1a`));
    });
    const abort = () => {
      this.#pending?.reject(signal?.reason);
      this.#socket.destroy();
    };
    signal?.addEventListener('abort', abort, { once: true });
    try {
      const message = await withDeadline(answer, timeoutMs, `OpenOCD's answer to \`${command}\``);
      return parseReply(message);
    } catch (error) {
      // A late answer must not be taken for the next command's: this connection is finished.
      this.#socket.destroy();
      throw error;
    } finally {
      this.#pending = undefined;
      signal?.removeEventListener('abort', abort);
    }
  }

  #take(message: string): void {
    this.#pending?.resolve(message);
    this.#pending = undefined;
  }

  async #lose(): Promise<void> {
    this.#lost = this.#onLost();
    const pending = this.#pending;
    pending?.reject(await this.#lost);
  }

  /**
   * Sends a command without waiting for an answer; `shutdown` is the one that gets none.
   * @returns false when the connection is gone
   */
  send(command: string): boolean {
    if (this.#lost !== undefined || !this.#socket.writable) return false;
    this.#socket.write(`${command}\x1a`);
    return true;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
