import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectAgent, HANG_DETECT_MS, SILENCE_DETECT_MS } from '../../../src/agent/index.ts';
import { createChannel, createLinePair } from '../../../src/link/index.ts';
import type { Status } from '../../../src/wire/index.ts';
import { FakeAgent, type FakeSettings } from '../../helpers/fake-agent.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

type Values = Parameters<NonNullable<FakeSettings['status']>>[0];

/** Runs to the end while the fake clock runs. */
async function freely(settings: FakeSettings) {
  const [host, far] = createLinePair();
  const fake = new FakeAgent(far, settings);
  const agent = connectAgent(createChannel(host));
  const seen: Status[] = [];
  const start = Date.now();
  let outcome: { status?: Status; error?: unknown; ms: number } | undefined;
  const run = agent.free(0, { clock: 'real', steps: 9, loops: 0 }, (so) => seen.push(so));
  run.then(
    (status) => (outcome = { status, ms: Date.now() - start }),
    (error: unknown) => (outcome = { error, ms: Date.now() - start }),
  );
  const ended = (): boolean => outcome !== undefined;
  for (let tick = 0; tick < 3000 && !ended(); tick += 1) await vi.advanceTimersByTimeAsync(10);
  return { fake, seen, ...outcome };
}

/** A status of a run that takes some polls. */
const running = (change: (polls: number) => Values) => {
  let polls = 0;
  return (values: Values): Values => {
    // The first one is before the run.
    polls += 1;
    return polls === 1 ? values : { ...values, ...change(polls) };
  };
};

describe('a free run', () => {
  it('is asked about until it has ended', async () => {
    const status = running((polls) =>
      polls < 5 ? { state: 'running', reason: 'none', steps: polls } : { steps: 9 },
    );
    const { seen, fake, ...outcome } = await freely({ status });
    expect(outcome.status).toMatchObject({ state: 'done', steps: 9 });
    expect(seen.map(({ steps }) => steps)).toEqual([2, 3, 4]);
    const go = fake.received.find(({ fields }) => fields[0] === 'GO');
    expect(go?.fields).toEqual(['GO', '0', 'free', 'real', '9', '0']);
    // Nothing is acknowledged, for nothing is sent.
    expect(fake.executed).not.toContain('POLL');
  });

  it('that does nothing is found out', async () => {
    const status = running(() => ({ state: 'running', reason: 'none', steps: 3 }));
    const { error, ms } = await freely({ status });
    expect(error).toMatchObject({ causeClass: 'firmware' });
    expect(error).toHaveProperty('message', expect.stringMatching(/executes no step at step 3/));
    expect(ms).toBeLessThanOrEqual(HANG_DETECT_MS);
  });

  it('that falls silent is found out', async () => {
    let lines = 0;
    const fault = (line: string): string[] => ((lines += 1) > 3 ? [] : [line]);
    const status = running(() => ({ state: 'running', reason: 'none', steps: lines }));
    const { error, ms } = await freely({ status, fault });
    expect(error).toMatchObject({ causeClass: 'firmware' });
    expect(error).toHaveProperty('message', expect.stringMatching(/stopped answering/));
    expect(ms).toBeLessThanOrEqual(2 * SILENCE_DETECT_MS);
  });
});
