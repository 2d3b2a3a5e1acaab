import type { Attempt, CaseResult, NightlyRecord, RunRecord } from '../../src/results/index.ts';
import { sampleRecord } from './sample-record.ts';

/** An attempt that passed. */
export function sampleAttempt(change: Partial<Attempt> = {}): Attempt {
  const run: RunRecord = sampleRecord();
  return {
    number: 1,
    bench: 'native',
    startedAt: '2026-11-23T01:45:00.000Z',
    ms: 400,
    verdict: run.verdict,
    expectations: [],
    run,
    ...change,
  };
}

/** A case that passed. */
export function sampleCase(id: string, change: Partial<CaseResult> = {}): CaseResult {
  return {
    id,
    tags: [],
    files: ['sketch.ino'],
    mode: 'digest',
    clock: 'virtual',
    outcome: 'passed',
    summary: 'all agree',
    attempts: [sampleAttempt()],
    ms: 400,
    ...change,
  };
}

/** A nightly of one case on one bench, all well. */
export function sampleNightly(change: Partial<NightlyRecord> = {}): NightlyRecord {
  return {
    schema: 'cockpit-hil/nightly',
    version: 1,
    id: 'night',
    startedAt: '2026-11-23T01:45:00.123Z',
    wallMs: 5000,
    suite: { name: 'smoke', file: '/suites/smoke.yaml', sha256: 'a'.repeat(64) },
    seed: 5,
    command: 'cockpit-hil nightly smoke --bench native --seed 5',
    environment: { node: 'v24.0.0', platform: 'linux-x64', harness: '0.1.0' },
    verdict: { outcome: 'passed', summary: '1 passed of 1 case' },
    benches: [
      {
        name: 'native',
        kind: 'native',
        file: 'native',
        ranOn: 'a process of this machine, not silicon',
        state: 'ready',
        attempts: 1,
      },
    ],
    cases: [sampleCase('demo')],
    recoveries: [],
    problems: [],
    ...change,
  };
}
