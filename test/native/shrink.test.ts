import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readFinding } from '../../src/fuzz/index.ts';
import { disassemble } from '../../src/isa/index.ts';
import { shrinkRecord } from '../../src/suite/index.ts';
import { cockpitHil, type CliResult } from '../helpers/cli.ts';
import { buildDefect } from '../helpers/firmware.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { repositoryPath } from '../helpers/paths.ts';
import { parseRecord } from '../helpers/record.ts';

// What is subtracted is read from a pin.
const SKETCH = `int total = 40;

int subtract(int what) {
  int result = total;
  result = result - what;
  return result;
}

void setup() {
  pinMode(4, INPUT_PULLUP);
  for (int i = 1; i < 4; i++) total = subtract(digitalRead(4) + i);
  // Three sums in the loop, three for its counter: with this one their number is odd.
  printf("%d\\n", total + 1);
}

void loop() {
}
`;
const FOUND = '.cockpit-hil/found';
const GOOD = repositoryPath('build', 'firmware', 'native', 'cockpit-agent');

let folder: string;

/** Two commands of some seconds each, a build and a recorded run on a machine that is busy with other things. */
const LIMIT_MS = 240_000;

interface Recorded {
  /** Its name in `folder`. */
  readonly record: string;
  /** The build's folder. */
  readonly build: string;
}

const runs = new Map<string, Promise<Recorded>>();

/** A recorded run of the sketch on a wrong build. */
function recorded(defect: string): Promise<Recorded> {
  const known = runs.get(defect) ?? makeRun(defect);
  runs.set(defect, known);
  return known;
}

async function makeRun(defect: string): Promise<Recorded> {
  const firmware = await buildDefect('native', defect, ['cvm-replay']);
  const record = `${defect}.json`;
  const run = ['run', 'sketch.ino', '--bench', 'native', '--loops', '1', '--reruns', '0'];
  const args = [...run, '--firmware', firmware, '--json', record];
  expect((await cockpitHil(args, { cwd: folder })).code).toBe(1);
  return { record, build: dirname(firmware) };
}

function shrunk(record: string, ...more: string[]): Promise<CliResult> {
  return cockpitHil(['shrink', record, '--output', FOUND, ...more], { cwd: folder });
}

/** The instructions of the case that a `shrink` has written. */
async function written({ stdout }: CliResult): Promise<{ file: string; instructions: string[] }> {
  const [, file = ''] = /written to (\S+[.]json) and \S+[.]cvbc/.exec(stdout) ?? [];
  const { program } = await readFinding(join(folder, file));
  return { file, instructions: program.instructions.map((it) => disassemble(it)) };
}

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'sketch.ino'), SKETCH);
});

describe('shrink', { timeout: LIMIT_MS }, () => {
  it.each([
    // A difference of two values, a comparison of two equal ones, any sum: nothing shorter shows them.
    { defect: 'SUB_SWAPPED', instructions: /^(PUSH 0,PUSH 1|PUSH 1,PUSH 0),SUB$/ },
    { defect: 'LT_SIGNED_LE', instructions: /^PUSH 0,PUSH 0,LT_SIGNED$/ },
    { defect: 'STRAY_WRITE', instructions: /^PUSH 0,PUSH 0,ADD$/ },
  ])(
    'leaves three instructions of a run on $defect',
    async ({ defect, instructions: expected }) => {
      const { record } = await recorded(defect);
      const result = await shrunk(record);
      expect(result.code).toBe(1);
      expect(result.survivors).toEqual([]);
      expect(result.stdout).toContain('native C on this machine diverged in 0 of 1 run');
      expect(result.stdout).toContain('the smallest program diverged in 5 of 5 runs');
      const { file, instructions } = await written(result);
      expect(instructions.join()).toMatch(expected);

      // The command it prints finds it again, and on the good build all is well.
      const [, command = ''] = /^run it again: cockpit-hil (.*)$/m.exec(result.stdout) ?? [];
      const args = command.split(' ');
      expect((await cockpitHil(args, { cwd: folder })).code).toBe(1);
      const at = args.indexOf('--firmware') + 1;
      const good = await cockpitHil(args.with(at, GOOD), { cwd: folder });
      // It ends behind its last instruction, which is a fault on both engines alike.
      expect(good.stdout).not.toContain('first wrong step');
      expect(good.stdout).toContain('INVALID');

      // It is a case of the corpus.
      const replayed = await cockpitHil(['fuzz', '--replay', file], { cwd: folder });
      expect(replayed.stdout).toContain('PASSED');
      expect(replayed.code).toBe(0);
    },
  );

  it('runs on native C where it diverges there, with the values that were read', async () => {
    const { record, build } = await recorded('SUB_SWAPPED');
    const path = join(build, 'cvm-replay');
    const bound = {
      budgetMs: 60_000,
      now: () => performance.now(),
      signal: new AbortController().signal,
    };
    const { record: run } = parseRecord(await readFile(join(folder, record), 'utf8'));
    expect(run.programs[0]?.inputs.length).toBeGreaterThan(0);
    const context = { ...bound, resources: new AsyncDisposableStack() };
    const found = await shrinkRecord(run, { kind: 'native', path }, bound, context as never);
    if (found.kind !== 'smaller') throw new Error('it did not diverge');
    expect(found.smallest.fuzzCase.program.instructions.at(-1)?.opcode).toBe(4);
    expect(found.smallest.fuzzCase.program.instructions).toHaveLength(3);
  });

  it('says that a mended firmware does not diverge', async () => {
    const { record } = await recorded('SUB_SWAPPED');
    const result = await shrunk(record, '--firmware', GOOD);
    expect(result.stdout).toContain('NOT SHRUNK: the recorded program diverged in 0 of 5 runs');
    expect(result.code).toBe(0);
    const native = await shrunk(record, '--on', 'native');
    expect(native.stdout).toContain('NOT SHRUNK: the recorded program diverged in 0 of 1 run');
    expect(native.code).toBe(0);
  });

  it('leaves the smallest so far when it is interrupted', async () => {
    const { record } = await recorded('SUB_SWAPPED');
    const signalAt = { after: ': looking for a smaller program', signal: 'SIGINT' } as const;
    const args = ['shrink', record, '--output', 'interrupted'];
    const result = await cockpitHil(args, { cwd: folder, signalAt });
    expect(result.code).toBe(130);
    expect(result.survivors).toEqual([]);
    expect(result.stdout).toContain('not to the end: it was interrupted');
    expect((await written(result)).instructions.join()).toContain('SUB');
  });

  it('refuses the record of a run in which nothing diverged', async () => {
    const run = ['run', 'sketch.ino', '--bench', 'native', '--loops', '1', '--json', 'good.json'];
    expect((await cockpitHil(run, { cwd: folder })).code).toBe(0);
    const result = await shrunk('good.json');
    expect(result.stderr).toContain('error: no program of that run diverged');
    expect(result.code).toBe(2);
  });
});
