import { runNightly, type NightlyRequest, type PlannedCase } from '../../src/nightly/index.ts';
import type { Suite } from '../../src/nightly/index.ts';
import { nightlyRecordSchema, type NightlyRecord } from '../../src/results/index.ts';
import { DEAF, type FakeStation } from './fake-station.ts';

const START = new Date('2026-11-23T01:45:00.000Z');

/** What a test of a nightly may choose. */
export interface FakeNightly extends Partial<Pick<NightlyRequest, 'signal' | 'observer'>> {
  readonly quarantine?: Suite['quarantine'];
  /** Ids of the whole suite; the cases' own when left out. */
  readonly ids?: readonly string[];
}

/** Runs cases on fake benches; the record has been through its schema. */
export async function fakeNightly(
  cases: readonly PlannedCase[],
  stations: readonly FakeStation[],
  settings: FakeNightly = {},
): Promise<NightlyRecord> {
  const { quarantine = [], ids = cases.map(({ id }) => id) } = settings;
  const suite: Suite = {
    name: 'fake',
    file: 'fake.yaml',
    sha256: '5'.repeat(64),
    defaults: {},
    cases: [],
    quarantine,
  };
  const record = await runNightly({
    plan: { suite, cases, ids, selection: undefined, shard: undefined },
    stations,
    id: 'night',
    seed: 1,
    startedAt: START,
    command: 'cockpit-hil nightly fake',
    environment: { node: 'v24.0.0', platform: 'linux-x64', harness: '0.1.0' },
    observer: settings.observer ?? DEAF,
    signal: settings.signal ?? new AbortController().signal,
    clock: () => START,
    now: () => performance.now(),
    cutMs: 10,
  });
  return nightlyRecordSchema.parse(record);
}
