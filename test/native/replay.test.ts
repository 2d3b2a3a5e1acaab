import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PORTS } from '../../src/isa/index.ts';
import type { RunRecord } from '../../src/results/index.ts';
import { replayOnModel, replayOnNative } from '../../src/suite/index.ts';
import { cockpitHil } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { parseRecord } from '../helpers/record.ts';

// The pull-up is what the pin reads: 1 in each round.
const SKETCH = `int count;

void setup() {
  pinMode(4, INPUT_PULLUP);
}

void loop() {
  count += digitalRead(4);
  printf("%d\\n", count);
}
`;

let folder: string;
let record: RunRecord;

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'live.ino'), SKETCH);
  const args = ['run', 'live.ino', '--bench', 'native', '--loops', '3', '--json', 'live.json'];
  const { code } = await cockpitHil(args, { cwd: folder });
  expect(code).toBe(0);
  ({ record } = parseRecord(await readFile(join(folder, 'live.json'), 'utf8')));
});

const BOUND = {
  budgetMs: 20_000,
  now: () => performance.now(),
  signal: new AbortController().signal,
};

/** A copy of the record and its first program, to be changed. */
function copyOf(): { readonly changed: RunRecord; readonly first: RunRecord['programs'][number] } {
  const changed = structuredClone(record);
  const [first] = changed.programs;
  if (first === undefined) throw new Error('no program');
  return { changed, first };
}

describe('a run that read a pin', () => {
  it('has what it read in its record', () => {
    const { inputs, stepsCompared, output } = copyOf().first;
    const READ = [PORTS.DIGITAL + 4, 1];
    expect(inputs.map(([, port, value]) => [port, value])).toEqual([READ, READ, READ]);
    expect(inputs.every(([step]) => step < stepsCompared)).toBe(true);
    expect(output).toBe('1\n2\n3\n');
  });

  it.each([
    ['model', 'PASSED  the model makes the same'],
    ['native', 'PASSED  native C and model agree on'],
    ['board', 'PASSED  board and reference model agree on every step'],
  ])('passes again on %s', async (on, text) => {
    const result = await cockpitHil(['replay', 'live.json', '--on', on], { cwd: folder });
    expect(result.stdout).toContain(text);
    expect(result.code).toBe(0);
    expect(result.survivors).toEqual([]);
    const said =
      'replay  the recorded run read 3 values live; the board is given those of its pins as a script';
    expect(result.stdout.includes(said)).toBe(on === 'board');
  });
});

describe('replayOnModel', () => {
  it('uses the recorded values: others come to another end', async () => {
    const { changed, first } = copyOf();
    first.inputs = first.inputs.map(([step, port, value], at) => [
      step,
      port,
      at === 1 ? 0 : value,
    ]);
    const [found] = await replayOnModel(changed, BOUND);
    expect(found?.verdict).toMatchObject({ outcome: 'failed', causeClass: 'model' });
    expect(found?.details).toEqual(['output  another text than recorded']);
  });

  it('can do nothing with a run that broke off, or never began', async () => {
    const { changed, first } = copyOf();
    delete first.stopReason;
    const [broken] = await replayOnModel(changed, BOUND);
    expect(broken?.verdict).toMatchObject({ outcome: 'errored', causeClass: 'harness' });
    expect(broken?.verdict.summary).toContain('broke off');
    const { changed: boardless } = copyOf();
    delete boardless.world;
    await expect(replayOnModel(boardless, BOUND)).rejects.toThrow(
      'before the board said what it is',
    );
  });
});

describe('replayOnNative', () => {
  it('compares each program with its own inputs, and names its VM', async () => {
    const { changed, first } = copyOf();
    changed.programs.push({ ...structuredClone(first), vm: 1, vmName: 'AUDIO' });
    const found = await replayOnNative(changed, BOUND);
    expect(found.map(({ vmName, verdict }) => [vmName, verdict.outcome])).toEqual([
      ['SOS', 'passed'],
      ['AUDIO', 'passed'],
    ]);
  });

  it('says how far it came when there is no time for more', async () => {
    const [found] = await replayOnNative(record, { ...BOUND, budgetMs: -1 });
    expect(found?.verdict).toMatchObject({ outcome: 'errored', causeClass: 'harness' });
    expect(found?.verdict.summary).toContain('agree on 0 steps');
  });
});

describe('a record that is no good is one clear line and exit code 2', () => {
  it('a damaged program', async () => {
    const { changed, first } = copyOf();
    const image = Buffer.from(first.image, 'base64');
    image[60] = (image[60] ?? 0) ^ 1;
    first.image = image.toString('base64');
    await writeFile(join(folder, 'changed.json'), JSON.stringify(changed));
    const result = await cockpitHil(['replay', 'changed.json', '--on', 'model'], { cwd: folder });
    expect(result.stderr).toContain(
      'error: the program of live.ino in the record is refused: bad-crc',
    );
    expect(result.stderr.match(/^error:/gm)).toHaveLength(1);
    expect(result.code).toBe(2);
  });

  it('an unknown bench', async () => {
    const result = await cockpitHil(['replay', 'live.json', '--on', 'emulatedd'], { cwd: folder });
    expect(result.stderr).toContain('there is no bench "emulatedd"; did you mean "emulated"?');
    expect(result.code).toBe(2);
  });
});
