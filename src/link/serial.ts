import { realpath } from 'node:fs/promises';
import { SerialPort } from 'serialport';
import { errorText, HilError } from '../errors/index.ts';
import { acquireLock, withDeadline } from '../process/index.ts';
import { createLine, type BytePort, type Line, type LineSettings } from './line.ts';
import { portCandidates, portUsers } from './ports.ts';

/** Bounds opening: the kernel needs about 1 ms, a USB adapter up to 100 ms. */
const OPEN_TIMEOUT_MS = 3000;

/** Between two looks whether the terminal is still there: an unplugged board is noticed within this time. */
const LOOK_INTERVAL_MS = 250;

/** Settings of {@link openSerial}. */
export interface SerialSettings extends Omit<LineSettings, 'afterClose' | 'name' | 'baud'> {
  /** Device file, or a link to one. */
  readonly path: string;
  /** Symbols per second; 8 data bits, no parity, 1 stop bit. A pseudo-terminal only remembers it. */
  readonly baud: number;
  /** What to call the line in messages; the path when left out. */
  readonly name?: string;
  /** What to tell others who find the port in use. */
  readonly command?: string;
}

/**
 * Opens a serial port and takes its machine-wide lock until the line is closed. Bytes that arrived before are thrown away.
 * @throws HilError (rig): no such port, permission denied, in use (the holder is named), not a serial port
 */
export async function openSerial(settings: SerialSettings): Promise<Line> {
  const { path, baud, name = path, command = 'cockpit-hil', ...rest } = settings;
  const device = await deviceOf(path);
  const lock = await acquireLock(device, command);
  try {
    const port = await openPort(device, baud);
    return createLine(new SerialBytePort(port), {
      ...rest,
      name,
      baud,
      afterClose: async () => {
        await lock[Symbol.asyncDispose]();
      },
    });
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw await openError(path, device, baud, error);
  }
}

async function deviceOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    throw await openError(path, path, 0, error);
  }
}

async function openPort(path: string, baudRate: number): Promise<SerialPort> {
  // `lock` takes flock(2) on the device: other users of flock (picocom, another harness) and we keep out of each other's way.
  const port = new SerialPort({ path, baudRate, lock: true, autoOpen: false });
  // Without a listener a write that is cancelled by closing would end the process; the write's own callback tells the writer.
  port.on('error', () => undefined);
  const opened = new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
  await withDeadline(opened, OPEN_TIMEOUT_MS, `${path} to open`);
  await new Promise<void>((resolve, reject) => {
    port.flush((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
  return port;
}

/** The error for a user behind what the system said. */
export async function openError(
  path: string,
  device: string,
  baud: number,
  error: unknown,
): Promise<HilError> {
  if (error instanceof HilError) return error;
  const text = errorText(error).replace(/^Error:? /, '');
  const cause = { cause: error };
  if (/ENOENT|No such (file|device)|ENXIO/.test(text)) {
    const found = await portCandidates();
    const fix =
      found.length === 0
        ? 'connect the board; no serial port is present'
        : `use one of ${found.join(', ')}`;
    return new HilError('rig', `no serial port ${path}`, fix, cause);
  }
  if (/EACCES|Permission denied/.test(text))
    return new HilError(
      'rig',
      `no permission to open the serial port ${path}`,
      'add yourself to its group (sudo usermod -aG dialout "$USER") and log in again',
      cause,
    );
  if (/Cannot lock port|busy/i.test(text)) {
    const users = await portUsers(device);
    const by = users.length === 0 ? 'another program' : users.join(', ');
    return new HilError('rig', `serial port ${path} is in use by ${by}`, 'end that program', cause);
  }
  if (/Inappropriate ioctl|Is a directory/.test(text))
    return new HilError('rig', `${path} is not a serial port`, 'name a serial device', cause);
  return new HilError(
    'rig',
    `cannot open the serial port ${path} at ${baud} baud: ${text}`,
    '',
    cause,
  );
}

class SerialBytePort implements BytePort {
  readonly #port: SerialPort;
  readonly #watch: NodeJS.Timeout;
  #gone: (reason: string) => void = () => undefined;

  constructor(port: SerialPort) {
    this.#port = port;
    this.#watch = setInterval(() => {
      this.#look();
    }, LOOK_INTERVAL_MS);
    // The port itself keeps the process alive as long as it is open.
    this.#watch.unref();
    port.on('close', (error: Error | null) => {
      clearInterval(this.#watch);
      this.#gone(error === null ? 'it was closed' : errorText(error));
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#port.write(Buffer.from(bytes), (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  close(): Promise<void> {
    clearInterval(this.#watch);
    if (!this.#port.isOpen) return Promise.resolve();
    return new Promise((resolve) => {
      // Writes still under way are cancelled, not drained: draining waits for a board that may never read.
      this.#port.close(() => {
        resolve();
      });
    });
  }

  setBaud(baudRate: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#port.update({ baudRate }, (error) => {
        if (error) reject(new HilError('link', `no ${baudRate} baud: ${errorText(error)}`));
        else resolve();
      });
    });
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#port.on('data', listener);
  }

  onGone(listener: (reason: string) => void): void {
    this.#gone = listener;
  }

  /**
   * Finds out that a terminal was hung up. serialport notices it only while it waits for bytes: when the hang-up comes during
   * a read, it reads end of file again and again, for ever.
   */
  #look(): void {
    this.#port.port?.getBaudRate().catch((error: unknown) => {
      // EIO is what every request to a terminal that was hung up returns; other errors say nothing about that.
      if (errorText(error).includes('Input/output error')) this.#gone('it was hung up');
    });
  }
}
