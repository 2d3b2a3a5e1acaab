import type { QtestClient } from './qtest.ts';

/**
 * How long the loop is kept turning after the last byte was handed to the pty, which takes a whole line at once: 512 bytes, the
 * longest line, at the 7 bytes a millisecond that this reaches take 74 ms. What is left over then comes in with the firmware's own
 * tick, a byte each millisecond.
 */
const LINGER_MS = 80;
/**
 * Reads kept under way. While the emulated core is busy the main loop has its turn late; with one read at a time each turn costs
 * a way there and back besides, with four the loop finds the next one waiting.
 */
const READS = 4;
/**
 * So few bytes, an acknowledgement, come thousands of times in a run, and reads cost both sides time: there is one for each byte but
 * the first, which arrives by itself.
 */
const FEW_BYTES = 4;
/** Any address that can be read without an effect; the answer is not looked at. */
const SRAM = 0x2000_0000;

/**
 * Keeps QEMU's main loop turning. The emulated UART takes one received byte per turn, and reading its data register does
 * not cause a turn: without other events only the first byte of a burst arrives. Each harmless read over qtest is a turn.
 */
export class Waker {
  readonly #qtest: Pick<QtestClient, 'readValue'>;
  readonly #now: () => number;
  #holders = 0;
  #until = 0;
  /** Chains of reads that are going on. */
  #chains = 0;

  constructor(qtest: Pick<QtestClient, 'readValue'>, now: () => number = () => performance.now()) {
    this.#qtest = qtest;
    this.#now = now;
  }

  /**
   * Keeps the loop turning until `work` has settled and a little longer. Calls may overlap.
   * @param bytes that `work` sends; a line when left out
   */
  async during<T>(work: () => Promise<T>, bytes = Infinity): Promise<T> {
    if (bytes <= FEW_BYTES) {
      const done = await work();
      let left = bytes - 1;
      void this.#readWhile(() => left-- > 0);
      return done;
    }
    this.#holders += 1;
    while (this.#chains < READS) void this.#turn();
    try {
      return await work();
    } finally {
      this.#holders -= 1;
      this.#until = this.#now() + LINGER_MS;
    }
  }

  async #turn(): Promise<void> {
    this.#chains += 1;
    await this.#readWhile(() => this.#holders > 0 || this.#now() < this.#until);
    this.#chains -= 1;
  }

  /** One read after the other. */
  async #readWhile(isNeeded: () => boolean): Promise<void> {
    try {
      while (isNeeded()) await this.#qtest.readValue(SRAM, 4);
    } catch {
      // When QEMU has ended, whoever waits for the serial line finds out by its own deadline.
    }
  }
}
