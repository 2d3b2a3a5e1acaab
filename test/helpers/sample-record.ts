import type { ProgramResult, RunRecord } from '../../src/results/index.ts';

/** A program that passed. */
export function sampleProgram(change: Partial<ProgramResult> = {}): ProgramResult {
  return {
    vm: 0,
    vmName: 'SOS',
    file: 'sketch.ino',
    sha256: '0'.repeat(64),
    instructions: 3,
    strings: 0,
    verdict: { outcome: 'passed', summary: 'all agree' },
    stepsCompared: 42,
    rounds: 1,
    inputs: [],
    notCompared: [],
    output: '',
    ...change,
  };
}

/** A run that passed. */
export function sampleRecord(change: Partial<RunRecord> = {}): RunRecord {
  return {
    schema: 'cockpit-hil/run',
    version: 1,
    id: 'sample',
    startedAt: '2026-11-23T01:45:00.000Z',
    bench: { name: 'native', kind: 'native', ranOn: 'a process of this machine, not silicon' },
    mode: 'trace',
    clock: 'virtual',
    budget: { steps: 1000 },
    verdict: { outcome: 'passed', summary: 'all agree' },
    programs: [sampleProgram()],
    pinEdges: [],
    pinTiming: [],
    timing: [{ phase: 'run', ms: 1250 }],
    wallMs: 1499,
    environment: { node: 'v24.0.0', platform: 'linux-x64', harness: '0.1.0' },
    ...change,
  };
}
