import type { ChannelCounters } from './channel-types.ts';
import { ReplyLedger } from './damage.ts';

/** The counters of a channel that has carried nothing, less those of its ledger. */
const NO_COUNTS: Omit<ChannelCounters, 'lostFrames' | 'doubledFrames'> = {
  requests: 0,
  repeats: 0,
  strayReplies: 0,
  badFrames: 0,
  events: 0,
  missedEvents: 0,
  echoes: 0,
  consoleLines: 0,
  garbled: 0,
  boardBadFrames: 0,
  contradictions: 0,
};

/** Counts what passes on a channel. */
export class Tally {
  counts: { -readonly [K in keyof typeof NO_COUNTS]: number } = { ...NO_COUNTS };
  ledger = new ReplyLedger();
  /** Damage counted up to the last whole frame. */
  #damage = { badFrames: 0, garbled: 0 };
  /** Damaged frames since the board's start, as it said last. */
  #boardCount: number | undefined;

  get counters(): ChannelCounters {
    const { lost: lostFrames, doubled: doubledFrames } = this.ledger;
    return { ...this.counts, lostFrames, doubledFrames };
  }

  /** Begins anew. */
  clear(): void {
    this.counts = { ...NO_COUNTS };
    this.#damage = { badFrames: 0, garbled: 0 };
    this.ledger = new ReplyLedger();
  }

  /** A whole frame has arrived. */
  wholeFrame(): void {
    const { badFrames, garbled } = this.counts;
    this.#damage = { badFrames, garbled };
  }

  /** Takes back what seemed damaged since the last whole frame: both ends were at other rates. */
  forgetDamage(): void {
    Object.assign(this.counts, this.#damage);
  }

  /** Notes how many damaged frames the board has counted since its start. */
  boardCount(badFrames: number): void {
    this.counts.boardBadFrames += Math.max(0, badFrames - (this.#boardCount ?? badFrames));
    this.#boardCount = badFrames;
  }
}
