import { HilError } from '../errors/index.ts';

/** A time limit that stands still while something is waited for that has a limit of its own. */
export class PausableDeadline {
  #leftMs: number;
  #from = 0;
  #timer: NodeJS.Timeout | undefined;
  #passed = false;
  #running = false;
  readonly #late = Promise.withResolvers<never>();

  /** @param ms milliseconds, counted from {@link race} on */
  constructor(ms: number) {
    this.#leftMs = ms;
    this.#late.promise.catch(() => undefined);
  }

  /** Whether the time was up before the work was done. */
  get passed(): boolean {
    return this.#passed;
  }

  /** As the work does, or rejects when the time is up. The work is not ended by that. */
  async race<T>(work: Promise<T>): Promise<T> {
    this.#running = true;
    if (this.#timer === undefined && this.#paused === 0) this.#go();
    try {
      return await Promise.race([work, this.#late.promise]);
    } finally {
      this.#running = false;
      clearTimeout(this.#timer);
    }
  }

  #paused = 0;

  /** Does something during which no time counts. */
  async without<T>(work: () => Promise<T>): Promise<T> {
    if (this.#paused === 0 && this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#leftMs -= performance.now() - this.#from;
    }
    this.#paused += 1;
    try {
      return await work();
    } finally {
      this.#paused -= 1;
      if (this.#paused === 0 && this.#running) this.#go();
    }
  }

  #go(): void {
    this.#from = performance.now();
    this.#timer = setTimeout(
      () => {
        this.#passed = true;
        this.#late.reject(new HilError('harness', 'the time is up'));
      },
      Math.max(0, this.#leftMs),
    );
  }
}
