import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { acquireLock } from '../../src/process/index.ts';
import type { CaseResult } from '../../src/results/index.ts';
import { FATAL, HARMLESS } from '../helpers/accident-bench.ts';
import { cockpitHil } from '../helpers/cli.ts';
import { buildDefect } from '../helpers/firmware.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { buildFullDisk } from '../helpers/full-disk.ts';
import { outcomesOf, runSuite } from '../helpers/nightly-cli.ts';
import { repositoryPath } from '../helpers/paths.ts';

const SUITE = `
defaults: { loops: sketch, limit: 60s, retries: 1, reruns: 0 }
cases:
  - id: right
    programs: [test/programs/euclid.ino, test/programs/crc32.ino, test/programs/sort.ino, test/programs/queens.ino]
    expect: { output: [{ sketch: true }] }
`;
/** Short, so that a board that is stopped doesn't take a minute: what each rung says is the unit tests' business. */
const BENCH = `kind: emulated
board: nucleo_g474re
firmware: build/firmware/nucleo-harness/cockpit-agent.elf
recovery:
  - { rung: reconnect }
  - { rung: sysresetreq, limit: 3s }
  - { rung: power-cycle, limit: 60s }
`;

/** A rung that is cut is cut by a timer, which is late on a busy machine. */
const LATE_MS = 2000;

/** QEMU's process id, by a word in its environment. */
function qemuOf(marker: string): number {
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const named = readFileSync(`/proc/${pid}/comm`, 'latin1').startsWith('qemu-system-arm');
      if (named && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(marker)) {
        return Number(pid);
      }
    } catch {
      // Gone between the listing and the reading.
    }
  }
  throw new Error('no QEMU runs');
}

it.each([
  ['SIGKILL', ['rig'], /QEMU ended with SIGKILL/],
  // Between two runs, or at the beginning of one: whoever asks has a limit, and tells it.
  [
    'SIGSTOP',
    ['rig', 'link'],
    /^no (agent answered HELLO|reply to [A-Z]+) on .* (within|in) \d{4} ms/,
  ],
] as const)(
  'QEMU gets %s in the middle of a nightly: one case is flaky, the others pass, nothing is left',
  async (signal, causes, why) => {
    const bench = join(await temporaryFolder(), 'short.yaml');
    await writeFile(bench, BENCH);
    const marker = randomUUID();
    const hit: number[] = [];
    const { code, record, survivors } = await runSuite(SUITE, ['--bench', bench], {
      env: { ACCIDENT: marker },
      // The first case is over, the second has just begun.
      onOutput: (all) => {
        if (hit.length > 0 || !all.includes('1/4')) return;
        const pid = qemuOf(marker);
        process.kill(pid, signal);
        hit.push(pid);
      },
    });
    expect(hit).toHaveLength(1);
    expect(Object.values(outcomesOf(record)).sort()).toEqual([
      ...['flaky', 'passed', 'passed', 'passed'],
    ]);
    const flaky = record.cases.find(({ outcome }) => outcome === 'flaky');
    expect(flaky?.attempts.map(({ verdict: { outcome } }) => outcome)).toEqual([
      'errored',
      'passed',
    ]);
    expect(causes).toContain(flaky?.attempts[0]?.verdict.causeClass);
    expect(flaky?.attempts[0]?.verdict.summary).toMatch(why);
    expect(record.recoveries).toMatchObject([{ case: flaky?.id, recovered: true }]);
    expect(record.recoveries[0]?.rungs.at(-1)).toMatchObject({ rung: 'power-cycle', ok: true });
    // Found out and mended in bounded time: each rung kept to the limit that the bench file gives it.
    const [{ rungs } = { rungs: [] }] = record.recoveries;
    expect(rungs.map(({ rung, limitMs }) => [rung, limitMs])).toEqual([
      ['reconnect', 10_000],
      ['sysresetreq', 3000],
      ['power-cycle', 60_000],
    ]);
    for (const { ms, limitMs } of rungs) expect(ms).toBeLessThanOrEqual(limitMs + LATE_MS);
    expect(record.benches).toMatchObject([{ state: 'ready' }]);
    expect(code).toBe(0);
    expect(survivors).toEqual([]);
  },
);

const nightly = (cases: string): string => `
defaults: { loops: sketch, limit: 60s, retries: 0, reruns: 0 }
cases:
${cases}`;
const RIGHT = 'programs: [test/programs/euclid.ino, test/programs/sort.ino]';

