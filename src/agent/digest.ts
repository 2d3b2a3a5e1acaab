import { errorText, HilError } from '../errors/index.ts';
import { decodeInputs, type InputRecord, type Status, type WireEvent } from '../wire/index.ts';
import { IDLE_POLL_MS, RunPoller, startRun, type FollowedAgent, type RunBounds } from './follow.ts';
import type { Inbox } from './inbox.ts';
import { recordsOf } from './progress.ts';

/** A stretch of steps, as the board digested it. Step numbers count modulo 2^32, hashes are u32. */
export interface Epoch {
  /** Counts from 0. */
  readonly number: number;
  readonly firstStep: number;
  /** Number of the step after its last one. */
  readonly endStep: number;
  /** Stream hash after its last step, and the hash of the state there. */
  readonly stream: number;
  readonly state: number;
  /** What the board read in it, in order. */
  readonly inputs: readonly InputRecord[];
}

/** What a digest run yields. */
export type DigestItem =
  | { readonly kind: 'epoch'; readonly epoch: Epoch }
  /** The run is over and every epoch was yielded. */
  | { readonly kind: 'done'; readonly status: Status };

/**
 * Starts a digest run of a VM that has executed nothing since load or reset, and yields its epochs in order and how it ended.
 * Asking for the next item says that the one before was agreed with.
 */
export async function* digestRun(
  agent: FollowedAgent,
  vm: number,
  { clock, steps, loops, epoch }: RunBounds & { readonly epoch: number },
): AsyncGenerator<DigestItem, void, undefined> {
  const started = await startRun(agent, vm, { mode: 'digest', clock, steps, loops, epoch });
  using inbox = started.inbox;
  if (started.first !== 0)
    throw new HilError(
      'firmware',
      `VM ${vm} says that it has executed ${started.first} steps before its digest run, though it was loaded or reset for it`,
      'look at the board with the debug probe',
    );
  const follower = new Follower(agent, vm, inbox, epoch);
  for (;;) {
    const item = await follower.next();
    yield item;
    if (item.kind === 'done') return;
  }
}

type InputsEvent = Extract<WireEvent, { event: 'INPUTS' }>;
type CheckEvent = Extract<WireEvent, { event: 'CHECK' }>;
type FullEvent = Extract<WireEvent, { event: 'FULL' }>;

/**
 * What the short checkpoint of a full epoch says at length.
 * @param near number of an epoch less than 128 away
 * @param firstStep of the epoch `near`
 * @param size steps of a full epoch
 */
export function checkOf(
  event: FullEvent,
  near: number,
  firstStep: number,
  size: number,
): CheckEvent {
  const ahead = ((event.epoch - near) << 24) >> 24;
  const epoch = (near + ahead) >>> 0;
  const endStep = (firstStep + (ahead + 1) * size) >>> 0;
  return { ...event, event: 'CHECK', epoch, endStep, inputs: 0 };
}

/** Puts the epochs of one run in order, and has the board repeat what is missing (go-back-N). */
class Follower {
  readonly #inbox: Inbox;
  readonly #poller: RunPoller;
  readonly #size: number;
  /** Every epoch below this one was yielded, and so was every step below `step`. */
  #next = 0;
  #step = 0;
  /** Inputs of the epoch `next` that have arrived. */
  #inputs: InputRecord[] = [];
  /** The step at which the run ended, as soon as the board has said so. */
  #end: number | undefined;
  /** Events up to this one were sent before the board went back, and come again. */
  #repairedAt = 0;

  constructor(agent: FollowedAgent, vm: number, inbox: Inbox, size: number) {
    this.#inbox = inbox;
    this.#size = size;
    this.#poller = new RunPoller(agent, vm, () => this.#where());
  }

  async next(): Promise<DigestItem> {
    for (;;) {
      if (this.#step === this.#end) {
        // DONE comes once; it may be lost, or have come before epochs that were repeated.
        const done = await this.#check();
        if (done !== undefined) return done;
      }
      const arrived = await this.#inbox.take(IDLE_POLL_MS);
      const item =
        arrived === undefined
          ? await this.#check()
          : await this.#event(arrived.event, arrived.index);
      if (item !== undefined) return item;
    }
  }

