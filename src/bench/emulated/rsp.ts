import type { Socket } from 'node:net';
import { HilError } from '../../errors/index.ts';
import { withDeadline } from '../../process/index.ts';
import { fromHex, toHex, wordAt, wordBytes } from './bytes.ts';
import { frameRsp, RspParser } from './rsp-framing.ts';

/** The stub answers within a main-loop round, under 1 ms; 5 s covers a machine that swaps. */
const REPLY_MS = 5000;
/** QEMU drops packets over 4,096 bytes; two hex digits a byte and the header leave room for 1 KiB with margin. */
const WRITE_BLOCK = 1024;
/** The byte that stops a running core. */
const BREAK = '\x03';

/** One instruction takes microseconds; a WFI never ends by itself and is broken off, as a halt request does on silicon. */
const STEP_MS = 200;

/** Why the core stopped, as the stub's signal number tells: {@link STOP_ASKED}, or 5 for a breakpoint or a step. */
export type StopSignal = number;
export const STOP_ASKED = 2;

interface Waiting {
  readonly resolve: (payload: string) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Client of QEMU's GDB stub: run control, core registers, breakpoints, and the writes to flash that the bus refuses.
 * Any byte that reaches the stub stops a running core, so nothing but {@link interrupt} is sent while it runs.
 */
export class RspClient {
  readonly #socket: Socket;
  readonly #parser = new RspParser();
  #reply: Waiting | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;
  #running = false;
  #stopped: Promise<StopSignal> = Promise.resolve(0);
  #resolveStop: (signal: StopSignal) => void = () => undefined;
  readonly #stopListeners = new Set<(signal: StopSignal) => void>();

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#take(text);
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#closed = true;
      this.#running = false;
      this.#resolveStop(0);
      this.#reply?.reject(closedError());
    });
  }

  /** Whether the core was let go and no stop was reported since. */
  get running(): boolean {
    return this.#running;
  }

  /** Calls back whenever the core stops; returns the function that ends it. */
  onStop(listener: (signal: StopSignal) => void): () => void {
    this.#stopListeners.add(listener);
    return () => this.#stopListeners.delete(listener);
  }

  /** Sends a packet to the stopped stub and returns its reply. */
  request(payload: string): Promise<string> {
    const result = this.#queue.then(() => this.#exchange(payload));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** Lets the core run, or execute one instruction. Settles when the packet is on its way. */
  resume(kind: 'continue' | 'step'): void {
    if (this.#closed) throw closedError();
    if (this.#running) return;
    this.#running = true;
    this.#stopped = new Promise((resolve) => {
      this.#resolveStop = resolve;
    });
    this.#socket.write(frameRsp(kind === 'step' ? 'vCont;s' : 'vCont;c'));
  }

  /** Executes one instruction, with interrupts masked (the stub's default), and waits for its end. */
  async step(): Promise<void> {
    this.resume('step');
    const breakOff = setTimeout(() => this.#socket.write(BREAK), STEP_MS);
    try {
      await withDeadline(this.#stopped, REPLY_MS, 'one instruction of the emulated core');
    } finally {
      clearTimeout(breakOff);
    }
  }

  /** Stops the core and waits until it has stopped. */
  async interrupt(): Promise<void> {
    if (!this.#running) return;
    this.#socket.write(BREAK);
    await withDeadline(this.#stopped, REPLY_MS, 'the emulated core to stop');
  }

  /** The value of a 32-bit register by the stub's number. */
  async readRegister(number: number): Promise<number> {
    const bytes = fromHex(await this.request(`p${number.toString(16)}`));
    if (bytes === undefined || bytes.length < 4)
      throw new HilError('rig', `the emulated core has no register number ${number}`);
    return wordAt(bytes, 0);
  }

  /** Writes a 32-bit register by the stub's number. */
  async writeRegister(number: number, value: number): Promise<void> {
    await this.#expectOk(`P${number.toString(16)}=${toHex(wordBytes(value))}`);
  }

  /** Writes memory past the bus, flash included. */
  async writeMemory(address: number, bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.length; offset += WRITE_BLOCK) {
      const block = bytes.subarray(offset, offset + WRITE_BLOCK);
      const at = (address + offset).toString(16);
      await this.#expectOk(`M${at},${block.length.toString(16)}:${toHex(block)}`);
    }
  }

  /** Sets or removes a hardware breakpoint on a Thumb instruction. */
  async breakpoint(address: number, set: boolean): Promise<void> {
    await this.#expectOk(`${set ? 'Z' : 'z'}1,${address.toString(16)},2`);
  }

  /** A document of the stub's target description. */
  async feature(name: string): Promise<string> {
    let text = '';
    for (;;) {
      const offset = text.length.toString(16);
      const reply = await this.request(`qXfer:features:read:${name}:${offset},800`);
      if (!/^[lm]/.test(reply)) throw new HilError('rig', `QEMU has no description ${name}`);
      text += reply.slice(1);
      if (reply.startsWith('l')) return text;
    }
  }

  async #expectOk(payload: string): Promise<void> {
    const reply = await this.request(payload);
    if (reply !== 'OK')
      throw new HilError('rig', `QEMU's stub refused "${payload.slice(0, 30)}": ${reply}`);
  }

  async #exchange(payload: string): Promise<string> {
    if (this.#closed) throw closedError();
    if (this.#running) throw new HilError('harness', `stub request "${payload}" while running`);
    const reply = new Promise<string>((resolve, reject) => {
      this.#reply = { resolve, reject };
    });
    this.#socket.write(frameRsp(payload));
    try {
      return await withDeadline(reply, REPLY_MS, `QEMU's stub to answer "${payload.slice(0, 30)}"`);
    } finally {
      this.#reply = undefined;
    }
  }

  #take(text: string): void {
    for (const item of this.#parser.feed(text)) {
      if (item.kind === 'damaged') this.#socket.write('-');
      if (item.kind !== 'packet') continue;
      this.#socket.write('+');
      const signal = /^[TS]([0-9a-fA-F]{2})/.exec(item.payload)?.[1];
      if (this.#running && signal !== undefined) this.#stop(Number.parseInt(signal, 16));
      else this.#reply?.resolve(item.payload);
    }
  }

  #stop(signal: StopSignal): void {
    this.#running = false;
    this.#resolveStop(signal);
    for (const listener of this.#stopListeners) listener(signal);
  }
}

function closedError(): HilError {
  return new HilError('rig', 'the emulated board has ended (its debug socket closed)');
}
