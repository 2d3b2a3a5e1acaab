import type { Writable } from 'node:stream';
import { LINE_LIMIT } from '../../wire/index.ts';
import type { QtestClient } from './qtest.ts';

/**
 * How long the loop is kept turning after the last byte was handed to the line, which takes all of them at once: 512 bytes, the longest
 * line, at the 7 bytes a millisecond that this reaches take 74 ms. What is left over then comes in with the firmware's own tick.
 */
const LINGER_MS = 80;
/** With the firmware's own tick alone a byte is in each millisecond: more than a line is in for certain after so long. */
const TICK_BYTES_PER_MS = 1;
/**
 * Reads kept under way. While the emulated core is busy the main loop has its turn late; with one read at a time each turn costs
 * a way there and back besides, with four the loop finds the next one waiting.
 */
const READS = 4;
/**
 * So few bytes, an acknowledgement, come thousands of times in a run, and the answers to reads cost both sides time: there is a byte for
 * the unused serial port instead for each.
 */
const FEW_BYTES = 4;
/** Any address that can be read without an effect; the answer is not looked at. */
const SRAM = 0x2000_0000;

/**
 * Keeps QEMU's main loop turning. The emulated UART takes one received byte per turn, and reading its data register does
 * not cause a turn: without other events a byte arrives only if there was a turn since the one before was read. Each harmless read over
 * qtest is a turn, and so is each byte for a serial port that drops it.
 */
export class Waker {
  readonly #qtest: Pick<QtestClient, 'readValue'>;
  readonly #wake: Pick<Writable, 'write'>;
  readonly #now: () => number;
  #holders = 0;
  #until = 0;
  /** Chains of reads that are going on. */
  #chains = 0;

  /** @param wake receiving end of a serial port that nobody reads from */
  constructor(
    qtest: Pick<QtestClient, 'readValue'>,
    wake: Pick<Writable, 'write'>,
    now: () => number = () => performance.now(),
  ) {
    this.#qtest = qtest;
    this.#wake = wake;
    this.#now = now;
  }

  /**
   * Keeps the loop turning until `work` has settled and a little longer. Calls may overlap.
   * @param bytes that `work` sends; a line when left out
   */
  async during<T>(work: () => Promise<T>, bytes = LINE_LIMIT): Promise<T> {
    if (bytes <= FEW_BYTES) {
      const done = await work();
      this.#wake.write(new Uint8Array(bytes));
      return done;
    }
    this.#holders += 1;
    while (this.#chains < READS) void this.#turn();
    try {
      return await work();
    } finally {
      this.#holders -= 1;
      const now = this.#now();
      const few = bytes <= LINE_LIMIT;
      const ms = few ? (bytes / LINE_LIMIT) * LINGER_MS : bytes / TICK_BYTES_PER_MS;
      // What was sent before may still wait in front of these.
      this.#until = Math.max(Math.max(this.#until, now) + ms, now + LINGER_MS);
    }
  }

  async #turn(): Promise<void> {
    this.#chains += 1;
    try {
      while (this.#holders > 0 || this.#now() < this.#until) await this.#qtest.readValue(SRAM, 4);
    } catch {
      // When QEMU has ended, whoever waits for the serial line finds out by its own deadline.
    }
    this.#chains -= 1;
  }
}
