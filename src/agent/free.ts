import type { Status } from '../wire/index.ts';
import { IDLE_POLL_MS, RunPoller, startRun, type FollowedAgent, type RunBounds } from './follow.ts';

/** Runs a VM without a trace and says how it ended. */
export async function freeRun(
  agent: FollowedAgent,
  vm: number,
  { clock, steps, loops }: RunBounds,
  onStatus: (status: Status) => void = () => undefined,
): Promise<Status> {
  const { inbox } = await startRun(agent, vm, { mode: 'free', clock, steps, loops });
  using events = inbox;
  let seen = 0;
  const poller = new RunPoller(agent, vm, () => `it was seen at step ${seen}`);
  for (;;) {
    // Ends early with DONE.
    await events.take(IDLE_POLL_MS);
    const { status } = await poller.status();
    if (status.state === 'done') return status;
    seen = status.steps;
    onStatus(status);
    // Nothing of its steps is to arrive.
    poller.look(status, 0, true);
  }
}
