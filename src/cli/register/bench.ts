import type { Command } from 'commander';
import { action } from '../action.ts';
import { benchCompilerCommand } from '../commands/bench-compiler.ts';
import { benchLockstepCommand } from '../commands/bench-lockstep.ts';
import { benchReportCommand } from '../commands/bench-report.ts';
import { benchVmCommand } from '../commands/bench.ts';
import { boardsCommand } from '../commands/boards.ts';
import { doctorCommand } from '../commands/doctor.ts';
import { emulatorCommand } from '../commands/emulator.ts';
import { flashCommand } from '../commands/flash.ts';
import { count } from '../options.ts';

/** Commands about benches, and measurements. */
export function registerBenchCommands(root: Command): void {
  root
    .command('flash')
    .description("put firmware on a bench's board: skipped when the board holds it already")
    .requiredOption('--bench <name>', 'a bench of hil-config/benches, or a file')
    .option('--firmware <elf>', "firmware to flash instead of the bench's own")
    .action(action('flash', flashCommand));

  root
    .command('emulator')
    .description('start an emulated Nucleo and leave it running until Ctrl-C')
    .option('--firmware <elf>', 'firmware to flash at the start')
    .option('--blank', 'leave the flash erased')
    .action(action('emulator', emulatorCommand));

  root
    .command('doctor')
    .description('look at everything a run needs, and say what mends what is missing')
    .option('--bench <name>', 'also attach to this bench and talk to its board')
    .option('--json', 'for other programs')
    .action(action('doctor', doctorCommand));

  root
    .command('boards')
    .description('list the ST-LINKs and serial ports that are plugged in')
    .option('--json', 'for other programs')
    .action(action('boards', boardsCommand));

  const bench = root.command('bench').description('measure');
  const require = ['--require', 'exit with 1 when an aim is missed'] as const;
  bench
    .command('vm')
    .description("measure what the VM costs: Arm instructions in emulation, and the model's speed")
    .option('--bench <name>', 'also cycles on this board, in the place of its firmware: nucleo')
    .option('--ccm', "also the builds that execute the VM's hot code from CCM SRAM, side by side")
    .option('--json <file>', 'write the costs there too')
    .option(...require)
    .action(action('bench', benchVmCommand));
  bench
    .command('report')
    .description('measure how long the report of a large nightly takes to build, and to open')
    .option('--cases <n>', 'cases of each nightly', count, 2000)
    .option('--runs <n>', 'nightlies in the history', count, 100)
    .option(...require)
    .action(action('bench', benchReportCommand));
  bench
    .command('compiler')
    .description('measure how long the compiler takes for a sketch of 1,000 lines')
    .option(...require)
    .action(action('bench', benchCompilerCommand));
  bench
    .command('lockstep')
    .description(
      'measure what comparing costs: free, digest, traced and GDB-stepped runs on one board',
    )
    .requiredOption('--bench <name>', 'a bench of hil-config/benches, or a file')
    .option(...require)
    .action(action('bench', benchLockstepCommand));
}
