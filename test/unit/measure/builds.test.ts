import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measureOnBoard } from '../../../src/measure/board.ts';
import { measureBuilds } from '../../../src/measure/builds.ts';
import type { BenchBuild } from '../../../src/measure/firmware.ts';
import { elfOf } from '../../../src/measure/jobs.ts';
import { fakeBenchBoard } from '../../helpers/fake-bench-board.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

/** Bench firmware of every build, as far as flashing it goes; notes which was asked for. */
async function builds() {
  const folder = await temporaryFolder();
  const asked: string[] = [];
  const locate = async ({ dispatch, hot }: BenchBuild): Promise<string> => {
    const name = `${dispatch} ${hot}`;
    asked.push(name);
    const path = join(folder, `${name}.elf`);
    await writeFile(path, elfOf(Buffer.from(name.padEnd(16)), 0x0800_0000));
    return path;
  };
  return { asked, locate };
}

test('a board measures both kinds of dispatch with hot code in either memory, in cycles at its clock', async () => {
  const { asked, locate } = await builds();
  const board = fakeBenchBoard();
  for (const hot of ['flash', 'ccm'] as const) {
    const { table, switched } = await measureBuilds(
      hot,
      (elf, jobs) => measureOnBoard(board.start, elf, jobs),
      locate,
    );
    // The longer of its two programs executes PUSH 80 times more, and the fake takes 1,000 cycles more for it.
    for (const { opcodes, workloads, clockHz, hotBytes } of [table, switched]) {
      expect(opcodes[0]).toEqual({ name: 'PUSH', instructions: 1.25, cycles: 12.5 });
      expect(workloads.map(({ cycles }) => cycles > 0)).toEqual([true, true, true, true]);
      expect({ clockHz, hotBytes }).toEqual({ clockHz: 170_000_000, hotBytes: 7912 });
    }
  }
  expect(asked).toEqual(['table flash', 'switch flash', 'table ccm', 'switch ccm']);
  // Each was flashed by an OpenOCD of its own, which has ended.
  expect(board.probes.map(({ disposed }) => disposed)).toEqual([true, true, true, true]);
});
