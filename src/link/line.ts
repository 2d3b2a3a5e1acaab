import { ReadlineParser } from '@serialport/parser-readline';
import { HilError } from '../errors/index.ts';
import { withDeadline } from '../process/index.ts';
import { LineLimiter, NEWLINE } from './limiter.ts';
import { Listeners, type Unsubscribe } from './listeners.ts';

/**
 * Bounds a write. The kernel takes up to 4096 bytes at once, which leave in 356 ms at 115200 baud; the rest is for a board that
 * is held still by flow control or an emulator that is slow.
 */
export const WRITE_TIMEOUT_MS = 2000;
/** Bounds closing. The kernel closes a terminal in about 1 ms; nothing is drained. */
export const CLOSE_TIMEOUT_MS = 1500;
/** Writes that may wait for their turn; a request is repeated fewer times than this. */
const WRITE_QUEUE_LIMIT = 16;
/** Lines kept as evidence. */
const RECENT_LINES = 200;

/** Bytes in, bytes out: what a {@link Line} is made over. */
export interface BytePort {
  /** Resolves when the bytes were handed over, rejects when the port is gone. */
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
  /** Changes the rate, in bits per second; absent on a port that has none. */
  setBaud?(baud: number): Promise<void>;
  /** Called with every piece received, cut anywhere; the bytes are the listener's only during the call. One listener. */
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Called once when the port is gone without having been closed. One listener. */
  onGone(listener: (reason: string) => void): void;
}

/** Counters of a line, in bytes and lines since it was opened. */
export interface LineStats {
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly linesIn: number;
  /** Bytes thrown away because a line never ended. */
  readonly bytesCut: number;
}

/** One line as it passed, for evidence. */
export interface RecordedLine {
  /** Host clock in milliseconds, monotonic, origin at the start of the process. */
  readonly at: number;
  readonly direction: 'in' | 'out';
  /** One byte per character, without the newline. */
  readonly text: string;
}

/** The rate of a line. */
export interface LineSpeed {
  /** Bits per second. */
  readonly baud: number;
  /**
   * Changes it, after what was written before; what was received of a line that isn't over is dropped.
   * @throws HilError (link) when the port can't
   */
  set(baud: number): Promise<void>;
}

/** A text line in both directions. Characters are bytes (Latin-1). */
export interface Line extends AsyncDisposable {
  /** What a person calls it: a port's path. */
  readonly name: string;
  readonly stats: LineStats;
  readonly closed: boolean;
  /** Absent on a line without a rate. */
  readonly speed?: LineSpeed | undefined;
  /** The last lines in both directions, oldest first. */
  recent(): readonly RecordedLine[];
  /**
   * Sends text as it is; a newline is the caller's.
   * @throws HilError (link) when the line is closed or takes no bytes for {@link WRITE_TIMEOUT_MS}
   */
  write(text: string): Promise<void>;
  /** Called with each received line, without its newline; empty lines are left out. Listeners must not throw. */
  onLine(listener: (text: string) => void): Unsubscribe;
  /** Called with the first piece of each line whose end doesn't arrive with it. Listeners must not throw. */
  onBegin(listener: (piece: Uint8Array) => void): Unsubscribe;
  /** Called once when the line is over: with an error when the other side went away, without one after {@link close}. */
  onClose(listener: (reason: HilError | undefined) => void): Unsubscribe;
  /** Ends the line within {@link CLOSE_TIMEOUT_MS}. Never rejects; may be called twice. */
  close(): Promise<void>;
}

/** Settings of {@link createLine}. */
export interface LineSettings {
  readonly name: string;
  /** Bits per second that the port was opened with, where it has a rate. */
  readonly baud?: number;
  /** Runs each write, of so many bytes; an emulated bench keeps its machine awake around it. */
  readonly beforeWrite?: (work: () => Promise<void>, bytes: number) => Promise<void>;
  /** Called with every line as it passes. */
  readonly onRecord?: (line: RecordedLine) => void;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
  /** Called once after the port was closed, for instance to release a lock. */
  readonly afterClose?: () => Promise<void>;
}

/** Makes a line over a port; the line owns the port from now on. */
export function createLine(port: BytePort, settings: LineSettings): Line {
  return new PortLine(port, settings);
}

class PortLine implements Line {
  readonly name: string;
  readonly #port: BytePort;
  readonly #settings: LineSettings;
  readonly #parser = new ReadlineParser({ delimiter: '\n', encoding: 'latin1' });
  #limiter = new LineLimiter();
  /** Bytes that limiters before this one have cut off. */
  #cutBefore = 0;
  readonly #lines = new Listeners<string>();
  readonly #begins = new Listeners<Uint8Array>();
  readonly #closes = new Listeners<HilError | undefined>();
  readonly #recent: RecordedLine[] = [];
  readonly #stats = { bytesIn: 0, bytesOut: 0, linesIn: 0 };
  /** Pieces of a line that hasn't ended yet. */
  #begun: Buffer[] = [];
  #baud: number;
  #writes: Promise<void> = Promise.resolve();
  #waiting = 0;
  #closing: Promise<void> | undefined;

