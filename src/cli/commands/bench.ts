import { cpus } from 'node:os';
import { loadBench, loadBoard, takeNucleoProbe } from '../../bench/index.ts';
import { HilError } from '../../errors/index.ts';
import {
  hotCodeLines,
  ICOUNT,
  MACHINE,
  measureBuilds,
  measureEmulated,
  measureModel,
  measureOnBoard,
  reportLines,
  type Builds,
  type HotCode,
  vmAims,
  type StartProbe,
} from '../../measure/index.ts';
import { costsInHistory, writeOutput, type CostsDocument } from '../../results/index.ts';
import type { CliContext } from '../context.ts';
import { environment } from '../environment.ts';
import { aimsExitCode, type AimOptions } from '../require-aims.ts';

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

/** Time of this thread on a processor: whatever else the machine is doing, it is what one core does in it. */
function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** `bench nucleo at 170 MHz`. */
const boardName = (bench: string, { switched: { clockHz } }: Builds): string =>
  clockHz === undefined ? `bench ${bench}` : `bench ${bench} at ${clockHz / 1e6} MHz`;

/** The builds of a document of costs, by their names there. */
const named = ({ table, switched }: Builds, suffix: string): CostsDocument['builds'] => ({
  [`table${suffix}`]: table,
  [`switch${suffix}`]: switched,
});

/**
 * `bench vm`: prints what each instruction and four workloads cost, and what targets that meets. With
 * `--bench` also what they cost in cycles on that board, whose firmware is replaced for it; with `--ccm` also the builds with hot code in
 * CCM SRAM, side by side. Costs go into the history, and into a file where the user names one.
 */
export async function benchVmCommand(
  context: CliContext,
  options: AimOptions & { bench?: string; json?: string; ccm?: true },
): Promise<number> {
  const surroundings = await environment();
  const start = options.bench === undefined ? undefined : await boardProbe(context, options.bench);
  const onBoard =
    start &&
    ((hot: HotCode) => measureBuilds(hot, (elf, jobs) => measureOnBoard(start, elf, jobs)));
  const emulated = await measureBuilds('flash', measureEmulated);
  const ccm = options.ccm && (await measureBuilds('ccm', measureEmulated));
  const board = await onBoard?.('flash');
  const boardCcm = options.ccm && (await onBoard?.('ccm'));
  const model = await measureModel(processorMs);
  const machines = {
    emulated: `QEMU ${MACHINE}, -icount ${ICOUNT}`,
    board: board && boardName(options.bench ?? '', board),
    host: `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`,
  };
  const measured = { emulated, board, model };
  for (const line of reportLines(measured, machines)) context.out(line);
  if (ccm !== undefined) {
    const cycles = board && boardCcm && { flash: board, ccm: boardCcm };
    const lines = hotCodeLines({ emulated: { flash: emulated, ccm }, board: cycles });
    for (const line of ['', ...lines]) context.out(line);
  }
  const { git, sources } = surroundings;
  // Cycles of a board tell more than instructions of the emulator.
  const best = board ?? emulated;
  const bestCcm = boardCcm ?? ccm;
  const document: CostsDocument = {
    schema: 'cockpit-hil/vm-costs',
    version: 1,
    measuredAt: new Date().toISOString(),
    ...(git === undefined ? {} : { commit: git.commit }),
    ...(sources === undefined ? {} : { sources: sources.firmware }),
    machine: machines.board ?? machines.emulated,
    builds: { ...named(best, ''), ...(bestCcm === undefined ? {} : named(bestCcm, '-ccm')) },
  };
  if (options.json !== undefined)
    await writeOutput(options.json, `${JSON.stringify(document, null, 2)}\n`);
  const warning = costsInHistory(document);
  if (warning !== undefined) context.err(warning);
  return aimsExitCode(context, vmAims(measured), options);
}
