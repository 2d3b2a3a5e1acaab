import type { Socket } from 'node:net';
import { z } from 'zod';
import { HilError } from '../../errors/index.ts';
import { withDeadline } from '../../process/index.ts';
import { onLines } from './sockets.ts';

/** A QMP command is answered within a main-loop round, under 1 ms; 5 s covers a machine that swaps. */
const REPLY_MS = 5000;

const greetingSchema = z.object({
  QMP: z.object({
    version: z.object({ qemu: z.object({ major: z.int(), minor: z.int(), micro: z.int() }) }),
  }),
});
const messageSchema = z.union([
  z.object({ return: z.unknown(), id: z.int().optional() }),
  z.object({ error: z.object({ class: z.string(), desc: z.string() }), id: z.int().optional() }),
  z.object({ event: z.string(), data: z.record(z.string(), z.unknown()).optional() }),
]);

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** QEMU's version as its monitor greets with it. */
export interface QemuVersion {
  readonly major: number;
  readonly minor: number;
  readonly micro: number;
}

/** Client of QEMU's machine protocol (QMP): commands with replies, and events. */
export class QmpClient {
  readonly version: Promise<QemuVersion>;
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<(event: string, data: Record<string, unknown>) => void>();
  #greet: (version: QemuVersion) => void = () => undefined;
  #lastId = 0;
  #closed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.version = new Promise((resolve) => {
      this.#greet = resolve;
    });
    onLines(socket, (line) => {
      this.#take(line);
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#closed = true;
      for (const { reject } of this.#waiting.values()) reject(closedError());
      this.#waiting.clear();
    });
  }

  /** Reads the greeting and leaves negotiation mode. */
  async handshake(): Promise<QemuVersion> {
    const version = await withDeadline(this.version, REPLY_MS, "QEMU's QMP greeting");
    await this.execute('qmp_capabilities');
    return version;
  }

  /**
   * Runs a command.
   * @throws HilError (rig) when QEMU refuses it, is gone, or does not answer within 5 s
   */
  async execute(command: string, args: Record<string, unknown> = {}): Promise<unknown> {
    return withDeadline(this.send(command, args), REPLY_MS, `QEMU's answer to ${command}`);
  }

  /** {@link execute} without a deadline of its own. */
  send(command: string, args: Record<string, unknown> = {}): Promise<unknown> {
    if (this.#closed) return Promise.reject(closedError());
    const id = ++this.#lastId;
    const reply = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    this.#socket.write(JSON.stringify({ execute: command, arguments: args, id }) + '\n');
    return reply;
  }

  /** Calls back on each event; returns the function that ends it. */
  onEvent(listener: (event: string, data: Record<string, unknown>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sends a command and waits for the event that says it took effect. */
  async executeAndAwait(command: string, event: string): Promise<void> {
    let stop: () => void = () => undefined;
    const seen = new Promise<void>((resolve) => {
      stop = this.onEvent((name) => {
        if (name === event) resolve();
      });
    });
    try {
      await this.execute(command);
      await withDeadline(seen, REPLY_MS, `QEMU's event ${event}`);
    } finally {
      stop();
    }
  }

  #take(line: string): void {
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      return;
    }
    const greeting = greetingSchema.safeParse(json);
    if (greeting.success) {
      this.#greet(greeting.data.QMP.version.qemu);
      return;
    }
    const message = messageSchema.safeParse(json);
    if (!message.success) return;
    const data = message.data;
    if ('event' in data) {
      for (const listener of this.#listeners) listener(data.event, data.data ?? {});
      return;
    }
    const waiting = data.id === undefined ? undefined : this.#waiting.get(data.id);
    if (data.id === undefined || waiting === undefined) return;
    this.#waiting.delete(data.id);
    if ('error' in data) waiting.reject(new HilError('rig', `QEMU refused: ${data.error.desc}`));
    else waiting.resolve(data.return);
  }
}

function closedError(): HilError {
  return new HilError('rig', 'the emulated board has ended (its QMP socket closed)');
}