it('firmware that dies in two ways, between ordinary cases: causes, evidence and recovery are noted, all others pass', async () => {
  const fault = await buildDefect('nucleo-harness', 'HARD_FAULT_IN_MOD');
  const overflow = await buildDefect('nucleo-harness', 'STACK_OVERFLOW_IN_MOD');
  const good = repositoryPath('build/firmware/nucleo-harness/cockpit-agent.elf');
  const folder = await temporaryFolder();
  const fatal = join(folder, 'fatal.ino');
  await writeFile(fatal, FATAL);
  const harmless = join(folder, 'harmless.ino');
  await writeFile(harmless, HARMLESS);
  const { code, record, survivors } = await runSuite(
    nightly(`
  - { id: right, ${RIGHT} }
  - { id: fault, program: ${fatal}, loops: 2, firmware: { emulated: ${fault} } }
  - { id: well-fault, program: ${harmless}, loops: 2, firmware: { emulated: ${fault} } }
  - { id: overflow, program: ${fatal}, loops: 2, firmware: { emulated: ${overflow} } }
  - { id: well-overflow, program: ${harmless}, loops: 2, firmware: { emulated: ${overflow} } }
  - { id: again, program: ${harmless}, loops: 2, firmware: { emulated: ${good} } }
`),
    // The seed of an order in which somebody comes after each death.
    ['--bench', 'emulated', '--seed', '27'],
  );
  expect(outcomesOf(record)).toEqual({
    ...{ 'right/euclid': 'passed', 'right/sort': 'passed' },
    ...{ fault: 'failed', 'well-fault': 'passed' },
    ...{ overflow: 'failed', 'well-overflow': 'passed', again: 'passed' },
  });
  for (const [id, fault] of [
    ['fault', /^the core is in HardFault$/],
    ['overflow', /^the C stack has overflowed: /],
  ] as const) {
    const found = record.cases.find((one) => one.id === id);
    expect(found).toMatchObject({ causeClass: 'firmware' });
    const run = found?.attempts[0]?.run;
    expect(run?.forensics?.fault).toContainEqual(expect.stringMatching(fault));
    expect(run?.programs[0]?.lastSteps?.instruction).toContain('MOD');
  }
  const started = (one: CaseResult): string => one.attempts[0]?.startedAt ?? '';
  const order = record.cases.toSorted((a, b) => started(a).localeCompare(started(b)));
  const ran = order.map(({ id }) => id);
  // After both deaths the same firmware is reset and goes on, and then another is flashed.
  expect(ran.slice(2)).toEqual(['fault', 'well-fault', 'overflow', 'well-overflow', 'again']);
  expect(record.recoveries.map((one) => [one.case, one.recovered]).toSorted()).toEqual([
    ['fault', true],
    ['overflow', true],
  ]);
  expect(record.benches).toMatchObject([{ state: 'ready' }]);
  expect(record.verdict).toMatchObject({ outcome: 'failed', causeClass: 'firmware' });
  expect(code).toBe(1);
  expect(survivors).toEqual([]);
});

it("a bench whose probe is somebody else's: the holder is named, and the code is 2", async () => {
  const serial = randomUUID();
  await using held = await acquireLock(`probe-${serial}`, 'another job');
  expect(held.path).toContain(serial);
  const { code, record, survivors, stdout } = await runSuite(
    nightly(`
  - { id: right, ${RIGHT} }
`),
    ['--bench', 'nucleo'],
    { env: { COCKPIT_PROBE: serial } },
  );
  const holder = `probe-${serial} is in use by pid ${process.pid} (another job, since `;
  expect(record.benches).toMatchObject([
    { state: 'unusable', why: expect.stringContaining(holder) as string },
  ]);
  expect(stdout).toContain(holder);
  expect(Object.values(outcomesOf(record))).toEqual(['errored', 'errored']);
  expect(record.verdict).toMatchObject({ outcome: 'errored', causeClass: 'rig' });
  expect(code).toBe(2);
  expect(survivors).toEqual([]);
});

it("the disk is full for a nightly's results: the verdict is on the terminal, no half record, and the code is 2", async () => {
  const cwd = await temporaryFolder();
  const suite = join(cwd, 'night.yaml');
  await writeFile(
    suite,
    nightly(`
  - { id: right, ${RIGHT} }
`),
  );
  const { env, log } = await buildFullDisk();
  const out = join(cwd, 'out');
  const { code, stdout, stderr, survivors } = await cockpitHil(
    ['nightly', suite, '--bench', 'emulated', '--out', out],
    // The log has its place; the record is longer.
    { cwd, env: env(out, 1000) },
  );
  expect(await readFile(log, 'utf8')).toMatch(/^refused \d{4,} bytes$/m);
  expect(stdout).toContain('PASSED  2 passed of 2 cases');
  expect(stdout).not.toMatch(/^record/m);
  expect(stderr).toMatch(
    /^error: cannot write .*record\.json: ENOSPC.*\(fix: free some disk space/m,
  );
  expect(code).toBe(2);
  expect(await readdir(out)).toEqual(['log.ndjson']);
  expect(survivors).toEqual([]);
});
