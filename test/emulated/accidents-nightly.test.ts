import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';
import { outcomesOf, runSuite } from '../helpers/nightly-cli.ts';

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
  ['SIGKILL', /QEMU ended with SIGKILL/],
  ['SIGSTOP', /./],
] as const)(
  'QEMU gets %s in the middle of a nightly: one case is flaky, the others pass, nothing is left',
  async (signal, why) => {
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
    expect(flaky?.attempts[0]?.verdict.summary).toMatch(why);
    expect(record.recoveries).toMatchObject([{ case: flaky?.id, recovered: true }]);
    expect(record.recoveries[0]?.rungs.at(-1)).toMatchObject({ rung: 'power-cycle', ok: true });
    expect(record.benches).toMatchObject([{ state: 'ready' }]);
    expect(code).toBe(0);
    expect(survivors).toEqual([]);
  },
);
