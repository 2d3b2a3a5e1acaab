import { HilError } from '../errors/index.ts';

/** A bench whose board can be lent to other firmware. */
export interface Lender {
  /** Ends everything that holds the board. */
  close(): Promise<void>;
  /** Takes the board again, with its own firmware on it, connected. */
  restore(): Promise<void>;
}

/** What works on a lent board. */
export interface Borrower {
  /** Owns what is started for the work; disposed when the work ends, and before when it is cut. */
  readonly resources: AsyncDisposableStack;
  readonly signal: AbortSignal;
}

/** Lends a bench's board to other firmware, and sees to it that its own comes back. */
export class BoardLoan {
  readonly #lender: Lender;
  readonly #signal: AbortSignal;
  #away = false;
  #cut: (() => Promise<void>) | undefined;

  constructor(lender: Lender, signal: AbortSignal) {
    this.#lender = lender;
    this.#signal = signal;
  }

  /** Whether the board has not come back from where it was lent to. */
  get away(): boolean {
    return this.#away;
  }

  /**
   * Has something done with the board that puts other firmware on it. Whatever becomes of that, the board's own is on it again
   * afterwards; unless the work was {@link cut}, when {@link giveBack} is left to the caller, or everything was interrupted: then the next
   * use of the board flashes it.
   */
  async lend<T>(work: (borrower: Borrower) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    await this.#lender.close();
    this.#away = true;
    try {
      await using resources = new AsyncDisposableStack();
      this.#cut = async () => {
        abort.abort(new HilError('harness', 'the time is up'));
        await resources.disposeAsync();
      };
      return await work({ resources, signal: AbortSignal.any([this.#signal, abort.signal]) });
    } finally {
      this.#cut = undefined;
      this.#signal.throwIfAborted();
      if (!abort.signal.aborted) await this.giveBack();
    }
  }

  /** Ends the work under way, if there is any. */
  async cut(): Promise<void> {
    await this.#cut?.();
  }

  /** Puts the board's own firmware on it again; nothing when it is there. */
  async giveBack(): Promise<void> {
    if (!this.#away) return;
    await this.#lender.restore();
    this.#away = false;
  }
}
