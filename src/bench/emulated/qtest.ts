import type { Socket } from 'node:net';
import { HilError } from '../../errors/index.ts';
import { withDeadline } from '../../process/index.ts';
import { fromHex, toHex } from './bytes.ts';
import { onLines } from './sockets.ts';

/** qtest answers within a main-loop round, under 1 ms; 5 s covers a machine that swaps. */
const REPLY_MS = 5000;

/** One line from QEMU's qtest socket. */
export type QtestLine =
  | { readonly kind: 'ok'; readonly fields: readonly string[] }
  | { readonly kind: 'fail'; readonly reason: string }
  /** A watched line changed; they come at any time, also between a command and its reply. */
  | { readonly kind: 'irq'; readonly line: number; readonly level: 0 | 1 }
  | { readonly kind: 'other' };

/** Reads a line as qtest writes it (QEMU docs/devel/testing/qtest.rst). */
export function parseQtestLine(line: string): QtestLine {
  const fields = line.split(' ');
  if (fields[0] === 'OK') return { kind: 'ok', fields: fields.slice(1) };
  if (fields[0] === 'FAIL') return { kind: 'fail', reason: fields.slice(1).join(' ') };
  const irq = /^IRQ (raise|lower) (\d{1,5})$/.exec(line);
  if (irq) return { kind: 'irq', line: Number(irq[2]), level: irq[1] === 'raise' ? 1 : 0 };
  return { kind: 'other' };
}

interface Waiting {
  readonly command: string;
  readonly resolve: (fields: readonly string[]) => void;
  readonly reject: (error: Error) => void;
}

/** Client of QEMU's qtest protocol: physical memory and device lines while the emulated core runs. */
export class QtestClient {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  readonly #listeners = new Set<(line: number, level: 0 | 1) => void>();
  #closed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    onLines(socket, (line) => {
      this.#take(line);
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#closed = true;
      for (const { reject } of this.#waiting.splice(0)) reject(closedError());
    });
  }

  /**
   * Sends one command; replies come in the order of the commands.
   * @returns the fields after OK
   * @throws HilError (rig) when QEMU answers FAIL, is gone, or does not answer within 5 s
   */
  async command(text: string): Promise<readonly string[]> {
    if (this.#closed) throw closedError();
    const reply = new Promise<readonly string[]>((resolve, reject) => {
      this.#waiting.push({ command: text, resolve, reject });
    });
    this.#socket.write(text + '\n');
    return withDeadline(reply, REPLY_MS, `QEMU's answer to qtest "${text.slice(0, 40)}"`);
  }

  /** Reads a value of 1, 2 or 4 bytes with one bus access of that size. */
  async readValue(address: number, size: 1 | 2 | 4): Promise<number> {
    const name = { 1: 'readb', 2: 'readw', 4: 'readl' }[size];
    const [value] = await this.command(`${name} 0x${address.toString(16)}`);
    const parsed = Number(value);
    if (value === undefined || !Number.isInteger(parsed)) throw garbled(value);
    return parsed >>> 0;
  }

  /** Writes a value of 1, 2 or 4 bytes with one bus access of that size. */
  async writeValue(address: number, size: 1 | 2 | 4, value: number): Promise<void> {
    const name = { 1: 'writeb', 2: 'writew', 4: 'writel' }[size];
    await this.command(`${name} 0x${address.toString(16)} 0x${(value >>> 0).toString(16)}`);
  }

  /** Reads memory (not device registers: the access size is QEMU's choice). */
  async readMemory(address: number, length: number): Promise<Uint8Array> {
    const [text] = await this.command(`read 0x${address.toString(16)} 0x${length.toString(16)}`);
    const bytes = text?.startsWith('0x') === true ? fromHex(text.slice(2)) : undefined;
    if (bytes?.length !== length) throw garbled(text?.slice(0, 40));
    return bytes;
  }

  /** Writes RAM. Writes to flash are dropped by QEMU. */
  async writeMemory(address: number, bytes: Uint8Array): Promise<void> {
    const size = `0x${bytes.length.toString(16)}`;
    await this.command(`write 0x${address.toString(16)} ${size} 0x${toHex(bytes)}`);
  }

  /** Reports changes of all unnamed input lines of a device. QEMU allows one intercepted device per machine. */
  async interceptInputs(device: string): Promise<void> {
    await this.command(`irq_intercept_in ${device}`);
  }

  /** Drives an unnamed input line of a device. */
  async setInput(device: string, line: number, level: 0 | 1): Promise<void> {
    await this.command(`set_irq_in ${device} unnamed-gpio-in ${line} ${level}`);
  }

  /** Calls back on each change of an intercepted line; returns the function that ends it. */
  onIrq(listener: (line: number, level: 0 | 1) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #take(line: string): void {
    const parsed = parseQtestLine(line);
    if (parsed.kind === 'irq') {
      for (const listener of this.#listeners) listener(parsed.line, parsed.level);
    } else if (parsed.kind === 'ok') {
      this.#waiting.shift()?.resolve(parsed.fields);
    } else if (parsed.kind === 'fail') {
      const waiting = this.#waiting.shift();
      waiting?.reject(new HilError('rig', `qtest "${waiting.command}" failed: ${parsed.reason}`));
    }
  }
}

function closedError(): HilError {
  return new HilError('rig', 'the emulated board has ended (its qtest socket closed)');
}

function garbled(text: string | undefined): HilError {
  return new HilError('rig', `QEMU sent a garbled qtest value: ${text ?? 'nothing'}`);
}
