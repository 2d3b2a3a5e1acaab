import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HilError } from '../errors/index.ts';
import { OwnedChild, withDeadline } from '../process/index.ts';
import {
  elfOf,
  encodeJobs,
  JOBS_ADDRESS,
  parseResults,
  type BenchOutput,
  type Job,
} from './jobs.ts';

/** An emulated STM32L475, whose memory map suits; a Cortex-M4F like the G474. */
export const MACHINE = 'b-l475e-iot01a';
/**
 * Virtual time passes only with instructions, 2^8 ns each, so that two runs count the same. At the 4 MHz after reset that is about
 * one SysTick tick an instruction; the firmware measures how many exactly.
 */
export const ICOUNT = 'shift=8,sleep=off';
/** All jobs are about 2 * 10^8 instructions, and QEMU executes at least 5 * 10^6 a second with -icount on a busy machine. */
const RUN_MS = 120_000;

/** The arguments of QEMU for one bench firmware. */
export function qemuArguments(elf: string, jobs: string): string[] {
  return [
    ...['-M', MACHINE, '-accel', 'tcg', '-icount', ICOUNT, '-nodefaults', '-display', 'none'],
    ...['-semihosting-config', 'enable=on,target=native', '-kernel', elf],
    ...['-device', `loader,file=${jobs}`],
  ];
}

/**
 * Runs jobs on the emulated Cortex-M4.
 * @throws HilError (rig) without QEMU, (firmware) when the firmware doesn't finish
 */
export async function measureEmulated(elf: string, jobs: readonly Job[]): Promise<BenchOutput> {
  const folder = await mkdtemp(join(tmpdir(), 'cockpit-hil-bench-'));
  try {
    const file = join(folder, 'jobs.elf');
    await writeFile(file, elfOf(encodeJobs(jobs), JOBS_ADDRESS));
    await using child = await OwnedChild.start('qemu-system-arm', qemuArguments(elf, file));
    // Semihosting writes to stderr.
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => (output += text));
    }
    const exit = await withDeadline(child.exited, RUN_MS, 'the emulated benchmark to end');
    if (exit.code !== 0) {
      const how = exit.signal ?? `code ${exit.code ?? '?'}`;
      throw new HilError('firmware', `QEMU ended with ${how}: ${output.slice(-200).trim()}`);
    }
    return parseResults(output, jobs.length);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
