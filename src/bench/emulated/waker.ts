import type { QmpClient } from './qmp.ts';

/**
 * One harmless command a millisecond. Sending them back to back takes the emulated core's time on a machine with few
 * processors, and was measured to be slower than none.
 */
const INTERVAL_MS = 1;

/**
 * Keeps QEMU's main loop turning. The emulated UART takes one received byte per turn, and reading its data register does
 * not cause a turn: without other events only the first byte of a burst arrives.
 */
export class Waker {
  readonly #qmp: Pick<QmpClient, 'send'>;
  #holders = 0;
  #underWay = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(qmp: Pick<QmpClient, 'send'>) {
    this.#qmp = qmp;
  }

  /** Keeps the loop turning until `work` has settled. Calls may overlap. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#holders++ === 0) {
      this.#timer = setInterval(() => {
        this.#tick();
      }, INTERVAL_MS);
    }
    try {
      return await work();
    } finally {
      if (--this.#holders === 0) clearInterval(this.#timer);
    }
  }

  #tick(): void {
    if (this.#underWay) return;
    this.#underWay = true;
    const done = (): void => {
      this.#underWay = false;
    };
    // When QEMU has ended, whoever waits for the serial line finds out by its own deadline.
    this.#qmp.send('query-status').then(done, done);
  }
}