  constructor(port: BytePort, settings: LineSettings) {
    this.name = settings.name;
    this.#port = port;
    this.#settings = settings;
    this.#baud = settings.baud ?? 0;
    this.#parser.on('data', (text: string) => {
      this.#stats.linesIn += 1;
      this.#record('in', text);
      this.#lines.emit(text);
    });
    port.onData((bytes) => {
      if (this.closed) return;
      this.#stats.bytesIn += bytes.length;
      this.#take(this.#limiter.take(bytes));
    });
    port.onGone((reason) => {
      void this.#end(new HilError('link', `the other side of ${this.name} went away: ${reason}`));
    });
  }

  get stats(): LineStats {
    return { ...this.#stats, bytesCut: this.#cutBefore + this.#limiter.cut };
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  get speed(): LineSpeed | undefined {
    if (this.#port.setBaud === undefined || this.#settings.baud === undefined) return undefined;
    const now = (): number => this.#baud;
    return {
      get baud() {
        return now();
      },
      set: (baud) => this.#setBaud(baud),
    };
  }

  recent(): readonly RecordedLine[] {
    return [...this.#recent];
  }

  async write(text: string): Promise<void> {
    if (this.closed) throw new HilError('link', `the line ${this.name} is closed`);
    if (this.#waiting >= WRITE_QUEUE_LIMIT) throw this.#stuck();
    this.#waiting += 1;
    const bytes = Buffer.from(text, 'latin1');
    const send = async (): Promise<void> => {
      if (this.closed) throw new HilError('link', `the line ${this.name} is closed`);
      this.#record('out', text.replace(/\n$/, ''));
      const work = (): Promise<void> => this.#port.write(bytes);
      await (this.#settings.beforeWrite?.(work, bytes.length) ?? work());
      this.#stats.bytesOut += bytes.length;
    };
    const sent = this.#writes.then(send).finally(() => {
      this.#waiting -= 1;
    });
    this.#writes = sent.catch(() => undefined);
    await withDeadline(
      sent,
      WRITE_TIMEOUT_MS,
      `${this.name} to take ${bytes.length} bytes`,
      'link',
    );
  }

  onLine(listener: (text: string) => void): Unsubscribe {
    return this.#lines.add(listener);
  }

  onBegin(listener: (piece: Uint8Array) => void): Unsubscribe {
    return this.#begins.add(listener);
  }

  onClose(listener: (reason: HilError | undefined) => void): Unsubscribe {
    return this.#closes.add(listener);
  }

  close(): Promise<void> {
    return this.#end(undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Only whole lines go to the parser: an emulated port gives each line in many pieces, and a turn of the parser costs more than a piece. */
  #take(bytes: Buffer): void {
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      this.#parser.write(Buffer.concat([...this.#begun, bytes.subarray(0, end)]));
      this.#begun = [];
    }
    const piece = bytes.subarray(end);
    // Of a line that never ends nothing comes through but its beginning.
    if (piece.length === 0) return;
    this.#begun.push(piece);
    if (this.#begun.length === 1) this.#begins.emit(piece);
  }

  #dropPartOfLine(): void {
    this.#begun = [];
    this.#cutBefore += this.#limiter.cut;
    this.#limiter = new LineLimiter();
  }

  /** The rate counts as changed at once: what is written after this waits for it. */
  async #setBaud(baud: number): Promise<void> {
    this.#baud = baud;
    const changed = this.#writes.then(async () => {
      if (this.closed) throw new HilError('link', `the line ${this.name} is closed`);
      await this.#port.setBaud?.(baud);
      this.#dropPartOfLine();
    });
    this.#writes = changed.catch(() => undefined);
    await withDeadline(changed, WRITE_TIMEOUT_MS, `${this.name} to change its rate`, 'link');
  }

  #stuck(): HilError {
    return new HilError(
      'link',
      `the line ${this.name} takes no bytes: ${WRITE_QUEUE_LIMIT} writes wait`,
    );
  }

  #end(reason: HilError | undefined): Promise<void> {
    if (this.#closing !== undefined) return this.#closing;
    this.#closing = this.#shut();
    this.#closes.emit(reason);
    return this.#closing;
  }

  async #shut(): Promise<void> {
    try {
      await withDeadline(this.#port.close(), CLOSE_TIMEOUT_MS, `${this.name} to close`);
    } catch {
      // The kernel takes the port back when the process ends; there is nothing else to do about it.
    }
    this.#parser.destroy();
    await this.#settings.afterClose?.();
  }

  #record(direction: 'in' | 'out', text: string): void {
    const now = this.#settings.now ?? (() => performance.now());
    const line = { at: now(), direction, text };
    this.#recent.push(line);
    if (this.#recent.length > RECENT_LINES) this.#recent.shift();
    this.#settings.onRecord?.(line);
  }
}
