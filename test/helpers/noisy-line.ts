import { createLine, type BytePort, type Line } from '../../src/link/index.ts';

/** What becomes of a line on its way: itself, something else, or nothing. */
export type LineFault = (text: string) => string | undefined;

/** A line that damages what passes, a whole line at a time. */
export function lossyLine(line: Line, faults: { in?: LineFault; out?: LineFault }): Line {
  const pass: LineFault = (text) => text;
  const { in: incoming = pass, out: outgoing = pass } = faults;
  return {
    name: line.name,
    get stats() {
      return line.stats;
    },
    get closed() {
      return line.closed;
    },
    recent: () => line.recent(),
    write: async (text) => {
      const sent = outgoing(text);
      if (sent !== undefined) await line.write(sent);
    },
    onLine: (listener) =>
      line.onLine((text) => {
        const received = incoming(text);
        if (received !== undefined) listener(received);
      }),
    onBegin: (listener) => line.onBegin(listener),
    onClose: (listener) => line.onClose(listener),
    close: () => line.close(),
    [Symbol.asyncDispose]: () => line.close(),
  };
}

/** Numbers from 0 to below 1: a linear congruential generator with the constants of Numerical Recipes. */
export function seeded(seed: number): () => number {
  // Neighbouring seeds begin far apart.
  let state = Math.imul(seed, 0x9e37_79b9) >>> 0;
  const next = (): number => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
  next();
  return next;
}

/** How bad a line is: probabilities, for each byte or for each piece that is written or received (a line, mostly). */
export interface Noise {
  /** A bit of a byte is another. */
  readonly flip: number;
  readonly drop: number;
  readonly double: number;
  /** A random byte comes before this one. */
  readonly insert: number;
  /** A piece comes twice. */
  readonly doublePiece: number;
  /** A piece and all after it come up to {@link PAUSE_MS} later. */
  readonly pause: number;
  /** The port is gone after this piece. */
  readonly close: number;
}

/** What was done to a line. */
export type Damage = Record<keyof Noise, number>;

const NO_DAMAGE: Damage = {
  flip: 0,
  drop: 0,
  double: 0,
  insert: 0,
  doublePiece: 0,
  pause: 0,
  close: 0,
};

/** Longest pause, in milliseconds: longer than the host waits for a reply. */
const PAUSE_MS = 700;

/** Changes bytes by chance. */
function damaged(bytes: Uint8Array, noise: Noise, random: () => number, done: Damage): Buffer {
  const happens = (kind: keyof Noise): boolean => {
    // A line without a kind of noise draws nothing for it.
    if (noise[kind] === 0 || random() >= noise[kind]) return false;
    done[kind] += 1;
    return true;
  };
  const out: number[] = [];
  for (const byte of bytes) {
    if (happens('insert')) out.push(Math.floor(random() * 256));
    if (happens('drop')) continue;
    const now = happens('flip') ? byte ^ (1 << Math.floor(random() * 8)) : byte;
    out.push(now);
    if (happens('double')) out.push(now);
  }
  return Buffer.from(happens('doublePiece') ? [...out, ...out] : out);
}

/** One direction of a line: pieces in order, some of them late. */
class Direction {
  readonly damage: Damage = { ...NO_DAMAGE };
  readonly #noise: Noise;
  readonly #random: () => number;
  readonly #deliver: (bytes: Buffer) => void;
  readonly #close: () => void;
  readonly #waiting: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    noise: Noise,
    random: () => number,
    deliver: (bytes: Buffer) => void,
    close: () => void,
  ) {
    this.#noise = noise;
    this.#random = random;
    this.#deliver = deliver;
    this.#close = close;
  }

  take(bytes: Uint8Array): void {
    const { pause, close } = this.#noise;
    this.#waiting.push(damaged(bytes, this.#noise, this.#random, this.damage));
    if (this.#timer === undefined && this.#random() < pause) {
      this.damage.pause += 1;
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#flush();
      }, this.#random() * PAUSE_MS);
    }
    if (this.#timer === undefined) this.#flush();
    if (this.#random() >= close) return;
    this.damage.close += 1;
    this.#close();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
  }

  #flush(): void {
    for (const bytes of this.#waiting.splice(0)) this.#deliver(bytes);
  }
}

/** A line with noise on it, byte by byte, in both directions. Owns the line below it. */
export interface NoisyLine {
  readonly line: Line;
  readonly damage: { readonly in: Damage; readonly out: Damage };
}

/** Puts noise on a line. Empty lines of the line below don't come through. */
export function noisyLine(
  below: Line,
  noise: { readonly in: Noise; readonly out: Noise },
  random: () => number,
): NoisyLine {
  let data: (bytes: Uint8Array) => void = () => undefined;
  let gone: (reason: string) => void = () => undefined;
  const close = (): void => {
    gone('the noise closed it');
  };
  const incoming = new Direction(
    noise.in,
    random,
    (bytes) => {
      data(bytes);
    },
    close,
  );
  const outgoing = new Direction(
    noise.out,
    random,
    (bytes) => {
      below.write(bytes.toString('latin1')).catch(() => undefined);
    },
    close,
  );
  below.onLine((text) => {
    incoming.take(Buffer.from(`${text}\n`, 'latin1'));
  });
  below.onClose((reason) => {
    gone(reason?.message ?? 'it was closed');
  });
  const port: BytePort = {
    write: (bytes) => {
      outgoing.take(bytes);
      return Promise.resolve();
    },
    close: () => {
      incoming.stop();
      outgoing.stop();
      return below.close();
    },
    onData: (listener) => {
      data = listener;
    },
    onGone: (listener) => {
      gone = listener;
    },
  };
  return {
    line: createLine(port, { name: below.name }),
    damage: { in: incoming.damage, out: outgoing.damage },
  };
}
