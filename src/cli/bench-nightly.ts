import { OPCODES } from '../isa/index.ts';
import type { CaseResult, NightlyRecord, RunRecord } from '../results/index.ts';

/** Numbers from 0 up to below 1 that look like chance and are the same each time. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const hex = (next: () => number, digits: number): string =>
  Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join('');

const FIRMWARE = '2'.repeat(64);

/** A run of a program of middle size: 30 lines printed, 60 changes of 3 pins, 20 opcodes, an image of 2 KB. */
function run(index: number, next: () => number, startedAt: string): RunRecord {
  const lines = Array.from({ length: 30 }, (_, line) => `line ${line} of case ${index}`);
  const opcodes = OPCODES.slice(0, 20).map(({ name }, place) => [name, 10 * (place + index + 1)]);
  return {
    schema: 'cockpit-hil/run',
    version: 3,
    id: `${startedAt}-${index}`,
    startedAt,
    bench: {
      name: 'emulated',
      kind: 'emulated',
      ranOn: 'an emulated board, made up for a benchmark',
      file: 'emulated',
      firmware: '/firmware.elf',
      firmwareSha256: FIRMWARE,
    },
    mode: 'digest',
    clock: 'virtual',
    command: `cockpit-hil run case${index}.ino --bench emulated`,
    budget: { steps: 1_000_000, loops: 10 },
    verdict: { outcome: 'passed', summary: 'board and reference model agree on every step' },
    programs: [
      {
        vm: 0,
        vmName: 'SOS',
        file: `case${index}.ino`,
        sha256: hex(next, 64),
        image: Buffer.from(hex(next, 2048), 'hex').toString('base64'),
        imageSha256: hex(next, 64),
        instructions: 200,
        strings: 10,
        verdict: { outcome: 'passed', summary: 'board and reference model agree on every step' },
        stepsCompared: 10_000,
        rounds: 10,
        stopReason: 'loops',
        finalState: { wordsCompared: 1104, differences: [] },
        inputs: [],
        model: {
          steps: 10_000,
          digest: { stream: hex(next, 8), state: hex(next, 8) },
          opcodes: Object.fromEntries(opcodes) as Record<string, number>,
          stackHighWater: 12,
          timeUs: 30_000_000,
          pins: Array.from({ length: 60 }, (_, at) => [
            at * 500_000 + 17,
            2 + (at % 3),
            at % 2 === 0 ? 1 : 0,
          ]),
          pinsOmitted: 0,
        },
        notCompared: [],
        output: `${lines.join('\n')}\n`,
      },
    ],
    pinEdges: [],
    pinTiming: [],
    pinTimingNotes: [],
    timing: [{ phase: 'run', ms: 20 + 10 * next() }],
    wallMs: 100 + 20 * next(),
    environment: ENVIRONMENT,
  };
}

const ENVIRONMENT: RunRecord['environment'] = {
  node: process.version,
  platform: 'linux-x64',
  harness: '0.1.0',
  git: { commit: '0'.repeat(40), dirty: false },
  sources: { model: '4'.repeat(64), compiler: '5'.repeat(64), firmware: '6'.repeat(64) },
  tools: { openocd: '0.12.0' },
};

function caseOf(index: number, next: () => number, startedAt: string): CaseResult {
  const made = run(index, next, startedAt);
  const bad = next() < 0.01;
  const verdict = bad
    ? { outcome: 'failed' as const, causeClass: 'firmware' as const, summary: 'made to fail' }
    : made.verdict;
  const { wallMs: ms } = made;
  const number = 1;
  return {
    id: `group${index % 20}/case ${index}`,
    tags: [`group${index % 20}`],
    files: [`case${index}.ino`],
    mode: 'digest',
    clock: 'virtual',
    outcome: verdict.outcome,
    ...(bad ? { causeClass: 'firmware' as const } : {}),
    summary: verdict.summary,
    attempts: [{ number, bench: 'emulated', startedAt, ms, verdict, expectations: [], run: made }],
    ms,
  };
}

/** A nightly that never was, as large as wanted, for benchmarks. One in a hundred cases fails. @param night its number, from 0 */
export function madeUpNightly(cases: number, night: number): NightlyRecord {
  const next = chance(night + 1);
  const startedAt = new Date(Date.UTC(2026, 0, 1 + night, 1)).toISOString();
  return {
    schema: 'cockpit-hil/nightly',
    version: 1,
    id: `made-up-${String(night).padStart(4, '0')}`,
    startedAt,
    wallMs: 100 * cases,
    suite: { name: 'made up', file: 'none', sha256: '3'.repeat(64) },
    seed: night,
    command: 'cockpit-hil bench report',
    environment: ENVIRONMENT,
    verdict: { outcome: 'failed', causeClass: 'firmware', summary: 'some cases were made to fail' },
    benches: [
      {
        name: 'emulated',
        kind: 'emulated',
        file: 'emulated',
        ranOn: 'an emulated board, made up for a benchmark',
        state: 'ready',
        attempts: cases,
      },
    ],
    cases: Array.from({ length: cases }, (_, index) => caseOf(index, next, startedAt)),
    recoveries: [],
    problems: [],
  };
}
