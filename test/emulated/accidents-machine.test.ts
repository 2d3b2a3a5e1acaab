import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acquireLock } from '../../src/process/index.ts';
import { HARMLESS, leftBehind } from '../helpers/accident-bench.ts';
import { cockpitHil } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { buildFullDisk } from '../helpers/full-disk.ts';

describe('a machine that is in the way', () => {
  it('the probe is taken by another process: refused with its holder, and nothing is left', async () => {
    const before = await leftBehind();
    await using held = await acquireLock('probe-0123456789ABCDEF', 'another job');
    const flash = await cockpitHil(['flash', '--bench', 'nucleo'], {
      env: { COCKPIT_PROBE: '0123456789ABCDEF' },
    });
    expect(flash.code).toBe(2);
    expect(flash.stderr).toContain(
      `probe-0123456789ABCDEF is in use by pid ${process.pid} (another job, since `,
    );
    expect(flash.survivors).toEqual([]);
    await held[Symbol.asyncDispose]();
    expect(await leftBehind()).toEqual(before);
  });

  it('the disk is full for the results: exit code 2, no half record, no process left', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'harmless.ino'), HARMLESS);
    const { env, log } = await buildFullDisk();
    const run = (more: Record<string, string>) =>
      cockpitHil(['run', 'harmless.ino', '--bench', 'emulated', '--loops', '1'], {
        cwd: folder,
        env: more,
      });
    const runs = join(folder, '.cockpit-hil', 'runs');
    // Half of a record.
    const full = await run(env(runs, 1000));
    expect(await readFile(log, 'utf8')).toMatch(/^refused \d{4,} bytes$/m);
    expect(full.stderr).toMatch(/^error: cannot write .*\.json.*: ENOSPC/);
    expect(full.stderr).toMatch(/\(fix: free some disk space/);
    // The verdict is known all the same, and no file is named that isn't there.
    expect(full.stdout).toContain('PASSED  board and reference model agree on every step');
    expect(full.stdout).not.toMatch(/^report/m);
    expect(full.code).toBe(2);
    expect(full.survivors).toEqual([]);
    expect(await readdir(runs)).toEqual([]);
    // Nothing is in the way of the next run once there is space.
    expect(await run({})).toMatchObject({ code: 0, survivors: [] });
    expect(await readdir(runs)).toHaveLength(1);
  });
});
