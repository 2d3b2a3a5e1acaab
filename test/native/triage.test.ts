import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../src/compiler/index.ts';
import { NativeReplay } from '../../src/fuzz/index.ts';
import { buildImage, stripDebug, type Program } from '../../src/image/index.ts';
import { EFFECT_KINDS, PORTS } from '../../src/isa/index.ts';
import { ModelReplay } from '../../src/lockstep/index.ts';
import type { ProgramResult, RunRecord } from '../../src/results/index.ts';
import type { Finding } from '../../src/suite/finding.ts';
import { compareNative, nativeLeg, type RecordedRun } from '../../src/suite/native-leg.ts';
import { cockpitHil, type CliResult } from '../helpers/cli.ts';
import { buildDefect } from '../helpers/firmware.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { repositoryPath } from '../helpers/paths.ts';
import { parseRecord } from '../helpers/record.ts';

const GOOD_REPLAY = repositoryPath('build', 'firmware', 'native', 'cvm-replay');
const BOUND = {
  budgetMs: 20_000,
  now: () => performance.now(),
  signal: new AbortController().signal,
};

// The comparison is LT_SIGNED: at the first i = 3 the model goes on behind the loop, the wrong firmware doesn't.
const SKETCH = `int total;
int samples[5];

void setup() {
  for (int i = 0; i < 3; i++) {
    samples[i] = 10 * i;
    total += samples[i];
  }
  printf("%d\\n", total);
}

void loop() {
}
`;

type Run = CliResult & { readonly record: RunRecord; readonly program: ProgramResult };

let firmware: string;
let folder: string;
/** The sketch on the wrong firmware. */
let wrong: Run;

beforeAll(async () => {
  firmware = await buildDefect('native', 'LT_SIGNED_LE', ['cvm-replay']);
  folder = await temporaryFolder();
  await writeFile(join(folder, 'sketch.ino'), SKETCH);
  wrong = await runWrong('digest');
});

async function runWrong(mode: string, sketch = 'sketch.ino'): Promise<Run> {
  const args = ['run', sketch, '--bench', 'native', '--loops', '5', '--firmware', firmware];
  const result = await cockpitHil([...args, '--mode', mode, '--json', `${mode}.json`], {
    cwd: folder,
  });
  expect(result.code).toBe(1);
  const text = await readFile(join(folder, `${mode}.json`), 'utf8');
  return { ...result, ...parseRecord(text) };
}

function compiled(source: string): Program {
  const result = compile(source, 'sketch.ino');
  if (!result.ok) throw new Error('it does not compile');
  return result.program;
}

describe.each(['digest', 'trace'])('a firmware with one handler wrong, in a %s run', (mode) => {
  it('is told from wrong sources, and everything about the step is there', async () => {
    const { code, stdout, record, program } = mode === 'digest' ? wrong : await runWrong(mode);
    expect(code).toBe(1);
    expect(record.verdict).toMatchObject({ outcome: 'failed', causeClass: 'toolchain' });
    const { divergence, triage } = program;
    expect(divergence).toMatchObject({
      instruction: 'LT_SIGNED',
      fields: ['value'],
      source: { line: 5, text: '  for (int i = 0; i < 3; i++) {' },
      effects: { expected: { value: 0 }, actual: { value: 1 } },
    });
    expect(divergence?.epoch).toBe(mode === 'digest' ? 0 : undefined);

    // 3 < 3: i was stored by i++, 3 is a constant.
    const operands = divergence?.operands?.list ?? [];
    expect(operands.map(({ value }) => value)).toEqual([3, 3]);
    expect(operands[0]?.writer?.instruction).toMatch(/^LOAD_LOCAL \d+ {2}; i$/);
    expect(operands[0]?.origin?.source?.line).toBe(5);
    expect(operands[1]?.writer?.instruction).toBe('PUSH 3');
    expect(operands[1]?.origin).toBeUndefined();

    // The result of the comparison is all that differs. 0 + 10 + 20 is the total.
    const state = divergence?.state;
    const differing = state?.stack.filter(({ differs }) => differs);
    expect(differing).toMatchObject([{ model: 0, board: 1 }]);
    expect(state?.registers.every(({ differs }) => !differs)).toBe(true);
    expect(state?.locals).toMatchObject([{ name: 'setup: i', model: 3, board: 3 }]);
    expect(state?.globals).toEqual([{ name: 'total', model: 30, board: 30, differs: false }]);
    expect(state?.arrays[0]?.cells.map(({ board }) => board)).toEqual([0, 10, 20, 0, 0]);

    expect(triage?.cause).toBe('toolchain');
    expect(triage?.reruns).toEqual({ same: 5, otherwise: 0, agreed: 0 });
    expect(triage?.reasons.join(' ')).toContain('deliberate defect LT_SIGNED_LE');

    expect(stdout).toMatch(/^ {4}! slot \d+ +0 +1$/m);
    expect(stdout).toMatch(/^ {4}> +\d+ +\d+ {2}LT_SIGNED +top of stack 1,/m);
    expect(stdout).toContain('    board      5 of 5 reruns wrong in the same way');
    expect(stdout).toContain(`again   cockpit-hil replay .cockpit-hil/runs/${record.id}.json`);
  });
});

