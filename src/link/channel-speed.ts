import type { Line, LineSpeed } from './line.ts';

/**
 * The rate of a channel's line. A board that raised it by request returns to the first one when it has received no whole request for a
 * while, or when it starts anew: this end follows when it is answered nothing for so long.
 */
export class ChannelSpeed {
  readonly #line: Pick<Line, 'write'>;
  readonly #speed: LineSpeed | undefined;
  /** Bits per second with which the line was opened; undefined on a line without a rate. */
  readonly first: number | undefined;
  #backMs = Infinity;
  #falls = 0;

  constructor(line: Pick<Line, 'write' | 'speed'>) {
    this.#line = line;
    this.#speed = line.speed;
    this.first = line.speed?.baud;
  }

  /** Bits per second now; undefined on a line without a rate. */
  get baud(): number | undefined {
    return this.#speed?.baud;
  }

  /** Whether it is another than the first one. */
  get raised(): boolean {
    return this.baud !== this.first;
  }

  /** How often the line went back because nothing was answered. */
  get falls(): number {
    return this.#falls;
  }

  /**
   * Changes this end's rate, after what was written before.
   * @param backMs after how much silence the board goes back by itself
   */
  async set(baud: number, backMs: number): Promise<void> {
    this.#backMs = backMs;
    // Both now, so that a request written next comes after them. What the board has received at the wrong rate ends with the newline.
    await Promise.all([this.#speed?.set(baud) ?? Promise.resolve(), this.#line.write('\n')]);
  }

  /** Goes back to the first rate when the board, if it hears nothing of what it is sent, must have done so. @returns whether it did */
  fall(silentMs: number): boolean {
    if (!this.raised || silentMs < this.#backMs || this.first === undefined) return false;
    this.#falls += 1;
    // What is written from now on waits for it; a port that is gone tells whoever writes.
    this.set(this.first, Infinity).catch(() => undefined);
    return true;
  }
}
