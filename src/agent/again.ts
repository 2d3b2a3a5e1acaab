import { HilError } from '../errors/index.ts';
import type { Effect } from '../isa/index.ts';
import type { WireEvent } from '../wire/index.ts';
import { checkOf, decodeInputsEvent, type Epoch } from './digest.ts';
import { IDLE_POLL_MS, RunPoller, type FollowedAgent } from './follow.ts';
import { Inbox } from './inbox.ts';
import { decodeChunk } from './trace.ts';

/** How often something is asked for again: a line that loses one frame in three loses all of these in one case of 200. */
const TRIES = 5;
/** Events looked at after one request: the board keeps 8 chunks of a VM, or two epochs of 5 events. */
const EVENTS = 16;

/**
 * Has the board send again what it has sent from `next` on and waits for what is wanted of it.
 * @returns undefined when the board doesn't send it: it is silent, has restarted, or believes it acknowledged
 */
async function sentAgain<T>(
  agent: FollowedAgent,
  vm: number,
  next: number,
  wanted: (event: WireEvent) => T | undefined,
): Promise<T | undefined> {
  using inbox = new Inbox(agent.channel, vm);
  const poller = new RunPoller(agent, vm, () => '');
  try {
    for (let asked = 0; asked < TRIES; asked += 1) {
      const { eventsBefore } = await poller.repair(next);
      for (let taken = 0; taken < EVENTS; taken += 1) {
        const arrived = await inbox.take(IDLE_POLL_MS);
        if (arrived === undefined) break;
        // What was under way before may be what is in doubt.
        const found = arrived.index <= eventsBefore ? undefined : wanted(arrived.event);
        if (found !== undefined) return found;
      }
    }
  } catch (error) {
    if (!(error instanceof HilError)) throw error;
  }
  return undefined;
}

/** A step's effect in a traced run, from a chunk that isn't acknowledged. @param first a step of that chunk, or its first one */
export function effectAgain(
  agent: FollowedAgent,
  vm: number,
  first: number,
  step: number,
): Promise<Effect | undefined> {
  return sentAgain(agent, vm, first, (event) =>
    event.event === 'TRACE' ? decodeChunk(event)[(step - event.first) >>> 0] : undefined,
  );
}

/** An epoch of a digest run that isn't acknowledged. @param size most steps of an epoch */
export function epochAgain(
  agent: FollowedAgent,
  vm: number,
  { number, firstStep }: Epoch,
  size: number,
): Promise<Epoch | undefined> {
  const inputs: Epoch['inputs'][number][] = [];
  return sentAgain(agent, vm, number, (sent) => {
    const event = sent.event === 'FULL' ? checkOf(sent, number, firstStep, size) : sent;
    if (event.event === 'INPUTS' && event.epoch === number && event.first <= inputs.length)
      inputs.push(...decodeInputsEvent(event).slice(inputs.length - event.first));
    if (event.event !== 'CHECK' || event.epoch !== number || inputs.length < event.inputs)
      return undefined;
    const { endStep, stream, state } = event;
    return { number, firstStep, endStep, stream, state, inputs };
  });
}