// The pull-up reads as 1: after the third round 3 < 3 is asked.
const LIVE = `int count;

void setup() {
  pinMode(4, INPUT_PULLUP);
}

void loop() {
  count += digitalRead(4);
  if (count < 3) {
    printf("%d\\n", count);
  }
}
`;

describe.each(['digest', 'trace'])('a fault after live inputs, in a %s run', (mode) => {
  it('is explained with what was read', async () => {
    await writeFile(join(folder, 'live.ino'), LIVE);
    const { program } = await runWrong(mode, 'live.ino');
    const { divergence, triage } = program;
    expect(divergence).toMatchObject({ instruction: 'LT_SIGNED', source: { line: 9 } });
    expect(divergence?.operands?.list.map(({ value }) => value)).toEqual([3, 3]);
    expect(divergence?.inputs.count).toBe(3);
    expect(divergence?.inputs.last.map(({ port, value }) => [port, value])).toEqual([
      ['pin 4', 1],
      ['pin 4', 1],
      ['pin 4', 1],
    ]);
    // The pin reads the same in a second run, so its state is that of the step.
    expect(divergence?.state?.boardSide).toContain('which read the same values');
    const globals = divergence?.state?.globals;
    expect(globals).toEqual([{ name: 'count', model: 3, board: 3, differs: false }]);
    expect(triage?.legs.model.text).toMatch(/^run again: the same/);
    expect(triage).toMatchObject({ cause: 'toolchain', reruns: { same: 5 } });
  });
});

describe('replay of a failed run', () => {
  it.each([
    ['model', [], 0, 'PASSED  the model does at step'],
    ['native', [], 0, 'PASSED  native C and model agree on'],
    ['board', [], 1, 'FAILED [toolchain]  board and reference model part at step'],
    ['native.yaml', [], 0, 'PASSED  board and reference model agree'],
  ])('on %s', async (on, more, code, text) => {
    const bench = repositoryPath('hil-config', 'benches', on);
    const where = on.endsWith('.yaml') ? bench : on;
    const path = `.cockpit-hil/runs/${wrong.record.id}.json`;
    const result = await cockpitHil(['replay', path, '--on', where, ...more], { cwd: folder });
    expect(result.stdout).toContain(text);
    expect(result.code).toBe(code);
    expect(result.survivors).toEqual([]);
  });

  it('says that the firmware is another one', async () => {
    const good = repositoryPath('build', 'firmware', 'native', 'cockpit-agent');
    const path = `.cockpit-hil/runs/${wrong.record.id}.json`;
    const result = await cockpitHil(['replay', path, '--firmware', good], { cwd: folder });
    expect(result.stdout).toContain('this firmware is not the one of the recorded run');
    expect(result.stdout).toContain('PASSED');
    expect(result.code).toBe(0);
  });

  it('of one that is no longer there names it', async () => {
    const { record } = wrong;
    const path = join(folder, 'moved.json');
    const moved = { ...record, bench: { ...record.bench, firmware: '/no/such/agent' } };
    await writeFile(path, JSON.stringify(moved));
    const result = await cockpitHil(['replay', path], { cwd: folder });
    expect(result.stderr).toContain('error: there is no firmware at /no/such/agent');
    expect(result.code).toBe(2);
  });
});

