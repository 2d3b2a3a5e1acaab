import type { ChannelCounters } from './channel-types.ts';
import type { Line } from './line.ts';

/** The end of a frame; in front of it, what was its beginning. */
const FRAME_END = /\*[0-9A-F]{4}\r?$/;
/** What no text for a person has: control characters but tab and carriage return, and bytes beyond ASCII. */
const NO_TEXT = /[^\t\r -~]/;

/** Whether a line that doesn't begin like a frame is what was left of one, or noise. */
export function isGarbled(text: string): boolean {
  return FRAME_END.test(text) || NO_TEXT.test(text);
}

/** Requests that the board doesn't answer each time they are sent: it may be starting. */
const UNCOUNTED: ReadonlySet<string> = new Set(['HELLO', 'REBOOT']);

/**
 * Counts replies against requests. The board answers every copy of a request, in order: when the reply to the next request is there, a
 * copy that has no reply was lost, or its reply was. A reply that is merely late is neither lost nor doubled.
 */
export class ReplyLedger {
  #previous: { readonly seq: number; readonly sent: number; answers: number } | undefined;
  #lost = 0;
  #doubled = 0;

  /** Copies of a request, or replies to them, that never arrived. */
  get lost(): number {
    return this.#lost;
  }

  /** Replies beyond the copies sent. */
  get doubled(): number {
    return this.#doubled;
  }

  /** A request has its reply. @param sent copies of it that were sent */
  answered({ name, seq, sent }: { name: string; seq: number; sent: number }): void {
    const { sent: copies, answers } = this.#previous ?? { sent: 0, answers: 0 };
    this.#lost += Math.max(0, copies - answers);
    this.#previous = UNCOUNTED.has(name) ? undefined : { seq, sent, answers: 1 };
  }

  /** A request was given up: nothing can be told of the replies to come. */
  abandoned(): void {
    this.#previous = undefined;
  }

  /** A reply came that nobody waited for. */
  stray(seq: number): void {
    const previous = this.#previous;
    if (previous?.seq !== seq) return;
    previous.answers += 1;
    if (previous.answers > previous.sent) this.#doubled += 1;
  }
}

/** Signs that a line changes what passes; none of them comes from a board that is slow, hangs, or does something wrong. */
const SIGNS = [
  ['badFrames', 'damaged frames'],
  ['garbled', 'lines of garbage'],
  ['boardBadFrames', 'damaged frames counted by the board'],
  ['missedEvents', 'events missing'],
  ['lostFrames', 'requests or replies lost'],
  ['doubledFrames', 'replies doubled'],
  ['echoes', 'requests echoed'],
  ['contradictions', 'answers that changed when they were asked for again'],
] as const;

/** What is watched: a channel. */
interface Watched {
  readonly counters: ChannelCounters;
  readonly line: Pick<Line, 'stats'>;
}

/** Tells whether a line has shown damage since this was made. */
export class DamageWatch {
  readonly #channel: Watched;
  readonly #counters: ChannelCounters;
  readonly #bytesCut: number;

  constructor(channel: Watched) {
    this.#channel = channel;
    this.#counters = channel.counters;
    this.#bytesCut = channel.line.stats.bytesCut;
  }

  /** What was seen, as a list for a message; undefined on a clean line. */
  seen(): string | undefined {
    const now = this.#channel.counters;
    const signs = SIGNS.map(([key, text]) => ({ count: now[key] - this.#counters[key], text }));
    const cut = this.#channel.line.stats.bytesCut - this.#bytesCut;
    const seen = [...signs, { count: cut, text: 'bytes of lines that never ended' }];
    const parts = seen
      .filter(({ count }) => count > 0)
      .map(({ count, text }) => `${text}: ${count}`);
    return parts.length === 0 ? undefined : parts.join(', ');
  }
}
