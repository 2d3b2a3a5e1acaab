import { LIMITS, PORTS, type Effect } from '../isa/index.ts';

/** Which time the program lives in: delays that pass at once, or the board's own clock. */
export type Clock = 'virtual' | 'real';

/**
 * How far a board's clock may run ahead of the host's before a time it read is called impossible: 2 % covers HSI16's
 * ±1 % over temperature (STM32G474 data sheet, HSI16 characteristics) twice; 100 ms covers the start message's way to the board.
 */
const CLOCK_RATE_SLACK = 0.02;
const CLOCK_OFFSET_SLACK_MS = 100;

/** Two readings that are further apart on the host are not held against each other: MICROS wraps after 71.6 minutes, and half of that tells ahead from behind. */
const COMPARABLE_MS = 30 * 60_000;

/** What a judge knows besides the values. */
export interface JudgeSettings {
  /** Host's monotonic milliseconds since the program was started. */
  readonly hostElapsedMs: () => number;
  /** The value that the board was told to give its program at a read of a port, counted from 0; undefined when it is live. */
  readonly scripted?: ((port: number, read: number) => number | undefined) | undefined;
}

/** A reading of one of the two clocks. */
interface Reading {
  readonly value: number;
  /** On the board since the first reading of that clock. */
  readonly elapsedMs: number;
  /** Delays that the program had asked for until then. */
  readonly delayMs: number;
}

/**
 * Judges the values a board says it read, before the model replays them. An unchecked value would launder a fault: the model
 * would simply follow whatever a broken read handler returned.
 */
export class InputJudge {
  readonly #settings: JudgeSettings;
  readonly #reads = new Map<number, number>();
  readonly #times = new Map<number, Reading>();
  /** What the clocks said last: microseconds modulo 2^32 that had passed by then, and the host's time. */
  #latest: { readonly us: number; readonly hostMs: number } | undefined;

  constructor(settings: JudgeSettings) {
    this.#settings = settings;
  }

  /** A judge that has seen the same, to go back to. */
  copy(): InputJudge {
    const copy = new InputJudge(this.#settings);
    for (const [port, count] of this.#reads) copy.#reads.set(port, count);
    for (const [port, reading] of this.#times) copy.#times.set(port, reading);
    copy.#latest = this.#latest;
    return copy;
  }

  /**
   * Why this input is impossible, or undefined when it can be true. Each read is judged once, in the order of the steps.
   * @param delayMs sum of the delays that the program has asked for before it, milliseconds
   */
  judge(input: Effect, delayMs: number): string | undefined {
    if (input.address === PORTS.MILLIS || input.address === PORTS.MICROS)
      return this.#judgeTime(input, delayMs);
    const read = this.#reads.get(input.address) ?? 0;
    this.#reads.set(input.address, read + 1);
    const given = this.#settings.scripted?.(input.address, read);
    if (given !== undefined && given !== input.value)
      return `${input.value} at read ${read} of the port, where the input script gives ${given}`;
    const kind = input.address & ~0xff;
    if (kind === PORTS.DIGITAL || kind === PORTS.BUTTON) return within(input.value, 1);
    if (kind === PORTS.ANALOG) return within(input.value, LIMITS.ANALOG_READ_MAX);
    return `no input port 0x${input.address.toString(16)}`;
  }

  #judgeTime(input: Effect, delayMs: number): string | undefined {
    const value = input.value >>> 0;
    const unitsPerMs = input.address === PORTS.MILLIS ? 1 : 1000;
    const before = this.#times.get(input.address);
    // Unsigned 32-bit difference: right across the wrap, and a step back shows as more than half the range.
    const step = before === undefined ? 0 : (value - before.value) >>> 0;
    if (before !== undefined && step > 0x7fff_ffff)
      return `time ran backwards, from ${before.value} to ${value}`;
    const passedMs = step / unitsPerMs;
    const elapsedMs = (before?.elapsedMs ?? 0) + passedMs;
    this.#times.set(input.address, { value, elapsedMs, delayMs });
    const hostMs = this.#settings.hostElapsedMs();
    const most = hostMs * (1 + CLOCK_RATE_SLACK) + CLOCK_OFFSET_SLACK_MS;
    if (elapsedMs > most)
      return `${elapsedMs.toFixed(1)} ms passed on the board, at most ${most.toFixed(1)} ms on the host`;
    const delayed = delayMs - (before?.delayMs ?? delayMs);
    if (passedMs < delayed)
      return `${passedMs} ms passed on the board, in which the program waited for ${delayed} ms`;
    return this.#judgeOther(value, unitsPerMs, hostMs);
  }

  /** Holds a clock against the other one: a millisecond is a thousand microseconds that have begun. */
  #judgeOther(value: number, unitsPerMs: number, hostMs: number): string | undefined {
    const us = Math.imul(value, 1000 / unitsPerMs) >>> 0;
    const before = this.#latest;
    const ahead = before === undefined ? 0 : (us - before.us) >>> 0;
    // As a clock of milliseconds it may be behind by what has passed of the present one.
    const behind = -(ahead | 0);
    if (behind <= 0) this.#latest = { us, hostMs };
    const tooFar = behind > (unitsPerMs === 1 ? 999 : 0);
    if (before === undefined || !tooFar || hostMs - before.hostMs > COMPARABLE_MS) return undefined;
    return `millis() and micros() are ${behind} us apart`;
  }
}

function within(value: number, most: number): string | undefined {
  return value >= 0 && value <= most ? undefined : `${value} is not in 0..${most}`;
}
