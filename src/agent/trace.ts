import type { Effect } from '../isa/index.ts';
import { errorText, HilError } from '../errors/index.ts';
import {
  LostReplyError,
  RefusalError,
  REQUEST_TIMEOUT_MS,
  REQUEST_TRIES,
  type Channel,
  type Reply,
} from '../link/index.ts';
import {
  decodeEffects,
  decodeValues,
  statusSchema,
  type Status,
  type WireEvent,
} from '../wire/index.ts';
import { Inbox, type Arrived } from './inbox.ts';
import { ProgressWatch, recordsOf, STALLED_POLLS } from './progress.ts';

/** Chunks between two acknowledgements: half of the eight that the board keeps, so that it never waits for the reply. */
const ACKNOWLEDGE_EVERY = 4;
/** Without an event for so long the board is asked how it is. It sends a chunk at most 20 ms after the first step in it. */
const IDLE_POLL_MS = 250;

const REPLY_BOUND_MS = REQUEST_TRIES * REQUEST_TIMEOUT_MS;
/** A board that answers nothing any more is found out within this time: one idle wait and all tries of one request, 2,250 ms. */
export const SILENCE_DETECT_MS = IDLE_POLL_MS + REPLY_BOUND_MS;
/**
 * Any hang is found out within this time: 15,500 ms. The worst is a board that says it runs, does nothing, and answers each
 * poll only at its last try: a poll that acknowledges, one that shows the state, and {@link STALLED_POLLS} that show the same,
 * each with its idle wait. When it answers at once that takes 1,500 ms.
 */
export const HANG_DETECT_MS = (STALLED_POLLS + 1) * SILENCE_DETECT_MS + REPLY_BOUND_MS;

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

/** What following a run needs of the agent. */
export interface TracedAgent {
  readonly channel: Channel;
  status(vm: number): Promise<Status>;
  go(
    vm: number,
    run: { mode: 'trace'; clock: 'virtual' | 'real'; steps: number; loops: number },
  ): Promise<void>;
}

/** Starts a traced run and yields its effects in order and how it ended. */
export async function* traceRun(
  agent: TracedAgent,
  vm: number,
  run: { readonly clock: 'virtual' | 'real'; readonly steps: number; readonly loops: number },
): AsyncGenerator<TraceItem, void, undefined> {
  const first = recordsOf(await agent.status(vm));
  // Before GO, so that no event is missed; whatever is under way from an earlier run has arrived before the status.
  using inbox = new Inbox(agent.channel, vm);
  const { clock, loops } = run;
  try {
    await agent.go(vm, { mode: 'trace', clock, steps: run.steps, loops });
  } catch (error) {
    // The first slice of a run can hang a board before its reply has left.
    throw error instanceof LostReplyError ? silent(error, 'no step was received') : error;
  }
  const follower = new Follower(agent, vm, inbox, first);
  for (;;) {
    const item = await follower.next();
    yield item;
    if (item.kind === 'done') return;
  }
}

/** A board that answered before and doesn't now: its own doing, as far as one can tell from here. */
function silent(error: LostReplyError, where: string): HilError {
  return new HilError(
    'firmware',
    `the board stopped answering; ${where}; ${error.message}`,
    'look at the board with the debug probe, or reset it',
    { cause: error },
  );
}

type TraceEvent = Extract<WireEvent, { event: 'TRACE' }>;

/** Puts the chunks of one run in order, and has the board repeat what is missing (go-back-N). */
class Follower {
  readonly #agent: TracedAgent;
  readonly #vm: number;
  readonly #inbox: Inbox;
  readonly #watch = new ProgressWatch();
  /** Every step below this one was yielded. Counts modulo 2^32, as steps do. */
  #next: number;
  /** `next` of the last POLL. */
  #polled: number;
  #chunks = 0;
  #lastPc: number | undefined;
  /** Where the run ended, as soon as the board has said so. */
  #end: number | undefined;
  /** Chunks up to this event were sent before the board went back, and come again. */
  #repairedAt = 0;

  constructor(agent: TracedAgent, vm: number, inbox: Inbox, first: number) {
    this.#agent = agent;
    this.#vm = vm;
    this.#inbox = inbox;
    this.#next = first;
    this.#polled = first;
  }

  async next(): Promise<TraceItem> {
    if (this.#chunks >= ACKNOWLEDGE_EVERY) await this.#poll();
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
    const acknowledges = this.#next !== this.#polled;
    let { status, eventsBefore } = await this.#poll();
    if (!acknowledges) this.#repairedAt = eventsBefore;
    else if (status.sent !== this.#next) {
      // A POLL that frees chunks doesn't repeat any, since they may be on their way; here nothing is.
      ({ status, eventsBefore } = await this.#poll());
      this.#repairedAt = eventsBefore;
    }
    if (status.state === 'done' && recordsOf(status) === this.#next)
      return { kind: 'done', status };
    this.#watch.look(status, this.#next, () => this.#where());
    return undefined;
  }

  async #poll(): Promise<{ status: Status; eventsBefore: number }> {
    this.#chunks = 0;
    const fields = [String(this.#vm), String(this.#next)];
    let reply: Reply;
    try {
      reply = await this.#agent.channel.request('POLL', fields);
    } catch (error) {
      throw await this.#pollError(error);
    }
    this.#polled = this.#next;
    const status = decodeValues('POLL reply', statusSchema, reply.fields);
    if (isFresh(status)) throw this.#restarted();
    this.#end = status.state === 'done' ? recordsOf(status) : undefined;
    return { status, eventsBefore: reply.eventsBefore };
  }

  async #pollError(error: unknown): Promise<unknown> {
    if (error instanceof LostReplyError) return silent(error, this.#where());
    // A board that restarted has never sent what is acknowledged here.
    if (error instanceof RefusalError && isFresh(await this.#agent.status(this.#vm)))
      return this.#restarted();
    return error;
  }

  #restarted(): HilError {
    return new HilError(
      'firmware',
      `VM ${this.#vm} lost its program or its state during the run: the board restarted; ${this.#where()}`,
    );
  }

  #where(): string {
    return this.#lastPc === undefined
      ? 'no step was received'
      : `the last step received is ${(this.#next - 1) >>> 0} at pc ${this.#lastPc}`;
  }
}

/** Whether a VM has not run at all, which none can be in the middle of a run. */
function isFresh({ state }: Status): boolean {
  return state === 'empty' || state === 'loaded';
}

function decodeChunk(event: TraceEvent): Effect[] {
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
