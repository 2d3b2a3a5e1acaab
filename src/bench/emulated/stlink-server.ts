import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { errorText } from '../../errors/index.ts';
import { wordAt, wordBytes } from './bytes.ts';
import type { Awaitable } from './flash-store.ts';
import { MAX_DATA, STLINK_USB } from './stlink-commands.ts';

/** First byte of a request to an ST-LINK server; lengths in bytes include it (OpenOCD src/jtag/drivers/stlink_usb.c, TCP backend). */
const REQUEST = {
  REFRESH: { op: 0, length: 2 },
  COUNT: { op: 1, length: 1 },
  INFO: { op: 2, length: 8 },
  OPEN: { op: 3, length: 8 },
  CLOSE: { op: 4, length: 8 },
  USB_COMMAND: { op: 5, length: 32 },
  VERSION: { op: 6, length: 4 },
} as const;
const LENGTHS = new Map(Object.values(REQUEST).map(({ op, length }) => [op as number, length]));

/** Status word of a reply: 1 is success, any other value an error. */
const STATUS_OK = 1;
const STATUS_ERROR = 0x1000;
/** API 3 lets the client send up to 4 KiB at once; then major, minor, build. */
const SERVER_VERSION = [3, 2, 1, 1] as const;
const DEVICE_ID = 1;
const SERIAL_LENGTH = 32;
const USB_COMMAND_AT = 8;
const DIRECTION_AT = 24;
const DATA_LENGTH_AT = 28;
const DIRECTION_WRITE = 0;

/** One request, cut from the stream. */
export interface StlinkRequest {
  readonly op: number;
  /** The fixed part. */
  readonly head: Uint8Array;
  /** The data phase of a USB command towards the probe. */
  readonly data: Uint8Array;
}

/**
 * Cuts the first request from a stream.
 * @returns undefined when more bytes are needed, `bad` when this cannot be a request
 */
export function takeRequest(
  bytes: Uint8Array,
): { readonly request: StlinkRequest; readonly used: number } | 'bad' | undefined {
  const op = bytes[0];
  if (op === undefined) return undefined;
  const length = LENGTHS.get(op);
  if (length === undefined) return 'bad';
  if (bytes.length < length) return undefined;
  const head = bytes.subarray(0, length);
  const size = op === REQUEST.USB_COMMAND.op ? wordAt(head, DATA_LENGTH_AT) : 0;
  if (size > MAX_DATA) return 'bad';
  const written = head[DIRECTION_AT] === DIRECTION_WRITE ? size : 0;
  const used = length + written;
  if (bytes.length < used) return undefined;
  return { request: { op, head, data: bytes.subarray(length, used) }, used };
}

/** What a server needs of its probe. */
export interface StlinkProbe {
  execute(command: Uint8Array, data: Uint8Array): Awaitable<Uint8Array>;
}

/** Settings of {@link StlinkServer.listen}. */
export interface StlinkServerSettings {
  readonly probe: StlinkProbe;
  /** The probe's serial number, at most 31 characters. */
  readonly serial: string;
  /** Called when the last client that had opened the probe has gone. */
  readonly released: () => Promise<void>;
  readonly log: (text: string) => void;
}

/**
 * A virtual ST-LINK behind the TCP protocol of ST's stlink-server, on 127.0.0.1. Clients share it, as they share a probe through
 * ST's server: commands are executed one after the other, and whoever halts the core halts it for all.
 */
