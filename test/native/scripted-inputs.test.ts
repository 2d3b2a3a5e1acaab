import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/results/index.ts';
import { cockpitHil } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { parseRecord } from '../helpers/record.ts';
import { describeScriptsOn } from '../helpers/scripts-on-bench.ts';

describeScriptsOn('native');

const SKETCH = `void setup() { pinMode(5, INPUT_PULLUP); }
void loop() { printf("%d%d\\n", digitalRead(4), digitalRead(5)); }
`;

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'read.ino'), SKETCH);
});

interface Ran {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly record: RunRecord;
}

async function cli(...args: string[]): Promise<Ran> {
  const { code, stdout } = await cockpitHil([...args, '--json', 'out.json'], { cwd: folder });
  const { record } = parseRecord(await readFile(join(folder, 'out.json'), 'utf8'));
  return { code, stdout, record };
}

const run = (...args: string[]): Promise<Ran> =>
  cli('run', 'read.ino', '--bench', 'native', '--loops', '9', ...args);

const output = ({ record }: Ran): string | undefined => record.programs[0]?.output;
const inputs = ({ record }: Ran): unknown => record.programs[0]?.inputs;

describe('run --inputs', () => {
  it('seed:N reads the same each time, and something else from another seed', async () => {
    const first = await run('--inputs', 'seed:1');
    expect(first.code).toBe(0);
    expect(first.record.programs[0]?.inputs).toHaveLength(18);
    expect(inputs(await run('--inputs', 'seed:1'))).toEqual(inputs(first));
    expect(inputs(await run('--inputs', 'seed:1', '--mode', 'trace'))).toEqual(inputs(first));
    expect(output(await run('--inputs', 'seed:2'))).not.toBe(output(first));
    expect(first.record.command).toContain(' --inputs seed:1');
  });

  it('a file with values, of which the last stays or all come again, beside a live pin', async () => {
    const last = 'pins:\n  4: { values: [1, 0, 1, 0] }\n';
    await writeFile(join(folder, 'last.yaml'), last);
    const stays = await run('--inputs', 'last.yaml');
    expect(output(stays)).toBe('11\n01\n11\n01\n01\n01\n01\n01\n01\n');
    await writeFile(join(folder, 'again.yaml'), last.replace(']', '], then: repeat'));
    const again = await run('--inputs', 'again.yaml');
    expect(output(again)).toBe('11\n01\n11\n01\n11\n01\n11\n01\n11\n');
  });

  it('record:FILE gives what a run read', async () => {
    await writeFile(join(folder, 'some.yaml'), 'pins:\n  4: { values: [0, 1, 1, 0, 1] }\n');
    const { record } = await run('--inputs', 'some.yaml');
    // As if those had been the levels of a pin.
    const live: RunRecord = { ...record };
    delete live.scripted;
    await writeFile(join(folder, 'live.json'), JSON.stringify(live));
    const again = await run('--inputs', 'record:live.json');
    expect(output(again)).toBe('01\n11\n11\n01\n11\n11\n11\n11\n11\n');
  });
});

describe('replay on a board', () => {
  it('repeats a scripted run exactly', async () => {
    const first = await run('--inputs', 'seed:3');
    await writeFile(join(folder, 'first.json'), JSON.stringify(first.record));
    const again = await cli('replay', 'first.json', '--on', 'board');
    expect(again.code).toBe(0);
    expect(inputs(again)).toEqual(inputs(first));
    expect(again.record.scripted).toEqual(first.record.scripted);
  });

  it('gives the board what was read live, as long as a script can hold it', async () => {
    const { record } = await run('--inputs', 'seed:4');
    const live: RunRecord = { ...record };
    delete live.scripted;
    await writeFile(join(folder, 'live.json'), JSON.stringify(live));
    const again = await cli('replay', 'live.json', '--on', 'board');
    expect(again.stdout).toContain('read 18 values live; the board is given those of its pins');
    expect(inputs(again)).toEqual(record.programs[0]?.inputs);
    expect(again.record.scripted?.given).toBe('record:live.json');

    const [program] = live.programs;
    if (program === undefined) throw new Error('no program');
    program.inputs = Array.from({ length: 257 }, (_, n) => [n, 4, n % 2]);
    await writeFile(join(folder, 'long.json'), JSON.stringify(live));
    const other = await cli('replay', 'long.json', '--on', 'board');
    expect(other.stdout).toContain(
      'and so does this one: one port was read 257 times before its last change',
    );
    expect(other.record.scripted).toBeUndefined();
    // Nothing drives pin 4; pin 5 has its pull-up.
    expect(output(other)).toBe('01\n'.repeat(9));
  });
});
