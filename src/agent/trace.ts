import type { Effect } from '../isa/index.ts';
import { errorText, HilError } from '../errors/index.ts';
import { decodeEffects, type Status, type WireEvent } from '../wire/index.ts';
import {
  IDLE_POLL_MS,
  RunPoller,
  startRun,
  type FollowedAgent,
  type PollAnswer,
  type RunBounds,
} from './follow.ts';
import type { Arrived, Inbox } from './inbox.ts';
import { recordsOf } from './progress.ts';

/** Chunks between two acknowledgements: half of the eight that the board keeps, so that it never waits for the reply. */
const ACKNOWLEDGE_EVERY = 4;

/** What a traced run yields. */
export type TraceItem =
  /** Effects of the steps first, first + 1, …; `us` is the board's clock (µs, u32) at the first record of their chunk. */
  | {
      readonly kind: 'effects';
      readonly first: number;
      readonly us: number;
      readonly effects: readonly Effect[];
    }
  /** The run is over and every effect was yielded. */
  | { readonly kind: 'done'; readonly status: Status };

/** Starts a traced run and yields its effects in order and how it ended. */
export async function* traceRun(
  agent: FollowedAgent,
  vm: number,
  { clock, steps, loops }: RunBounds,
): AsyncGenerator<TraceItem, void, undefined> {
  const started = await startRun(agent, vm, { mode: 'trace', clock, steps, loops });
  using inbox = started.inbox;
  const follower = new Follower(agent, vm, inbox, started.first);
  for (;;) {
    const item = await follower.next();
    yield item;
    if (item.kind === 'done') return;
  }
}

type TraceEvent = Extract<WireEvent, { event: 'TRACE' }>;

/** Puts the chunks of one run in order, and has the board repeat what is missing (go-back-N). */
class Follower {
  readonly #inbox: Inbox;
  readonly #poller: RunPoller;
  /** Every step below this one was yielded. Counts modulo 2^32, as steps do. */
  #next: number;
  #chunks = 0;
  #lastPc: number | undefined;
  /** Where the run ended, as soon as the board has said so. */
  #end: number | undefined;
  /** Chunks up to this event were sent before the board went back, and come again. */
  #repairedAt = 0;

  constructor(agent: FollowedAgent, vm: number, inbox: Inbox, first: number) {
    this.#inbox = inbox;
    this.#next = first;
    this.#poller = new RunPoller(agent, vm, () => this.#where());
  }

  async next(): Promise<TraceItem> {
    if (this.#chunks >= ACKNOWLEDGE_EVERY) this.#answered(await this.#poller.poll(this.#next));
    for (;;) {
      if (this.#next === this.#end) {
        // DONE comes once; it may be lost, or have come before chunks that were repeated.
        const done = await this.#check();
        if (done !== undefined) return done;
      }
      const arrived = await this.#inbox.take(IDLE_POLL_MS);
      const item =
        arrived?.event.event === 'TRACE'
          ? await this.#chunk(arrived.event, arrived)
          : await this.#check();
      if (item !== undefined) return item;
    }
  }

  /** The news in a chunk, if there is any. */
  async #chunk(event: TraceEvent, { index }: Arrived): Promise<TraceItem | undefined> {
    // Also a chunk that fits: the board has forgotten that it sent it, and refuses to have it acknowledged.
    if (index <= this.#repairedAt) return undefined;
    // Steps missing before the chunk when positive, known already when negative; exact up to 2^31 apart.
    const ahead = (event.first - this.#next) | 0;
    if (ahead > 0) return this.#check();
    const known = -ahead;
    if (known >= event.count) return undefined;
    const effects = decodeChunk(event).slice(known);
    const first = this.#next;
    this.#next = (first + effects.length) >>> 0;
    this.#chunks += 1;
    this.#lastPc = effects.at(-1)?.pc;
    return { kind: 'effects', first, us: event.us, effects };
  }

  /** Acknowledges, has missing chunks repeated, and finds out whether the run is over or stuck. */
  async #check(): Promise<TraceItem | undefined> {
    const { status, eventsBefore } = this.#answered(await this.#poller.repair(this.#next));
    this.#repairedAt = eventsBefore;
    if (this.#end === this.#next) return { kind: 'done', status };
    // What was executed must arrive: a chunk leaves the board within 20 ms, and is repeated by each poll.
    this.#poller.look(status, this.#next, recordsOf(status) === this.#next);
    return undefined;
  }

  #answered(answer: PollAnswer): PollAnswer {
    this.#chunks = 0;
    const { status } = answer;
    this.#end = status.state === 'done' ? recordsOf(status) : undefined;
    return answer;
  }

  #where(): string {
    return this.#lastPc === undefined
      ? 'no step was received'
      : `the last step received is ${(this.#next - 1) >>> 0} at pc ${this.#lastPc}`;
  }
}

/** The effects of a chunk. @throws HilError (firmware) when they aren't what it says */
export function decodeChunk(event: TraceEvent): Effect[] {
  const where = `chunk of ${event.count} steps from step ${event.first}`;
  let effects: Effect[];
  try {
    effects = decodeEffects(event.records);
  } catch (error) {
    throw new HilError('firmware', `the board's ${where} is malformed: ${errorText(error)}`);
  }
  if (effects.length === event.count) return effects;
  throw new HilError('firmware', `the board's ${where} has ${effects.length} records`);
}
