import type { Divergence, ProgramResult, RunRecord, Triage } from '../../src/results/index.ts';

/** A program that passed. */
export function sampleProgram(change: Partial<ProgramResult> = {}): ProgramResult {
  return {
    vm: 0,
    vmName: 'SOS',
    file: 'sketch.ino',
    sha256: '0'.repeat(64),
    image: '',
    imageSha256: '1'.repeat(64),
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
    version: 3,
    id: 'sample',
    startedAt: '2026-11-23T01:45:00.000Z',
    bench: {
      name: 'native',
      kind: 'native',
      ranOn: 'a process of this machine, not silicon',
      file: 'native',
      firmware: '/build/cockpit-agent',
      firmwareSha256: '2'.repeat(64),
    },
    mode: 'trace',
    clock: 'virtual',
    command: 'cockpit-hil run sketch.ino --bench native',
    budget: { steps: 1000 },
    verdict: { outcome: 'passed', summary: 'all agree' },
    programs: [sampleProgram()],
    pinEdges: [],
    pinTiming: [],
    pinTimingNotes: [],
    timing: [{ phase: 'run', ms: 1250 }],
    wallMs: 1499,
    environment: {
      node: 'v24.0.0',
      platform: 'linux-x64',
      harness: '0.1.0',
      git: { commit: 'c'.repeat(40), dirty: false },
      sources: { model: '4'.repeat(64), compiler: '5'.repeat(64), firmware: '6'.repeat(64) },
      tools: { openocd: '0.12.0', qemu: '10.0.2' },
    },
    ...change,
  };
}

const SOURCE = { file: 'sketch.ino', line: 6, column: 11, text: '  total = total - less;' };

/** A wrong SUB at step 9: 40 - 7 gave -33. */
export function sampleDivergence(change: Partial<Divergence> = {}): Divergence {
  const effect = { pc: 4, opcode: 4, sp: 1, kind: 'TOP', address: 0 } as const;
  return {
    step: 9,
    source: SOURCE,
    instruction: 'SUB',
    expected: 'top of stack 33, stack depth 1',
    actual: 'top of stack -33, stack depth 1',
    effects: { expected: { ...effect, value: 33 }, actual: { ...effect, value: -33 } },
    fields: ['value'],
    lastSteps: [
      {
        step: 8,
        pc: 3,
        instruction: 'LOAD_LOCAL 0  ; less',
        source: SOURCE,
        effect: 'top of stack 7, stack depth 2',
      },
      {
        step: 9,
        pc: 4,
        instruction: 'SUB',
        source: SOURCE,
        effect: 'top of stack -33, stack depth 1',
      },
    ],
    operands: {
      of: { step: 9, pc: 4, instruction: 'SUB', source: SOURCE },
      list: [
        {
          what: 'a (stack slot 0)',
          value: 40,
          writer: { step: 7, pc: 2, instruction: 'LOAD_GLOBAL 0  ; total', source: SOURCE },
          origin: { step: 1, pc: 1, instruction: 'STORE_GLOBAL 0  ; total', source: SOURCE },
        },
        { what: 'b (stack slot 1)', value: 7 },
      ],
    },
    inputs: { count: 0, last: [] },
    state: {
      boardSide: 'from a second run of 10 steps',
      registers: [{ name: 'pc', model: 5, board: 5, differs: false }],
      stack: [{ name: 'slot 0', model: 33, board: -33, differs: true }],
      frames: [],
      locals: [],
      globals: [{ name: 'total', model: 40, board: 40, differs: false }],
      arrays: [],
    },
    missing: [],
    ...change,
  };
}

/** Five reruns that were all wrong in the same way. */
export function sampleTriage(change: Partial<Triage> = {}): Triage {
  return {
    cause: 'toolchain',
    reasons: ['the reason'],
    legs: {
      model: { ran: true, text: 'the same' },
      native: { ran: true, text: 'as the model' },
      board: { ran: true, text: '5 of 5' },
    },
    reruns: { same: 5, otherwise: 0, agreed: 0 },
    ...change,
  };
}