describe('the native C engine as a witness', () => {
  /** The sketch up to and with the wrong step, and what the wrong firmware did there. */
  function wrongRun(): { run: RecordedRun; found: Finding } {
    const { program, record } = wrong;
    const { step, fields, effects } = program.divergence ?? { step: 0, fields: [] };
    const actual = effects?.actual;
    if (actual === undefined) throw new Error('no divergence was found');
    const { pc, opcode, sp, address, value } = actual;
    const effect = { pc, opcode, sp, address, value, kind: EFFECT_KINDS[actual.kind] };
    const settings = {
      pins: (record.world?.pins ?? []).map((pin) => pin ?? undefined),
      buttons: 1,
      clock: 'virtual',
    } as const;
    const run = { program: compiled(SKETCH), settings, inputs: [], steps: step + 1, rounds: 5 };
    return { run, found: { kind: 'step', step, effect, fields } };
  }

  it('does what the model does when its sources are right, and what the board did when they have the same fault', async () => {
    const { run, found } = wrongRun();
    expect(await nativeLeg(GOOD_REPLAY, run, found, BOUND)).toEqual({ ran: true, does: 'model' });
    const faulty = join(dirname(firmware), 'cvm-replay');
    expect(await nativeLeg(faulty, run, found, BOUND)).toEqual({ ran: true, does: 'board' });
    // It goes wrong at this step too, but not as that board.
    const other: Finding = { kind: 'end', expected: 'halted', actual: 'steps' };
    const leg = await nativeLeg(faulty, run, other, BOUND);
    expect(leg).toMatchObject({ ran: true, does: 'else' });
  });

  it('says why it was not asked', async () => {
    const { run, found } = wrongRun();
    const leg = await nativeLeg('/no/such/cvm-replay', run, found, BOUND);
    expect(leg).toMatchObject({ ran: false });
    const late = { ...BOUND, budgetMs: -1 };
    expect(await nativeLeg(GOOD_REPLAY, run, found, late)).toMatchObject({ ran: false });
  });
});

describe('NativeReplay', () => {
  // Two reads of a pin, two of an analog input, and the time.
  const program = compiled(`
    int seen[5];
    int main() {
      seen[0] = digitalRead(4);
      seen[1] = analogRead(16);
      seen[2] = digitalRead(4);
      seen[3] = analogRead(16);
      seen[4] = millis();
      return 0;
    }`);
  const pins = Array.from({ length: 17 }, (_, pin) => ({
    adc: pin === 16,
    pwm: false,
    dac: false,
  }));
  const settings = { pins, buttons: 0, clock: 'real' } as const;
  const READS = [
    { port: PORTS.DIGITAL + 4, value: 1 },
    { port: PORTS.ANALOG + 16, value: 4095 },
    { port: PORTS.DIGITAL + 4, value: 0 },
    { port: PORTS.ANALOG + 16, value: 7 },
    { port: PORTS.MILLIS, value: -5 },
  ];

  it('gives the program the values that were recorded, and keeps the state', async () => {
    await using replay = new NativeReplay(GOOD_REPLAY);
    await replay.load(stripDebug(buildImage(program)), settings);
    const effects = await replay.advance(200, 0, READS);
    const read = effects.filter(({ kind }) => kind === EFFECT_KINDS.INPUT);
    expect(read.map(({ address, value }) => ({ port: address, value }))).toEqual(READS);
    const { snapshot, sp, error } = await replay.state();
    expect({ sp, error }).toEqual({ sp: snapshot.stack.length / 4, error: 0 });
    const cells = new DataView(snapshot.arrays.buffer, snapshot.arrays.byteOffset);
    const seen = [0, 1, 2, 3, 4].map((index) => cells.getInt32(4 * index, true));
    expect(seen).toEqual([1, 4095, 0, 7, -5]);
  });

  it('agrees with the model over many windows of steps, with inputs all along', async () => {
    const long = compiled(`
      int sum;
      void setup() {}
      void loop() { for (int i = 0; i < 100; i++) { sum = sum * 3 + digitalRead(4); } }`);
    // Which steps read is known from a run without inputs: the way doesn't depend on them.
    await using replay = new NativeReplay(GOOD_REPLAY);
    const dry = new ModelReplay(long, settings, []);
    const inputs: { step: number; port: number; value: number }[] = [];
    while (dry.steps < 40_000) {
      const step = dry.steps;
      const effect = dry.step();
      if (effect?.kind !== EFFECT_KINDS.INPUT) continue;
      inputs.push({ step, port: effect.address, value: inputs.length % 3 === 0 ? 1 : 0 });
    }
    const run = { program: long, settings, inputs, steps: 40_000, rounds: 0 };
    const compared = await compareNative(replay, run, BOUND);
    expect(compared).toMatchObject({ steps: 40_000, finding: undefined, cut: false });
    expect(inputs.length).toBeGreaterThan(1000);
    // And not because neither was given anything.
    const { snapshot } = await replay.state();
    const globals = new DataView(snapshot.globals.buffer, snapshot.globals.byteOffset);
    const model = new ModelReplay(long, settings, inputs);
    while (model.steps < 40_000) model.step();
    expect(globals.getInt32(0, true)).toBe(model.engine.context.globals[0]);
    expect(globals.getInt32(0, true)).not.toBe(dry.engine.context.globals[0]);
  });
});