export class StlinkServer implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #settings: StlinkServerSettings;
  readonly #sockets = new Set<Socket>();
  /** Clients that opened the probe, with their handles. */
  readonly #owners = new Map<Socket, number>();
  #handle = 0;
  /** The last command under way; settles when the next client's may begin. */
  #turn: Promise<unknown> = Promise.resolve();
  /** What the last client left undone; the next one waits for it. */
  #releasing: Promise<void> = Promise.resolve();

  private constructor(server: Server, settings: StlinkServerSettings) {
    this.#server = server;
    this.#settings = settings;
    const address = server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
    server.on('connection', (socket) => {
      this.#serve(socket);
    });
  }

  /** Listens on a free port. */
  static async listen(settings: StlinkServerSettings): Promise<StlinkServer> {
    const server = createServer({ noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new StlinkServer(server, settings);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    let pending: Uint8Array = new Uint8Array(0);
    let busy = false;
    const work = async (): Promise<void> => {
      for (;;) {
        const taken = takeRequest(pending);
        if (taken === undefined) return;
        if (taken === 'bad') {
          this.#settings.log('ST-LINK client sent something that is not a request; closed');
          socket.destroy();
          return;
        }
        pending = pending.subarray(taken.used);
        const reply = this.#answer(taken.request, socket);
        socket.write(reply instanceof Promise ? await reply : reply);
      }
    };
    socket.on('data', (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      if (busy) return;
      busy = true;
      void work().finally(() => {
        busy = false;
      });
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#release(socket);
    });
  }

  #answer({ op, head, data }: StlinkRequest, socket: Socket): Awaitable<Uint8Array> {
    switch (op) {
      case REQUEST.VERSION.op:
        return wordBytes(...SERVER_VERSION);
      case REQUEST.COUNT.op:
        return wordBytes(1);
      case REQUEST.INFO.op:
        return this.#info(head[1] ?? 0);
      case REQUEST.OPEN.op:
        return this.#releasing.then(() => this.#open(wordAt(head, 4), socket));
      case REQUEST.CLOSE.op:
        this.#release(socket);
        return this.#releasing.then(() => wordBytes(STATUS_OK));
      case REQUEST.USB_COMMAND.op:
        return this.#command(head, data, socket);
      default:
        return wordBytes(STATUS_OK);
    }
  }

  /** Status, device id, serial number, USB ids, and whether a client holds it for itself alone (never): 45 bytes. */
  #info(index: number): Uint8Array {
    const serial = new Uint8Array(SERIAL_LENGTH);
    serial.set(Buffer.from(this.#settings.serial, 'latin1').subarray(0, SERIAL_LENGTH - 1));
    return Buffer.concat([
      wordBytes(index === 0 ? STATUS_OK : STATUS_ERROR, DEVICE_ID),
      serial,
      wordBytes(STLINK_USB.vid | (STLINK_USB.pid << 16)),
      Uint8Array.of(0),
    ]);
  }

  #open(device: number, socket: Socket): Uint8Array {
    if (device !== DEVICE_ID || this.#owners.has(socket)) return wordBytes(STATUS_ERROR, 0);
    this.#handle++;
    this.#owners.set(socket, this.#handle);
    return wordBytes(STATUS_OK, this.#handle);
  }

  #command(head: Uint8Array, data: Uint8Array, socket: Socket): Awaitable<Uint8Array> {
    const wanted = head[DIRECTION_AT] === DIRECTION_WRITE ? 0 : wordAt(head, DATA_LENGTH_AT);
    const reply = (status: number, bytes: Uint8Array): Uint8Array => {
      const message = new Uint8Array(4 + wanted);
      message.set(wordBytes(status));
      message.set(bytes.subarray(0, wanted), 4);
      return message;
    };
    if (wordAt(head, 4) !== this.#owners.get(socket)) return reply(STATUS_ERROR, new Uint8Array(0));
    const command = head.subarray(USB_COMMAND_AT, DIRECTION_AT);
    const failed = (error: unknown): Uint8Array => {
      this.#settings.log(`ST-LINK command failed: ${errorText(error)}`);
      return reply(STATUS_ERROR, new Uint8Array(0));
    };
    try {
      const result = this.#execute(command, data);
      if (!(result instanceof Promise)) return reply(STATUS_OK, result);
      return result.then((bytes) => reply(STATUS_OK, bytes), failed);
    } catch (error) {
      return failed(error);
    }
  }

  /** Executes at once for a lone client, which sends one command at a time; else in turn. */
  #execute(command: Uint8Array, data: Uint8Array): Awaitable<Uint8Array> {
    const { probe } = this.#settings;
    const result =
      this.#owners.size === 1
        ? probe.execute(command, data)
        : this.#turn.then(() => probe.execute(command, data));
    if (result instanceof Promise) this.#turn = result.catch(() => undefined);
    return result;
  }

  #release(socket: Socket): void {
    if (!this.#owners.delete(socket) || this.#owners.size > 0) return;
    this.#releasing = this.#settings.released().catch((error: unknown) => {
      this.#settings.log(`ST-LINK release failed: ${errorText(error)}`);
    });
  }
}
