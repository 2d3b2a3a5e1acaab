import { execa } from 'execa';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { History } from '../../src/results/index.ts';
import { findExecutable } from '../../src/process/index.ts';
import { cockpitHil } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { readVcd } from '../helpers/read-vcd.ts';

/** A sketch that blinks and prints. */
const sketch = (text: string): string => `
void setup() { pinMode(13, OUTPUT); }
void loop() {
  digitalWrite(13, HIGH);
  delay(500);
  digitalWrite(13, LOW);
  delay(500);
  printf("${text}\\n");
}`;

let cwd: string;
const ids: string[] = [];

const hil = (...args: string[]) => cockpitHil(args, { cwd });

/** Runs the sketch and keeps its id. */
async function run(...more: string[]): Promise<void> {
  const { stdout, stderr } = await hil(
    'run',
    'blink.ino',
    '--bench',
    'native',
    '--loops',
    '3',
    ...more,
  );
  const [, id] = /^report {2}\.cockpit-hil\/runs\/(\S+)\.json$/m.exec(stdout) ?? [];
  if (id === undefined) throw new Error(`no record: ${stdout}${stderr}`);
  ids.push(id);
}

beforeAll(async () => {
  cwd = await temporaryFolder();
  await writeFile(join(cwd, 'blink.ino'), sketch('one'));
  await run();
  await run();
  await writeFile(join(cwd, 'blink.ino'), sketch('two'));
  await run();
}, 180_000);

const id = (index: number): string => ids[index] ?? '';

