import { realpath } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { errorText, HilError } from '../errors/index.ts';
import { withDeadline } from '../process/index.ts';
import { createLine, type BytePort, type Line, type LineSettings } from './line.ts';

/** Bounds connecting. The listener is on this machine, and takes a connection within milliseconds. */
const CONNECT_TIMEOUT_MS = 3000;

/** Read at once. The longest line has 512 bytes, and what arrives meanwhile waits in the kernel. */
const READ_BYTES = 4096;

/** Settings of {@link openSocket}. */
export interface SocketSettings extends Omit<LineSettings, 'afterClose' | 'name' | 'baud'> {
  /** A Unix domain socket whose other side is a serial port, or a link to one. */
  readonly path: string;
}

/**
 * Opens a line over a Unix domain socket.
 * @throws HilError (rig) when nobody listens there
 */
export async function openSocket({ path, ...rest }: SocketSettings): Promise<Line> {
  let socket: Socket | undefined;
  let listener: (bytes: Uint8Array) => void = () => undefined;
  try {
    socket = connect({
      // The path of a socket has at most 107 bytes (unix(7)), that of a link to it any number.
      path: await realpath(path),
      // Without a buffer of its own Node allocates 64 KB for each piece of a line.
      onread: {
        buffer: Buffer.alloc(READ_BYTES),
        callback: (length, buffer) => {
          listener(buffer.subarray(0, length));
          return true;
        },
      },
    });
    await withDeadline(connected(socket), CONNECT_TIMEOUT_MS, `${path} to take a connection`);
  } catch (error) {
    socket?.destroy();
    const cause = { cause: error };
    throw new HilError('rig', `cannot connect to ${path}: ${errorText(error)}`, '', cause);
  }
  const port = new SocketBytePort(socket, (own) => {
    listener = own;
  });
  return createLine(port, { ...rest, name: path });
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
}

class SocketBytePort implements BytePort {
  readonly #socket: Socket;
  readonly onData: BytePort['onData'];

  /** @param onData of the socket's reader */
  constructor(socket: Socket, onData: BytePort['onData']) {
    this.#socket = socket;
    this.onData = onData;
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  close(): Promise<void> {
    if (this.#socket.closed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#socket.once('close', () => {
        resolve();
      });
      this.#socket.destroy();
    });
  }

  onGone(listener: (reason: string) => void): void {
    let reason = 'it was closed';
    this.#socket.on('error', (error) => {
      reason = errorText(error);
    });
    this.#socket.on('close', () => {
      listener(reason);
    });
  }
}
