import { access } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { HilError } from '../../errors/index.ts';
import { ICOUNT, MACHINE, measureModel, measureVm, reportLines } from '../../measure/index.ts';
import type { CliContext } from '../context.ts';

/** The bench firmware of the release preset: firmware/bench. */
const BUILD = '../../../build/firmware/nucleo-release/';

async function benchElf(dispatch: 'table' | 'switch'): Promise<string> {
  const path = fileURLToPath(new URL(`${BUILD}vm-bench-${dispatch}.elf`, import.meta.url));
  try {
    await access(path);
  } catch {
    throw new HilError('rig', `there is no ${path}`, 'build it: ./scripts/setup');
  }
  return path;
}

/** `bench vm`: prints what each instruction and four workloads cost, and what targets that meets. Never fails for a figure. */
export async function benchVmCommand(context: CliContext): Promise<number> {
  const table = await measureVm(await benchElf('table'));
  const switched = await measureVm(await benchElf('switch'));
  const speeds = await measureModel(() => performance.now());
  const host = `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`;
  const emulated = `QEMU ${MACHINE}, -icount ${ICOUNT}, GCC -O2 -mcpu=cortex-m4`;
  for (const line of reportLines({ table, switched }, speeds, { emulated, host })) {
    context.out(line);
  }
  return 0;
}
