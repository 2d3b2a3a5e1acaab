import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { acquireLock } from '../../src/process/index.ts';
import { nightlyRecordSchema, type NightlyRecord } from '../../src/results/index.ts';
import { PROTOCOL_VERSION } from '../../src/wire/index.ts';
import { cockpitHil } from '../helpers/cli.ts';
import { buildDefect } from '../helpers/firmware.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { buildFullDisk } from '../helpers/full-disk.ts';
import { outcomesOf, runSuite } from '../helpers/nightly-cli.ts';
import { repositoryPath } from '../helpers/paths.ts';
import { parseXml } from '../helpers/xml.ts';

const NATIVE = ['--bench', 'native'];
const readRecord = async (path: string): Promise<NightlyRecord> =>
  nightlyRecordSchema.parse(JSON.parse(await readFile(path, 'utf8')));

describe('cockpit-hil nightly on the native bench', () => {
  it('smoke: passes, and leaves a record, JUnit XML and a log', async () => {
    const cwd = await temporaryFolder();
    const copies = ['--json', 'copy.json', '--junit', 'copy.xml'];
    const result = await cockpitHil(['nightly', 'smoke', ...NATIVE, '--out', 'out', ...copies], {
      cwd,
    });
    expect(result.stderr).toBe('');
    expect(result.code).toBe(0);
    expect(result.survivors).toEqual([]);
    expect(result.stdout).toMatch(/^PASSED {2}8 passed of 8 cases, in /m);
    const record = await readRecord(join(cwd, 'out', 'record.json'));
    expect(record.benches[0]).toMatchObject({ name: 'native', state: 'ready', attempts: 8 });
    expect(record.benches[0]?.identity).toMatchObject({
      board: 'nucleo_g474re',
      protocol: PROTOCOL_VERSION,
    });
    expect(record.cases.every(({ attempts }) => attempts[0]?.run?.programs[0])).toBe(true);
    expect(await readRecord(join(cwd, 'copy.json'))).toEqual(record);
    const xml = await readFile(join(cwd, 'out', 'junit.xml'), 'utf8');
    expect(parseXml(xml)).toHaveProperty('testsuites');
    expect(xml.match(/<testcase /g)).toHaveLength(8);
    expect(await readFile(join(cwd, 'copy.xml'), 'utf8')).toBe(xml);
    const log = await readFile(join(cwd, 'out', 'log.ndjson'), 'utf8');
    expect(
      log
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).not.toEqual([]);
  });

  it('its command runs the same cases in the same order again', async () => {
    const cwd = await temporaryFolder();
    const first = await cockpitHil(['nightly', 'smoke', ...NATIVE, '--only', 'program'], { cwd });
    const again = /^again +cockpit-hil (.+)$/m.exec(first.stdout)?.[1] ?? '';
    const second = await cockpitHil(again.split(' '), { cwd });
    const order = (text: string): string[] => text.match(/program\/\w+/g) ?? [];
    expect(order(first.stdout)).toHaveLength(5);
    expect(order(second.stdout)).toEqual(order(first.stdout));
  });

  describe('with firmware that is wrong', () => {
    let swapped: string;
    let crashing: string;
    beforeAll(async () => {
      swapped = await buildDefect('native', 'SUB_SWAPPED');
      crashing = await buildDefect('native', 'CRASH_IN_PRINTF');
    });

    it('a planted fault is found; a real one fails the nightly; the others pass', async () => {
      const { code, record, out, survivors, stdout } = await runSuite(
        `
defaults: { loops: sketch, limit: 30s }
cases:
  - id: planted
    program: test/programs/euclid.ino
    firmware: { native: ${swapped} }
    expect: { fails: { causes: [toolchain], instruction: SUB } }
  - { id: wrong, program: test/programs/euclid.ino, firmware: { native: ${swapped} } }
  - { id: right, program: test/programs/euclid.ino, expect: { output: [{ sketch: true }] } }
`,
        [...NATIVE, ...NATIVE],
      );
      expect(outcomesOf(record)).toEqual({ planted: 'passed', right: 'passed', wrong: 'failed' });
      expect(record.verdict).toMatchObject({ outcome: 'failed', causeClass: 'toolchain' });
      expect(code).toBe(1);
      expect(survivors).toEqual([]);
      expect(stdout).toContain('1 of wrong on native');
      await access(join(out, 'runs', 'wrong-1.json'));
      const replay = await cockpitHil(['replay', join(out, 'runs', 'wrong-1.json')]);
      expect(replay.code).toBe(1);
    });

    it('a board that dies is brought back, and costs its own case alone', async () => {
      const { code, record, survivors } = await runSuite(
        `
defaults: { loops: sketch, limit: 30s, retries: 0, reruns: 0 }
cases:
  - id: dies
    programs: [test/programs/euclid.ino, test/programs/pins.ino]
    firmware: { native: ${crashing} }
  - { id: right, programs: [test/programs/euclid.ino, test/programs/pins.ino] }
`,
        NATIVE,
      );
      expect(outcomesOf(record)).toEqual({
        'dies/euclid': 'failed',
        'dies/pins': 'failed',
        'right/euclid': 'passed',
        'right/pins': 'passed',
      });
      expect(record.cases[0]).toMatchObject({ causeClass: 'firmware' });
      expect(record.recoveries).toHaveLength(2);
      expect(record.recoveries.every(({ recovered }) => recovered)).toBe(true);
      expect(record.benches[0]?.state).toBe('ready');
      expect(code).toBe(1);
      expect(survivors).toEqual([]);
    });
  });

  it('a board that its ladder does not bring back is given nothing more', async () => {
    const crashing = await buildDefect('native', 'CRASH_IN_PRINTF');
    const bench = join(await temporaryFolder(), 'short.yaml');
    const program = repositoryPath('build/firmware/native/cockpit-agent');
    await writeFile(
      bench,
      `kind: native\nboard: nucleo_g474re\nprogram: ${program}\nrecovery: [{ rung: reconnect }]\n`,
    );
    const { code, record, survivors } = await runSuite(
      `
defaults: { loops: sketch, limit: 30s, retries: 0, reruns: 0 }
cases:
  - { id: right, program: test/programs/euclid.ino }
  - id: dies
    programs: [test/programs/euclid.ino, test/programs/pins.ino]
    firmware: { native: ${crashing} }
`,
      ['--bench', bench],
    );
    expect(Object.values(outcomesOf(record)).toSorted()).toEqual(['errored', 'failed', 'passed']);
    expect(record.benches).toMatchObject([{ name: 'short', state: 'wedged' }]);
    expect(record.recoveries).toMatchObject([{ recovered: false, rungs: [{ rung: 'reconnect' }] }]);
    expect(record.cases.find(({ attempts }) => attempts.length === 0)).toMatchObject({
      causeClass: 'rig',
      summary: 'no bench is left that could run it',
    });
    expect(code).toBe(1);
    expect(survivors).toEqual([]);
  });

  it('a planted fault that never fires is an error', async () => {
    const { code, record } = await runSuite(
      `cases: [{ id: planted, program: test/programs/euclid.ino, loops: 1, expect: { fails: { causes: [toolchain] } } }]`,
      NATIVE,
    );
    expect(record.cases[0]).toMatchObject({ outcome: 'errored', causeClass: 'harness' });
    expect(code).toBe(2);
  });

  it('a nightly that compares nothing is an error', async () => {
    const { code, record } = await runSuite(
      'cases: [{ id: a, program: test/programs/euclid.ino, needs: [silicon] }]',
      NATIVE,
    );
    expect(outcomesOf(record)).toEqual({ a: 'skipped' });
    expect(record.verdict.summary).toContain('nothing at all was compared');
    expect(code).toBe(2);
  });

  it('cuts a case at its time limit, and the board is quiet for the next', async () => {
    const { code, record } = await runSuite(
      `
cases:
  - { id: endless, program: hil-config/programs/bench/lockstep.ino, steps: 4294967295, limit: 700ms, retries: 1 }
  - { id: next, program: test/programs/euclid.ino, loops: sketch }
`,
      NATIVE,
    );
    expect(outcomesOf(record)).toEqual({ endless: 'errored', next: 'passed' });
    expect(record.cases[0]?.attempts).toHaveLength(2);
    expect(record.cases[0]?.summary).toMatch(
      /^cut at its time limit of 0.7 s, at: run, \d+ steps compared$/,
    );
    expect(record.recoveries.map(({ recovered }) => recovered)).toEqual([true, true]);
    expect(code).toBe(2);
  });

  it('Ctrl-C: what ran is in the record, and nothing is left running', async () => {
    const { code, record, survivors, stdout } = await runSuite(
      `
cases:
  - { id: first, program: test/programs/euclid.ino, loops: sketch }
  - { id: slow, program: hil-config/programs/bench/lockstep.ino, steps: 4294967295, firmware: { native: ${repositoryPath('build/firmware/native/cockpit-agent')} } }
`,
      NATIVE,
      { signalAt: { after: '1/2  passed', signal: 'SIGINT' } },
    );
    expect(code).toBe(130);
    expect(survivors).toEqual([]);
    expect(outcomesOf(record)).toEqual({ first: 'passed', slow: 'errored' });
    expect(record.verdict.summary).toMatch(/^interrupted by SIGINT; until then 1 passed/);
    expect(stdout).toContain('ERRORED [harness]  interrupted by SIGINT');
  });

  it('parts run apart and join to the whole', async () => {
    const cwd = await temporaryFolder();
    const parts = ['1/2', '2/2'];
    const args = ['nightly', 'smoke', ...NATIVE, '--seed', '3'];
    for (const [index, shard] of parts.entries()) {
      const part = await cockpitHil([...args, '--shard', shard, '--out', `p${index}`], { cwd });
      expect(part.code).toBe(0);
    }
    const files = ['p1/record.json', 'p0/record.json'];
    const merged = await cockpitHil(['merge', ...files, '--out', 'all'], { cwd });
    expect(merged.stdout).toContain('8 passed of 8 cases');
    expect(merged.code).toBe(0);
    const whole = await readRecord(join(cwd, 'all', 'record.json'));
    expect(whole.cases).toHaveLength(8);
    const balanced = [...args, '--shard', '1/2', '--durations', 'all/record.json', '--out', 'p3'];
    expect((await cockpitHil(balanced, { cwd })).code).toBe(0);
    const mixed = await cockpitHil(['merge', 'p3/record.json', 'p1/record.json'], { cwd });
    expect(mixed.code).toBe(2);
    expect(mixed.stderr).toMatch(/^error: .*(don't belong together|two parts ran)/m);
    const alone = await cockpitHil(['merge', 'p0/record.json'], { cwd });
    expect(alone.stderr).toContain('missing: part 2/2');
    expect(alone.code).toBe(2);
  });

  it('a record that cannot be written: what was found is on the terminal, and the code is 2', async () => {
    const cwd = await temporaryFolder();
    // The disk of the copy is full; that it can be written to shows only at the end.
    const { env } = await buildFullDisk();
    const full = join(cwd, 'full');
    await mkdir(full);
    const args = ['nightly', 'smoke', ...NATIVE, '--only', 'demo', '--out', 'out'];
    const result = await cockpitHil([...args, '--json', 'full/copy.json'], {
      cwd,
      env: env(full, 1000),
    });
    expect(result.stdout).toContain('PASSED  2 passed of 2 cases');
    expect(result.stderr).toMatch(/^error: cannot write full\/copy\.json: .*ENOSPC.*\(fix: .+\)$/m);
    // It names the record that is there, and none that isn't.
    expect(result.stdout.match(/^record .*$/gm)).toEqual([
      expect.stringMatching(/^record +out\/record\.json$/),
    ]);
    await access(join(cwd, 'out', 'record.json'));
    expect(result.code).toBe(2);
    expect(result.survivors).toEqual([]);
  });

  it('a full disk for temporary files is called that, and not a firmware that cannot be read', async () => {
    const cwd = await temporaryFolder();
    const temporary = join(cwd, 'tmp');
    await mkdir(temporary);
    const { env, log } = await buildFullDisk();
    const { code, stderr, survivors } = await cockpitHil(
      ['run', repositoryPath('test', 'programs', 'loops.ino'), ...NATIVE],
      { cwd, env: { ...env(temporary, 1000), TMPDIR: temporary } },
    );
    expect(await readFile(log, 'utf8')).toMatch(/^refused \d+ bytes$/m);
    expect(stderr).toMatch(
      /^error: cannot write to the folder for temporary files \/.*\/tmp: ENOSPC.* \(fix: free some disk space there, or name another folder with TMPDIR\)$/m,
    );
    expect({ code, survivors }).toEqual({ code: 2, survivors: [] });
    // Not a byte stays behind.
    expect(await readdir(temporary)).toEqual([]);
  });

  it('of two that are started at once with one folder for outputs, one runs', async () => {
    const cwd = await temporaryFolder();
    // Other ways to the same folder.
    const outs = ['out', join(cwd, '.', 'out')];
    const all = ['nightly', 'smoke', ...NATIVE, '--only', 'program/recursion'];
    const results = await Promise.all(
      outs.map((out) => cockpitHil([...all, '--out', out], { cwd })),
    );
    expect(results.map(({ code }) => code).sort()).toEqual([0, 2]);
    const [won, lost] = results.sort((a, b) => (a.code ?? 0) - (b.code ?? 0));
    // On a busy machine the other one may come when all is over.
    expect(lost?.stderr).toMatch(/^error: .*out (is in use by pid \d+|holds a record already)/);
    expect(lost?.stdout).toBe('');
    const { id } = await readRecord(join(cwd, 'out', 'record.json'));
    expect(won?.stdout).toContain('1 passed of 1 case');
    expect(id).toMatch(/-native-\d+$/);
  });

  it('refuses a folder for outputs that another process has taken, and names that', async () => {
    const cwd = await temporaryFolder();
    await mkdir(join(cwd, 'out'));
    await using lock = await acquireLock(join(cwd, 'out'), 'the test');
    const result = await cockpitHil(['nightly', 'smoke', ...NATIVE, '--out', 'out'], { cwd });
    expect(result.code).toBe(2);
    expect(result.stderr.trim().split('\n')).toEqual([
      expect.stringMatching(
        new RegExp(`^error: ${cwd}/out is in use by pid ${process.pid} \\(the test, since .*\\) `),
      ),
    ]);
    await access(lock.path);
    await expect(access(join(cwd, 'out', 'record.json'))).rejects.toThrow('ENOENT');
  });

  it('refuses a folder for outputs that holds a record, which stays as it was', async () => {
    const cwd = await temporaryFolder();
    const args = ['nightly', 'smoke', ...NATIVE, '--only', 'demo/digest', '--out', 'out'];
    expect(await cockpitHil(args, { cwd })).toMatchObject({ code: 0 });
    const before = await readFile(join(cwd, 'out', 'record.json'), 'utf8');
    for (const again of [args, ['merge', 'out/record.json', '--out', 'out']]) {
      const { code, stdout, stderr } = await cockpitHil(again, { cwd });
      expect(stderr).toBe(
        'error: --out out holds a record already: out/record.json (fix: name another folder, or move this one away)',
      );
      expect(stdout).toBe('');
      expect(code).toBe(2);
    }
    expect(await readFile(join(cwd, 'out', 'record.json'), 'utf8')).toBe(before);
  });

  it('tells GitHub, where it is a job there', async () => {
    const summary = join(await temporaryFolder(), 'summary.md');
    await writeFile(summary, 'before\n');
    const { stdout } = await runSuite(
      `cases: [{ id: bad, program: test/programs/euclid.ino, loops: sketch, expect: { output: [{ exact: x }] } }]`,
      NATIVE,
      { env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary } },
    );
    expect(stdout).toMatch(
      /^::error file=test\/programs\/euclid\.ino,title=bad failed::output: expected line 1/m,
    );
    const text = await readFile(summary, 'utf8');
    expect(text).toMatch(/^before\n## night: failed\n/);
    expect(text).toContain('| bad | failed | 1 | output: expected line 1');
  });
});

describe('a mistake is found before any bench is started', () => {
  const PROGRAM = 'program: test/programs/euclid.ino';
  it.each([
    ['no bench', `cases: [{ id: a, ${PROGRAM} }]`, [], 'no bench to run on'],
    [
      'another bench',
      `cases: [{ id: a, ${PROGRAM} }]`,
      ['--bench', 'natve'],
      'did you mean "native"',
    ],
    ['a broken program', 'cases: [{ id: a, program: BROKEN }]', NATIVE, 'has 1 error, see above'],
    ['a missing program', 'cases: [{ id: a, program: none.ino }]', NATIVE, 'none.ino'],
    [
      'a real bench twice',
      `cases: [{ id: a, ${PROGRAM} }]`,
      ['--bench', 'nucleo', '--bench', 'nucleo'],
      'bench nucleo is named twice',
    ],
    ['a strange part', `cases: [{ id: a, ${PROGRAM} }]`, [...NATIVE, '--shard', '3/2'], '--shard'],
    [
      'a part without a seed',
      `cases: [{ id: a, ${PROGRAM} }]`,
      [...NATIVE, '--shard', '1/2'],
      '--seed',
    ],
    [
      'a record that is none',
      `cases: [{ id: a, ${PROGRAM} }]`,
      [...NATIVE, '--durations', 'night.yaml'],
      'night.yaml is not JSON',
    ],
  ])('%s', async (_, yaml, args, message) => {
    const cwd = await temporaryFolder();
    const broken = join(cwd, 'broken.ino');
    await writeFile(broken, 'void setup() {\n  digitalWrit(13, HIGH);\n}\nvoid loop() {}\n');
    await writeFile(join(cwd, 'night.yaml'), yaml.replace('BROKEN', broken));
    const result = await cockpitHil(['nightly', './night.yaml', ...args], { cwd });
    expect(result.stderr).toContain(message);
    expect(result.stdout).not.toContain('bench  ');
    expect(result.code).toBe(2);
    await expect(access(join(cwd, '.cockpit-hil', 'nightly'))).rejects.toThrow();
  });
});
