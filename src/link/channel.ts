import { HilError } from '../errors/index.ts';
import { decodeRefusal, encodeFrame, parseLine, type Frame } from '../wire/index.ts';
import { ChannelSpeed } from './channel-speed.ts';
import { LostReplyError, RefusalError } from './channel-errors.ts';
import {
  REQUEST_TIMEOUT_MS,
  REQUEST_TRIES,
  type ChannelCounters,
  type ChannelEvent,
  type ChannelSettings,
  type Reply,
  type RequestSettings,
} from './channel-types.ts';
import { CopyWait } from './copies.ts';
import { isGarbled } from './damage.ts';
import type { Line } from './line.ts';
import { Listeners, type Unsubscribe } from './listeners.ts';
import { Tally } from './tally.ts';

/** Requests that may wait for their turn. */
const QUEUE_LIMIT = 64;
const SEQ_MASK = 0xff;

interface Pending {
  readonly name: string;
  readonly line: string;
  readonly seq: number;
  readonly timeoutMs: number;
  readonly tries: number;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: HilError) => void;
  sent: number;
  timer: NodeJS.Timeout | undefined;
}

type Queued = Omit<Pending, 'line' | 'seq'> & { readonly fields: readonly string[] };

/**
 * Requests and replies over a line, one request at a time. A request that gets no reply is repeated byte for byte a bounded
 * number of times; a reply counts only for the request whose number it carries.
 */
export class Channel implements AsyncDisposable {
  readonly line: Line;
  /** The rate of the line. A request that is not answered is repeated at the first one as soon as the board must be there again. */
  readonly speed: ChannelSpeed;
  readonly #now: () => number;
  readonly #events = new Listeners<ChannelEvent>();
  readonly #console = new Listeners<string>();
  readonly #queue: Queued[] = [];
  readonly #tally = new Tally();
  readonly #copies: CopyWait;
  #active: Pending | undefined;
  #seq: number;
  #nextEvent: number | undefined;
  #ended: HilError | undefined;
  #last: { readonly at: number; readonly text: string } | undefined;
  #sentAt = -Infinity;

