/** At 115200 baud, 8N1. */
const BYTES_PER_MS = 11.52;

/** What a {@link CopyWait} is made with. */
export interface CopyWaitSettings {
  /** What the line carries to the board at least; as at 115200 baud when undefined. */
  readonly bytesPerMs: number | undefined;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Called when a wait is over. */
  readonly onOver: () => void;
}

/**
 * Waits until the copies of a request that had to be repeated have arrived. On a line that is slower than requests are repeated, each
 * would otherwise wait behind the copies of those before it, be repeated more often itself, and at last be given up although the board
 * is well.
 */
export class CopyWait {
  readonly #settings: CopyWaitSettings;
  /** When all that was sent has arrived for certain. */
  #arrivedAt = 0;
  #waiting: { readonly seq: number; copies: number; readonly timer: NodeJS.Timeout } | undefined;

  constructor(settings: CopyWaitSettings) {
    this.#settings = settings;
  }

  get waiting(): boolean {
    return this.#waiting !== undefined;
  }

  /** So many bytes begin their way now. */
  sending(bytes: number): void {
    const { now, bytesPerMs = BYTES_PER_MS } = this.#settings;
    this.#arrivedAt = Math.max(this.#arrivedAt, now()) + bytes / bytesPerMs;
  }

  /** A request has its first reply: which of its copies that answers isn't known. @param sent copies of it */
  answered(seq: number, sent: number): void {
    const ms = this.#arrivedAt - this.#settings.now();
    if (sent === 1 || ms <= 0) return;
    const timer = setTimeout(() => {
      this.#end();
    }, ms);
    this.#waiting = { seq, copies: sent - 1, timer };
  }

  /** A further copy was answered. */
  hear(seq: number): void {
    if (this.#waiting?.seq !== seq) return;
    this.#waiting.copies -= 1;
    if (this.#waiting.copies === 0) this.#end();
  }

  /** Ends a wait without a word. */
  cancel(): void {
    clearTimeout(this.#waiting?.timer);
    this.#waiting = undefined;
  }

  #end(): void {
    this.cancel();
    this.#settings.onOver();
  }
}
