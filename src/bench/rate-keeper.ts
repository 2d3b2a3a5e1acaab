import type { Channel } from '../link/index.ts';

/** A third of the 1,200 ms after which a board takes a rate back. */
const KEEP_MS = 400;
/** A sign of life is asked for once, and what follows needn't wait for it for long. */
const SIGN_OF_LIFE = { tries: 1, timeoutMs: 250 };
/** How long the board is asked for its first rate when the line is closed: it goes there by itself a second later. */
const LOWER = SIGN_OF_LIFE;

/** Keeps a board at the rate it was raised to while nothing is asked of it; disposing it takes the board to its first rate. */
export class RateKeeper implements AsyncDisposable {
  readonly #channel: Channel;
  readonly #timer: NodeJS.Timeout;

  constructor(channel: Channel) {
    this.#channel = channel;
    this.#timer = setInterval(() => {
      this.#look();
    }, KEEP_MS / 2);
    this.#timer.unref();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    const { speed, restingMs, ended } = this.#channel;
    // Whoever closes a line under a request wants that to end.
    if (!speed.raised || restingMs === 0 || ended !== undefined) return;
    await this.#channel.request('RATE', [String(speed.first)], LOWER).catch(() => undefined);
  }

  #look(): void {
    const { speed, restingMs, ended } = this.#channel;
    if (!speed.raised || restingMs < KEEP_MS || ended !== undefined) return;
    this.#channel.request('ECHO', ['='], SIGN_OF_LIFE).catch(() => undefined);
  }
}
