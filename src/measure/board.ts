import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HilError } from '../errors/index.ts';
import { flashIfDifferent, type FlashTarget, type OpenOcd } from '../probe/index.ts';
import {
  elfOf,
  encodeJobs,
  JOBS_ADDRESS,
  parseResults,
  type BenchOutput,
  type Job,
} from './jobs.ts';

/** What measuring needs of a probe. */
export type BoardProbe = FlashTarget & Pick<OpenOcd, 'resume' | 'targetState'> & AsyncDisposable;

/** Starts OpenOCD with the board's probe, and has every line of its output handed to `onLine`. */
export type StartProbe = (onLine: (line: string) => void) => Promise<BoardProbe>;

/**
 * All jobs are about 2 * 10^8 Arm instructions, 5 s with 4 cycles each at 170 MHz; and OpenOCD looks every 100 ms whether the core
 * stopped at a semihosting call, of which there are about 130. Three times their sum is 54 s.
 */
const RUN_MS = 60_000;
/** Between two looks at a board that says nothing; only how soon a lost one is noticed. */
const LOOK_MS = 500;
/** OpenOCD ends with the program on the board. What it wrote before is in the pipe already. */
const OUTPUT_MS = 1_000;

/** The last line of the bench firmware, whether it succeeded or not. */
const LAST = /^(?:end$|error )/;

/** Lets a halted board with semihosting run until the last line of its program came. */
async function runToEnd(probe: BoardProbe, ended: Promise<true>): Promise<void> {
  await probe.resume();
  const until = performance.now() + RUN_MS;
  try {
    while (!(await Promise.race([ended, sleep(LOOK_MS, false)]))) {
      // Fails when OpenOCD or the board is gone.
      await probe.targetState();
      if (performance.now() < until) continue;
      throw new HilError(
        'firmware',
        `the benchmark on the board did not end in ${RUN_MS / 1000} s`,
        'reset the board and start again',
      );
    }
  } catch (error) {
    if (!(await Promise.race([ended, sleep(OUTPUT_MS, false)]))) throw error;
  }
}

/**
 * Runs jobs on a real board: flashes bench firmware and jobs in the place of what the board holds, and reads the results by
 * semihosting, which OpenOCD writes among its own output. The board is left halted.
 * @throws ProbeError (rig) when the board can't be flashed or is lost, HilError (firmware) when the firmware doesn't finish
 */
export async function measureOnBoard(
  start: StartProbe,
  elf: string,
  jobs: readonly Job[],
): Promise<BenchOutput> {
  const folder = await mkdtemp(join(tmpdir(), 'cockpit-hil-bench-'));
  try {
    const file = join(folder, 'jobs.elf');
    await writeFile(file, elfOf(encodeJobs(jobs), JOBS_ADDRESS));
    const lines: string[] = [];
    const last = Promise.withResolvers<true>();
    await using probe = await start((line) => {
      lines.push(line);
      if (LAST.test(line)) last.resolve(true);
    });
    await flashIfDifferent(probe, elf, { leave: 'halted' });
    await flashIfDifferent(probe, file, { leave: 'halted' });
    await probe.command('arm semihosting enable');
    await runToEnd(probe, last.promise);
    return parseResults(lines.join('\n'), jobs.length);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