  /** The news in an event, if there is any. */
  async #event(event: WireEvent, index: number): Promise<DigestItem | undefined> {
    switch (event.event) {
      case 'INPUTS':
        // What was sent before the board went back shows no new gap.
        return this.#takeInputs(event) || index <= this.#repairedAt ? undefined : this.#check();
      case 'CHECK':
        // Also one that fits: the board has forgotten that it sent it, and ignores that it is acknowledged.
        if (index <= this.#repairedAt || event.epoch < this.#next) return undefined;
        if (event.epoch > this.#next || this.#inputs.length < event.inputs) return this.#check();
        return { kind: 'epoch', epoch: this.#close(event) };
      case 'FULL':
        return this.#event(checkOf(event, this.#next, this.#step, this.#size), index);
      case 'TRACE':
      case 'DONE':
        return this.#check();
    }
  }

  /** False when something is missing before these inputs. */
  #takeInputs(event: InputsEvent): boolean {
    if (event.epoch < this.#next) return true;
    const have = this.#inputs.length;
    if (event.epoch > this.#next || event.first > have) return false;
    this.#inputs.push(...decodeInputsEvent(event).slice(have - event.first));
    return true;
  }

  #close(event: CheckEvent): Epoch {
    const { epoch: number, endStep, stream, state } = event;
    const epoch = { number, firstStep: this.#step, endStep, stream, state, inputs: this.#inputs };
    const wrong = flawOf(epoch, event.inputs, this.#size);
    if (wrong !== undefined)
      throw new HilError('firmware', `the checkpoint of epoch ${number} says that ${wrong}`);
    this.#next = (number + 1) >>> 0;
    this.#step = endStep;
    this.#inputs = [];
    return epoch;
  }

  /** Acknowledges, has missing epochs repeated, and finds out whether the run is over or stuck. */
  async #check(): Promise<DigestItem | undefined> {
    const { status, eventsBefore } = await this.#poller.repair(this.#next);
    this.#repairedAt = eventsBefore;
    this.#end = status.state === 'done' ? recordsOf(status) : undefined;
    if (this.#end === this.#step) return { kind: 'done', status };
    // What stands still must have arrived: an epoch is over 100 ms after its first step, and is repeated by each poll.
    this.#poller.look(status, this.#step, recordsOf(status) === this.#step);
    return undefined;
  }

  #where(): string {
    return this.#step === 0
      ? 'no epoch was received'
      : `the last epoch received is ${(this.#next - 1) >>> 0}, up to step ${(this.#step - 1) >>> 0}`;
  }
}

/** What cannot be in an epoch with so many inputs; undefined when nothing is wrong. */
function flawOf(epoch: Epoch, inputs: number, size: number): string | undefined {
  const steps = (epoch.endStep - epoch.firstStep) >>> 0;
  if (steps < 1 || steps > size) return `it has ${steps} steps, not 1 to ${size}`;
  if (inputs !== epoch.inputs.length)
    return `it has ${inputs} inputs, but ${epoch.inputs.length} came`;
  const last = epoch.inputs.at(-1);
  if (last !== undefined && last.offset >= steps)
    return `it ends before step ${epoch.firstStep + last.offset}, which read an input`;
  return undefined;
}

/** The records of some inputs. @throws HilError (firmware) when they aren't what the event says */
export function decodeInputsEvent(event: InputsEvent): InputRecord[] {
  const where = `${event.count} inputs of epoch ${event.epoch}`;
  let records: InputRecord[];
  try {
    records = decodeInputs(event.records);
  } catch (error) {
    throw new HilError('firmware', `the board's ${where} are malformed: ${errorText(error)}`);
  }
  if (records.length === event.count) return records;
  throw new HilError('firmware', `the board's ${where} are ${records.length}`);
}
