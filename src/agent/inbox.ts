import type { HilError } from '../errors/index.ts';
import type { Channel } from '../link/index.ts';
import { decodeEvent, type WireEvent } from '../wire/index.ts';

/** Events that may wait; a board may have 8 chunks unacknowledged, and those dropped here are repeated later. */
const INBOX_LIMIT = 64;

/** An event and its place among all that arrived, as in ChannelEvent. */
export interface Arrived {
  readonly event: WireEvent;
  readonly index: number;
}

/** The events of one VM, kept until they are asked for. */
export class Inbox implements Disposable {
  readonly #channel: Channel;
  readonly #waiting: Arrived[] = [];
  readonly #subscriptions: (() => void)[];
  #error: HilError | undefined;
  #wake: () => void = () => undefined;

  constructor(channel: Channel, vm: number) {
    this.#channel = channel;
    this.#subscriptions = [
      channel.onEvent(({ fields, index }) => {
        this.#receive(vm, fields, index);
      }),
      channel.onClose(() => {
        this.#wake();
      }),
    ];
  }

  /**
   * The next event, or undefined when none came for `idleMs` milliseconds.
   * @throws HilError when the line is closed (link) or an event cannot be understood (firmware)
   */
  async take(idleMs: number): Promise<Arrived | undefined> {
    if (this.#waiting.length === 0 && this.#failure() === undefined) await this.#sleep(idleMs);
    const arrived = this.#waiting.shift();
    if (arrived !== undefined) return arrived;
    const failure = this.#failure();
    if (failure !== undefined) throw failure;
    return undefined;
  }

  [Symbol.dispose](): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
  }

  #failure(): HilError | undefined {
    return this.#error ?? this.#channel.ended;
  }

  async #sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #receive(vm: number, fields: readonly string[], index: number): void {
    try {
      const event = decodeEvent(fields);
      if (event.vm !== vm) return;
      if (this.#waiting.length < INBOX_LIMIT) this.#waiting.push({ event, index });
    } catch (error) {
      this.#error ??= error as HilError;
    }
    this.#wake();
  }
}
