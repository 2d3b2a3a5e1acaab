import { HilError } from '../errors/index.ts';
import {
  DamageWatch,
  LostReplyError,
  RefusalError,
  REQUEST_TIMEOUT_MS,
  REQUEST_TRIES,
  type Channel,
} from '../link/index.ts';
import type { Status } from '../wire/index.ts';
import { Inbox } from './inbox.ts';
import { RestartError } from './restart-error.ts';
import { askStatus } from './status.ts';
import { ProgressWatch, recordsOf, STALLED_POLLS } from './progress.ts';

/** Without an event for so long the board is asked how it is. It sends something at most 100 ms after a step. */
export const IDLE_POLL_MS = 250;

const REPLY_BOUND_MS = REQUEST_TRIES * REQUEST_TIMEOUT_MS;
/** A board that answers nothing any more is found out within this time: one idle wait and all tries of one request, 2,250 ms. */
export const SILENCE_DETECT_MS = IDLE_POLL_MS + REPLY_BOUND_MS;
/**
 * Any hang is found out within this time: 15,500 ms. The worst is a board that says it runs, does nothing, and answers each
 * poll only at its last try: a poll that acknowledges, one that shows the state, and {@link STALLED_POLLS} that show the same,
 * each with its idle wait. When it answers at once that takes 1,500 ms.
 */
export const HANG_DETECT_MS = (STALLED_POLLS + 1) * SILENCE_DETECT_MS + REPLY_BOUND_MS;

/** How a run is bounded. */
export interface RunBounds {
  readonly clock: 'virtual' | 'real';
  /** At most so many further steps, 0..4294967295. */
  readonly steps: number;
  /** Stop before round `loops` + 1 of loop() begins, counted since load or reset; 0 = no such limit. */
  readonly loops: number;
}

/** How a VM runs: every step's effect is sent, or digests of epochs of at most `epoch` steps, or nothing. */
export type RunSettings = RunBounds &
  ({ readonly mode: 'trace' | 'free' } | { readonly mode: 'digest'; readonly epoch: number });

/** What following a run needs of the agent. */
export interface FollowedAgent {
  readonly channel: Channel;
  status(vm: number): Promise<Status>;
  go(vm: number, run: RunSettings): Promise<void>;
}

/**
 * Starts a run with the mailbox for its events open.
 * @returns the number of its first step, and the mailbox
 */
export async function startRun(
  agent: FollowedAgent,
  vm: number,
  run: RunSettings,
): Promise<{ first: number; inbox: Inbox }> {
  const first = recordsOf(await agent.status(vm));
  // Before GO, so that no event is missed; whatever is under way from an earlier run has arrived before the status.
  const inbox = new Inbox(agent.channel, vm);
  try {
    await agent.go(vm, run);
    return { first, inbox };
  } catch (error) {
    inbox[Symbol.dispose]();
    // The first slice of a run can hang a board before its reply has left.
    throw error instanceof LostReplyError ? silent(error, 'no step was received') : error;
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

/** What a poll told. */
export interface PollAnswer {
  readonly status: Status;
  /** Events received before the answer: those with an `index` of at most this. */
  readonly eventsBefore: number;
}

/** Asks a board about a run: has what is missing sent again, and tells a run that goes on from one that doesn't. */
export class RunPoller {
  readonly #agent: Pick<FollowedAgent, 'channel' | 'status'>;
  readonly #vm: number;
  readonly #where: () => string;
  readonly #watch = new ProgressWatch();
  readonly #damage: DamageWatch;

  /** @param where completes every error: how far the run came */
  constructor(agent: Pick<FollowedAgent, 'channel' | 'status'>, vm: number, where: () => string) {
    this.#agent = agent;
    this.#vm = vm;
    this.#where = where;
    this.#damage = new DamageWatch(agent.channel);
  }

  /**
   * Acknowledges everything below `next`, chunks or epochs.
   * @throws HilError (firmware) when the board is silent or restarted, (link) when the line is closed
   */
  poll(next: number): Promise<PollAnswer> {
    return this.#ask('POLL', [String(this.#vm), String(next)]);
  }

  /** Asks without acknowledging anything. Throws as {@link poll} does. */
  status(): Promise<PollAnswer> {
    return this.#ask('STATUS', [String(this.#vm)]);
  }

  async #ask(name: string, fields: readonly string[]): Promise<PollAnswer> {
    let answer: PollAnswer;
    try {
      answer = await askStatus(this.#agent.channel, name, fields);
    } catch (error) {
      throw await this.#pollError(error);
    }
    // Asked twice: a VM is blamed for it.
    const fresh = isFresh(answer.status) && isFresh(await this.#agent.status(this.#vm));
    if (fresh) throw this.#restarted();
    return answer;
  }

  /** Acknowledges, and has everything from `next` on that was sent already sent again, after the events before the answer. */
  async repair(next: number): Promise<PollAnswer> {
    const answer = await this.poll(next);
    // A POLL that frees something doesn't repeat anything, since it may be on its way; here nothing is.
    return answer.status.sent === next ? answer : this.poll(next);
  }

  /**
   * Takes a status for what it tells of the run's progress.
   * @param received records that arrived, modulo 2^32
   * @param delivered whether everything that the board must have sent arrived
   * @throws HilError (firmware or link) when a number of polls in a row showed nothing new
   */
  look(status: Status, received: number, delivered: boolean): void {
    const missing = this.#damage.seen() === undefined ? 'withheld' : 'lost';
    this.#watch.look(status, received, delivered ? 'complete' : missing, this.#where);
  }

  async #pollError(error: unknown): Promise<unknown> {
    if (error instanceof LostReplyError) return silent(error, this.#where());
    // A board that restarted has never sent what is acknowledged here.
    if (error instanceof RefusalError && isFresh(await this.#agent.status(this.#vm)))
      return this.#restarted();
    return error;
  }

  #restarted(): RestartError {
    return new RestartError(
      `VM ${this.#vm} lost its program or its state during the run: the board restarted; ${this.#where()}`,
    );
  }
}

/** Whether a VM has not run at all, which none can be in the middle of a run. */
function isFresh({ state }: Status): boolean {
  return state === 'empty' || state === 'loaded';
}
