import { access } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { loadBench, loadBoard, takeNucleoProbe } from '../../bench/index.ts';
import { HilError } from '../../errors/index.ts';
import {
  ICOUNT,
  MACHINE,
  measureEmulated,
  measureModel,
  measureOnBoard,
  measureVm,
  reportLines,
  type StartProbe,
  type VmCosts,
} from '../../measure/index.ts';
import { costsInHistory, writeOutput, type CostsDocument } from '../../results/index.ts';
import type { CliContext } from '../context.ts';
import { environment } from '../environment.ts';

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

/** Both builds, one after the other. */
async function both(
  measure: (elf: string) => Promise<VmCosts>,
): Promise<{ table: VmCosts; switched: VmCosts }> {
  return {
    table: await measure(await benchElf('table')),
    switched: await measure(await benchElf('switch')),
  };
}

/** Takes the probe of a bench that is a real board. */
async function boardProbe(context: CliContext, name: string): Promise<StartProbe> {
  const bench = await loadBench(name);
  if (bench.kind !== 'nucleo') {
    throw new HilError(
      'usage',
      `bench ${bench.name} is no board that counts cycles`,
      'use --bench nucleo, or leave --bench out for the emulated processor alone',
    );
  }
  return takeNucleoProbe(bench, await loadBoard(bench.board), context);
}

/**
 * `bench vm`: prints what each instruction and four workloads cost, and what targets that meets. Never fails for a figure. With
 * `--bench` also what they cost in cycles on that board, whose firmware is replaced for it. Costs go into the history, and into a file
 * where the user names one.
 */
export async function benchVmCommand(
  context: CliContext,
  options: { bench?: string; json?: string },
): Promise<number> {
  const surroundings = await environment();
  const start = options.bench === undefined ? undefined : await boardProbe(context, options.bench);
  const emulated = await both((elf) => measureVm((jobs) => measureEmulated(elf, jobs)));
  const board =
    start && (await both((elf) => measureVm((jobs) => measureOnBoard(start, elf, jobs))));
  // Time of this thread on a processor: whatever else the machine is doing, it is what one core does in it.
  const model = await measureModel(() => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  });
  const machines = {
    emulated: `QEMU ${MACHINE}, -icount ${ICOUNT}`,
    board: start && `bench ${options.bench ?? ''}, at the clock after reset`,
    host: `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`,
  };
  for (const line of reportLines({ emulated, board, model }, machines)) context.out(line);
  const { git, sources } = surroundings;
  // Cycles of a board tell more than instructions of the emulator.
  const best = board ?? emulated;
  const document: CostsDocument = {
    schema: 'cockpit-hil/vm-costs',
    version: 1,
    measuredAt: new Date().toISOString(),
    ...(git === undefined ? {} : { commit: git.commit }),
    ...(sources === undefined ? {} : { sources: sources.firmware }),
    machine: machines.board ?? machines.emulated,
    builds: { table: best.table, switch: best.switched },
  };
  if (options.json !== undefined)
    await writeOutput(options.json, `${JSON.stringify(document, null, 2)}\n`);
  const warning = costsInHistory(document);
  if (warning !== undefined) context.err(warning);
  return 0;
}