  constructor(line: Line, settings: ChannelSettings = {}) {
    this.line = line;
    this.speed = new ChannelSpeed(line);
    this.#seq = (settings.firstSeq ?? 0) & SEQ_MASK;
    this.#now = settings.now ?? (() => performance.now());
    this.#copies = new CopyWait({
      bytesPerMs: settings.bytesPerMs,
      now: this.#now,
      onOver: () => {
        this.#startNext();
      },
    });
    line.onLine((text) => {
      this.#receive(text);
    });
    line.onClose((reason) => {
      this.#end(reason ?? new HilError('link', `the line ${line.name} was closed`));
    });
  }

  get counters(): ChannelCounters {
    return this.#tally.counters;
  }

  /** Why nothing can be sent any more; undefined while the line is open. */
  get ended(): HilError | undefined {
    return this.#ended;
  }

  /** The last line received, for a message: "the last line came 120 ms ago: …". */
  get lastSeen(): string {
    if (this.#last === undefined) return 'nothing was ever received';
    const ago = Math.round(this.#now() - this.#last.at);
    return `the last line came ${ago} ms ago: ${JSON.stringify(this.#last.text.slice(0, 80))}`;
  }

  /** Milliseconds since a request was last sent, 0 while one waits for its reply. */
  get restingMs(): number {
    return this.#active === undefined ? this.#now() - this.#sentAt : 0;
  }

  /** Has the counters begin anew: what was tried of a line is no word about what it was then used for. */
  clearCounters(): void {
    this.#tally.clear();
  }

  /**
   * Sends a request and resolves with its reply.
   * @throws RefusalError when the board says no; LostReplyError (link) when no reply came to any try; HilError (link) as soon as
   * the line is closed
   */
  request(
    name: string,
    fields: readonly string[] = [],
    settings: RequestSettings = {},
  ): Promise<Reply> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    if (this.#queue.length >= QUEUE_LIMIT)
      return Promise.reject(
        new HilError('harness', `${QUEUE_LIMIT} requests wait for ${this.line.name} already`),
      );
    return new Promise((resolve, reject) => {
      this.#queue.push({
        name,
        fields: [name, ...fields],
        timeoutMs: settings.timeoutMs ?? REQUEST_TIMEOUT_MS,
        tries: settings.tries ?? REQUEST_TRIES,
        resolve,
        reject,
        sent: 0,
        timer: undefined,
      });
      this.#startNext();
    });
  }

  /** Called with each event. Listeners must not throw. */
  onEvent(listener: (event: ChannelEvent) => void): Unsubscribe {
    return this.#events.add(listener);
  }

  /** Called with each line that is no frame. Listeners must not throw. */
  onConsole(listener: (text: string) => void): Unsubscribe {
    return this.#console.add(listener);
  }

  /** Called once, with the reason, when the line is over. */
  onClose(listener: (reason: HilError | undefined) => void): Unsubscribe {
    return this.line.onClose(listener);
  }

  /** The board starts anew: its next event may carry any number. */
  forgetEvents(): void {
    this.#nextEvent = undefined;
  }

  /** Notes how many damaged frames the board has counted since its start. */
  noteBoardCount(badFrames: number): void {
    this.#tally.boardCount(badFrames);
  }

  /** Notes that the same thing, asked for again, was another: a damaged frame had passed its check. */
  noteContradiction(): void {
    this.#tally.counts.contradictions += 1;
  }

  /** Closes the line; what is pending is rejected at once. */
  async close(): Promise<void> {
    await this.line.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #startNext(): void {
    while (this.#active === undefined && !this.#copies.waiting) {
      const queued = this.#queue.shift();
      if (queued === undefined) return;
      const seq = this.#seq;
      try {
        const line = encodeFrame({ type: 'Q', seq, fields: queued.fields });
        this.#active = { ...queued, line, seq };
      } catch (error) {
        queued.reject(error as HilError);
        continue;
      }
      this.#seq = (seq + 1) & SEQ_MASK;
      this.#tally.counts.requests += 1;
      this.#send(this.#active);
    }
  }

  #send(request: Pending): void {
    request.sent += 1;
    this.#copies.sending(request.line.length);
    this.#sentAt = this.#now();
    request.timer = setTimeout(() => {
      if (request.sent >= request.tries) {
        this.#tally.ledger.abandoned();
        this.#finish(request);
        request.reject(this.#lost(request));
        return;
      }
      // A board that starts anew at the first rate, or answers there, is noise at this one.
      if (this.speed.fall(request.sent * request.timeoutMs)) this.#tally.forgetDamage();
      this.#tally.counts.repeats += 1;
      this.#send(request);
    }, request.timeoutMs);
    this.line.write(request.line).catch((error: unknown) => {
      // A line that takes no bytes is a try without a reply; one that is closed has ended the request already.
      this.#note(`(sending failed: ${(error as Error).message})`);
    });
  }

  #lost(request: Pending): LostReplyError {
    const { name, tries, timeoutMs } = request;
    const what = `no reply to ${name} on ${this.line.name} after ${tries} tries in ${tries * timeoutMs} ms`;
    return new LostReplyError(`${what}; ${this.lastSeen}`);
  }

  /** Ends the active request and starts the next one. */
  #finish(request: Pending): void {
    clearTimeout(request.timer);
    this.#active = undefined;
    this.#startNext();
  }

  #receive(text: string): void {
    this.#note(text);
    const parsed = parseLine(text);
    switch (parsed.kind) {
      case 'console':
        this.#tally.counts.consoleLines += 1;
        if (isGarbled(parsed.text)) this.#tally.counts.garbled += 1;
        this.#console.emit(parsed.text);
        break;
      case 'bad':
        this.#tally.counts.badFrames += 1;
        break;
      case 'frame':
        this.#receiveFrame(parsed.frame);
        break;
    }
  }

  #receiveFrame(frame: Frame): void {
    this.#tally.wholeFrame();
    switch (frame.type) {
      case 'Q':
        this.#tally.counts.echoes += 1;
        break;
      case 'E':
        this.#receiveEvent(frame);
        break;
      case 'R':
      case 'X':
        this.#receiveReply(frame);
        break;
    }
  }

  #receiveEvent({ seq, fields }: Frame): void {
    const missed = this.#nextEvent === undefined ? 0 : (seq - this.#nextEvent) & SEQ_MASK;
    const { counts } = this.#tally;
    this.#nextEvent = (seq + 1) & SEQ_MASK;
    counts.events += 1;
    counts.missedEvents += missed;
    this.#events.emit({ fields, index: counts.events, missed });
  }

  #receiveReply({ type, seq, fields }: Frame): void {
    const request = this.#active;
    if (request?.seq !== seq) {
      this.#tally.counts.strayReplies += 1;
      this.#tally.ledger.stray(seq);
      this.#copies.hear(seq);
      return;
    }
    this.#tally.ledger.answered(request);
    this.#copies.answered(seq, request.sent);
    this.#finish(request);
    if (type === 'R') {
      request.resolve({ fields, eventsBefore: this.#tally.counts.events });
      return;
    }
    try {
      const { code, detail } = decodeRefusal(fields);
      request.reject(new RefusalError(request.name, code, detail));
    } catch (error) {
      request.reject(error as HilError);
    }
  }

  #note(text: string): void {
    this.#last = { at: this.#now(), text };
  }

  #end(reason: HilError): void {
    this.#ended = reason;
    const waiting = [...(this.#active === undefined ? [] : [this.#active]), ...this.#queue];
    clearTimeout(this.#active?.timer);
    this.#copies.cancel();
    this.#active = undefined;
    this.#queue.length = 0;
    for (const request of waiting) request.reject(reason);
  }
}

/** Requests and replies over a line; the channel owns the line from now on. */
export function createChannel(line: Line, settings: ChannelSettings = {}): Channel {
  return new Channel(line, settings);
}
