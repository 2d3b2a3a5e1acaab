import type {
  Attempt,
  CaseResult,
  ModelFacts,
  NightlyRecord,
  RunRecord,
} from '../../src/results/index.ts';
import { sampleProgram, sampleRecord } from './sample-record.ts';

type Board = NonNullable<RunRecord['board']>;

/** What a model did that turned an LED on and off. */
export function sampleFacts(change: Partial<ModelFacts> = {}): ModelFacts {
  return {
    steps: 42,
    digest: { stream: '0123abcd', state: '89ef4567' },
    opcodes: { PUSH: 20, DIGITAL_WRITE: 2, DELAY: 2, HALT: 1 },
    stackHighWater: 3,
    timeUs: 1_000_042,
    pins: [
      [10, 13, 1],
      [500_020, 13, 0],
    ],
    pinsOmitted: 0,
    ...change,
  };
}

/** A run of one program that passed, of which everything is known. */
export function sampleRun(
  change: Partial<RunRecord> = {},
  program: Partial<RunRecord['programs'][number]> = {},
): RunRecord {
  return sampleRecord({
    board: { ...WHO },
    programs: [sampleProgram({ model: sampleFacts(), ...program })],
    ...change,
  });
}

/** Who a board is, of which nothing more is known. */
const WHO: Board = {
  board: 'native',
  uid: '00ff',
  firmware: '0123456789ab',
  build: 'harness',
  defect: 'none',
  isa: '1a2b3c4d',
  elf: 'e'.repeat(64),
  clockHz: 170_000_000,
};

/** What a board said after a run, of which a crash was the last thing before its start. */
export function sampleBoard(change: Partial<Board> = {}): Board {
  return {
    ...WHO,
    reset: ['pin', 'software'],
    stack: { size: 3072, used: 816 },
    bytesLost: 2,
    crashBefore: 'the run before crashed at pc 0x08000100: the core is in BusFault',
    ...change,
  };
}

/** An attempt that ended as its run did. */
export function sampleAttempt(run: RunRecord, change: Partial<Attempt> = {}): Attempt {
  return {
    number: 1,
    bench: run.bench.name,
    startedAt: run.startedAt,
    ms: run.wallMs,
    verdict: run.verdict,
    expectations: [],
    run,
    ...change,
  };
}

/** A case that was tried as the attempts say; judged by the last. */
export function sampleCase(
  id: string,
  change: Partial<CaseResult> = {},
  attempts: Attempt[] = [sampleAttempt(sampleRun())],
): CaseResult {
  const verdict = attempts.at(-1)?.verdict;
  return {
    id,
    tags: [],
    files: [`${id}.ino`],
    mode: 'digest',
    clock: 'virtual',
    outcome: verdict?.outcome ?? 'skipped',
    ...(verdict?.causeClass === undefined ? {} : { causeClass: verdict.causeClass }),
    summary: verdict?.summary ?? 'not run',
    attempts,
    ms: attempts.reduce((sum, { ms }) => sum + ms, 0),
    ...change,
  };
}

/** A nightly of some cases. */
export function sampleNightly(
  cases: CaseResult[],
  change: Partial<NightlyRecord> = {},
): NightlyRecord {
  const failed = cases.filter(({ outcome }) => outcome === 'failed').length;
  const { environment, bench } = sampleRun();
  return {
    schema: 'cockpit-hil/nightly',
    version: 1,
    id: '20261123T014500Z-smoke-1',
    startedAt: '2026-11-23T01:45:00.000Z',
    wallMs: 60_000,
    suite: { name: 'smoke', file: 'hil-config/suites/smoke.yaml', sha256: '3'.repeat(64) },
    seed: 1,
    command: 'cockpit-hil nightly smoke --bench native',
    environment,
    verdict:
      failed === 0
        ? { outcome: 'passed', summary: `${cases.length} cases passed` }
        : { outcome: 'failed', causeClass: 'firmware', summary: `${failed} cases failed` },
    benches: [
      {
        name: bench.name,
        kind: bench.kind,
        file: bench.file,
        ranOn: bench.ranOn,
        state: 'ready',
        identity: {
          board: 'native',
          uid: '00ff',
          firmware: '0123456789ab',
          firmwareSha256: bench.firmwareSha256,
          elf: 'e'.repeat(64),
          isa: '1a2b3c4d',
          protocol: 1,
        },
        footprint: { flash: 32_504, ram: 31_148, symbols: { agent_round: 644, arena: 20_480 } },
        attempts: cases.length,
      },
    ],
    cases,
    recoveries: [],
    problems: [],
    ...change,
  };
}