describe('the past on the command line', () => {
  it('is listed, newest first', async () => {
    const { stdout, code } = await hil('history');
    expect(code).toBe(0);
    const [header, ...rows] = stdout.split('\n');
    expect(header).toMatch(/^OUTCOME +RUN +STARTED \(UTC\) +STEPS +TIME +BENCH +COMMIT +CASES$/);
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 2))).toEqual(
      ids.toReversed().map((one) => ['PASSED', one]),
    );
    const columns = rows.map((row) => row.indexOf('native', row.indexOf('UTC')));
    expect(new Set(columns).size).toBe(1);
    expect((await hil('history', '--last', '1')).stdout.split('\n')).toHaveLength(2);
  });

  it('is listed by case, with its spread', async () => {
    const { stdout } = await hil('history', '--case', 'blink');
    expect(stdout).toMatch(/^blink: 3 of 3 passed; \d+\.\d\d s, give or take \d+\.\d\d s/);
    const wrong = await hil('history', '--case', 'blnik');
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      "error: the history has no case blnik (fix: did you mean 'blink'?)",
    ]);
  });

  it('is nothing when nothing has been run', async () => {
    const { code, stderr } = await cockpitHil(['history'], { cwd: await temporaryFolder() });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: there is no history at \.cockpit-hil\/history\.db/);
  });

  it('is carried to another history', async () => {
    const file = join(cwd, 'export.jsonl');
    expect((await hil('history', '--export', file)).stdout).toBe(`3 records written to ${file}`);
    const other = await temporaryFolder();
    const imported = await cockpitHil(['history', '--import', file], { cwd: other });
    expect(imported.stdout).toBe(
      '3 taken in, 0 were in the history already: .cockpit-hil/history.db',
    );
    const listed = await cockpitHil(['history'], { cwd: other });
    expect(listed.stdout).toBe((await hil('history')).stdout);
  });

  it('shows a run again as it ended, by id, by the beginning of one, by file and as the latest', async () => {
    const shown = await hil('show', 'latest');
    expect(shown.stdout).toContain('PASSED  board and reference model agree on every step');
    expect(shown.stdout.split('\n').at(-1)).toMatch(/^PASSED blink on native at .*: board and/);
    expect((await hil('show', id(2))).stdout).toBe(shown.stdout);
    const file = `.cockpit-hil/runs/${id(2)}.json`;
    expect((await hil('show', file)).stdout).toBe(shown.stdout);
    const none = await hil('show', 'nothing-like-that');
    expect([none.code, none.stderr]).toEqual([
      2,
      'error: the history has no run nothing-like-that (fix: cockpit-hil history lists what there is)',
    ]);
  });

  it('writes waveforms that another reader and GTKWave understand', async () => {
    const { code } = await hil('show', 'latest', '--vcd', 'blink.vcd');
    expect(code).toBe(0);
    const { signals } = readVcd(await readFile(join(cwd, 'blink.vcd'), 'utf8'));
    const model = signals.get('model_SOS.pin13')?.changes.map(([at, level]) => [at, level]) ?? [];
    const times = model.slice(1).map(([at]) => Math.floor(Number(at) / 500_000));
    expect(times).toEqual([0, 1, 2, 3, 4, 5]);
    expect(signals.get('board.pin13')?.changes).toEqual(model);
    expect(signals.get('model_SOS.round')?.changes.at(-1)?.[1]).toBe('3');
    expect(signals.get('model_SOS.printed')?.changes.map(([, text]) => text)).toEqual([
      'two\n',
      'two\n',
      'two\n',
    ]);
    // GTKWave's own reader, where it is installed.
    if ((await findExecutable('vcd2fst')) === undefined) return;
    await execa('vcd2fst', ['blink.vcd', 'blink.fst'], { cwd });
    const { stdout } = await execa('fst2vcd', ['blink.fst'], { cwd });
    expect(stdout.match(/\$var wire 1 \S+ pin13 \$end/g)).toHaveLength(2);
    expect(stdout).toContain('stwo\\n ');
  });

  it('compares runs: the same, and with the first step and the text that changed', async () => {
    const same = await hil('compare', id(0), id(1));
    expect(same.code).toBe(0);
    expect(same.stdout).toMatch(/^SAME .*: nothing found; 1 of 1 cases as before$/m);
    const args = ['--json', 'c.json', '--markdown', 'c.md', '--junit', 'c.xml', '--html', 'c.html'];
    const changed = await hil('compare', id(1), 'latest', ...args);
    expect(changed.code).toBe(0);
    expect(changed.stdout).toContain('blink: SOS did other steps; its source changed');
    expect(changed.stdout).toMatch(/before {2}blink\.ino:8 +PRINTF .*print "one/);
    expect(changed.stdout).toMatch(/after {3}blink\.ino:8 +PRINTF .*print "two/);
    expect(changed.stdout).toContain('      -one\n');
    const [json, markdown, junit, html] = await Promise.all(
      ['c.json', 'c.md', 'c.xml', 'c.html'].map((name) => readFile(join(cwd, name), 'utf8')),
    );
    expect(JSON.parse(json ?? '')).toMatchObject({ failed: [], cases: [{ id: 'blink' }] });
    expect(markdown).toContain('-one');
    expect(junit).toContain('<testcase name="blink"');
    expect(html).toMatch(/^<!doctype html>/);
    const strict = await hil('compare', id(1), id(2), '--fail-on', 'output,trace');
    expect([strict.code, strict.stdout.split('\n').at(-1)]).toEqual([1, 'fails on trace, output']);
  });

  it('takes in what opcodes cost elsewhere', async () => {
    const workload = { id: 'W1', title: 'w', steps: 1, instructions: 1, cycles: 0 };
    const build = {
      opcodes: [{ name: 'PUSH', instructions: 11.5, cycles: 0 }],
      workloads: [workload],
      compiler: 'gcc',
      flags: '-O2',
    };
    const costs = {
      schema: 'cockpit-hil/vm-costs',
      version: 1,
      measuredAt: '2026-11-22T10:00:00.000Z',
      machine: 'an emulator',
      builds: { switch: build },
    };
    await writeFile(join(cwd, 'costs.json'), JSON.stringify(costs));
    expect((await hil('history', '--costs', 'costs.json')).code).toBe(0);
    using history = History.open(join(cwd, '.cockpit-hil', 'history.db'));
    expect(history.costs(1)).toMatchObject([{ name: 'PUSH', instructions: 11.5 }]);
    const wrong = await hil('history', '--costs', 'blink.ino');
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringMatching(/^error: blink\.ino is not what bench vm --json writes: /),
    ]);
  });

  it('is replayed by its name', async () => {
    const { code, stdout } = await hil('replay', 'latest', '--on', 'model');
    expect([code, stdout.split('\n')[0]]).toEqual([
      0,
      `record  ${id(2)}: passed: board and reference model agree on every step`,
    ]);
  });

  it('writes a report of it all', async () => {
    const { stdout } = await hil('report', '--against', id(0), '-o', 'out/report.html');
    expect(stdout).toContain('report  out/report.html');
    const html = await readFile(join(cwd, 'out', 'report.html'), 'utf8');
    const [, data = ''] = /id="data">(.*?)<\/script>/s.exec(html) ?? [];
    const page = JSON.parse(data) as { trends: { runs: { id: string }[] }; comparison: unknown };
    expect(page.trends.runs.map((one) => one.id)).toEqual(ids);
    expect(page.comparison).toBeDefined();
  });
});

describe('nightlies of the past', () => {
  it('are compared: a case that is gone fails', async () => {
    const folder = await temporaryFolder();
    const at = (...args: string[]) => cockpitHil(args, { cwd: folder });
    expect((await at('nightly', 'smoke', '--bench', 'native')).code).toBe(0);
    expect((await at('nightly', 'smoke', '--bench', 'native', '--only', 'program/*')).code).toBe(0);
    const listed = await at('history');
    const [, newer = '', older = ''] = listed.stdout
      .split('\n')
      .map((line) => line.split(/ {2,}/)[1]);
    expect(listed.stdout).toMatch(/PASSED +\S+ .* \d+ cases passed$/m);
    const { code, stdout } = await at('compare', older, newer);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^missing\n( {2}\S+: was passed: .*\n)+/m);
    expect(stdout).toMatch(/^fails on missing$/m);
    const case_ = await at('show', newer, '--case', 'program/recursion', '--vcd', 'r.vcd');
    expect(case_.code).toBe(0);
    expect(readVcd(await readFile(join(folder, 'r.vcd'), 'utf8')).signals.size).toBeGreaterThan(6);
  });
});
