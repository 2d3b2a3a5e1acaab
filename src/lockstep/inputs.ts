import { LIMITS, PORTS, type Effect } from '../isa/index.ts';

/** Which time the program lives in: delays that pass at once, or the board's own clock. */
export type Clock = 'virtual' | 'real';

/**
 * How far a board's clock may run ahead of the host's before a time it read is called impossible: 2 % covers HSI16's
 * ±1 % over temperature (STM32G474 data sheet, HSI16 characteristics) twice; 100 ms covers the start message's way to the board.
 */
const CLOCK_RATE_SLACK = 0.02;
const CLOCK_OFFSET_SLACK_MS = 100;

/**
 * Judges the values a board says it read, before the model replays them. An unchecked value would launder a fault: the model
 * would simply follow whatever a broken read handler returned.
 */
export class InputJudge {
  readonly #hostElapsedMs: () => number;
  readonly #times = new Map<number, { last: number; elapsedMs: number }>();

  /** @param hostElapsedMs host's monotonic milliseconds since the program was started */
  constructor(hostElapsedMs: () => number) {
    this.#hostElapsedMs = hostElapsedMs;
  }

  /** Why this input is impossible, or undefined when it can be true. */
  judge(input: Effect): string | undefined {
    if (input.address === PORTS.MILLIS) return this.#judgeTime(input, 1);
    if (input.address === PORTS.MICROS) return this.#judgeTime(input, 1000);
    const kind = input.address & ~0xff;
    if (kind === PORTS.DIGITAL || kind === PORTS.BUTTON) return within(input.value, 1);
    if (kind === PORTS.ANALOG) return within(input.value, LIMITS.ANALOG_READ_MAX);
    return `no input port 0x${input.address.toString(16)}`;
  }

  #judgeTime(input: Effect, unitsPerMs: number): string | undefined {
    const value = input.value >>> 0;
    const before = this.#times.get(input.address);
    if (before === undefined) {
      this.#times.set(input.address, { last: value, elapsedMs: 0 });
      return undefined;
    }
    // Unsigned 32-bit difference: right across the wrap, and a step back shows as more than half the range.
    const step = (value - before.last) >>> 0;
    if (step > 0x7fff_ffff) return `time ran backwards, from ${before.last} to ${value}`;
    const elapsedMs = before.elapsedMs + step / unitsPerMs;
    this.#times.set(input.address, { last: value, elapsedMs });
    const most = this.#hostElapsedMs() * (1 + CLOCK_RATE_SLACK) + CLOCK_OFFSET_SLACK_MS;
    if (elapsedMs > most) {
      return `${elapsedMs.toFixed(1)} ms passed on the board, at most ${most.toFixed(1)} ms on the host`;
    }
    return undefined;
  }
}

function within(value: number, most: number): string | undefined {
  return value >= 0 && value <= most ? undefined : `${value} is not in 0..${most}`;
}
