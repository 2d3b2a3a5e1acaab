import type { QtestClient } from './qtest.ts';

/**
 * How long the loop is kept turning after the last byte was handed to the pty, which takes a whole line at once: 512 bytes, the
 * longest line, at the 7 bytes a millisecond that this reaches take 74 ms.
 */
const LINGER_MS = 80;
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
  #turning = false;

  constructor(qtest: Pick<QtestClient, 'readValue'>, now: () => number = () => performance.now()) {
    this.#qtest = qtest;
    this.#now = now;
  }

  /** Keeps the loop turning until `work` has settled and a little longer. Calls may overlap. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#holders += 1;
    void this.#turn();
    try {
      return await work();
    } finally {
      this.#holders -= 1;
      this.#until = this.#now() + LINGER_MS;
    }
  }

  async #turn(): Promise<void> {
    if (this.#turning) return;
    this.#turning = true;
    try {
      while (this.#holders > 0 || this.#now() < this.#until) {
        await this.#qtest.readValue(SRAM, 4);
      }
    } catch {
      // When QEMU has ended, whoever waits for the serial line finds out by its own deadline.
    } finally {
      this.#turning = false;
    }
  }
}
