import type { Command } from 'commander';
import { RUN_NAMES } from '../find-record.ts';
import { action } from '../action.ts';
import { mergeCommand } from '../commands/merge.ts';
import { nightlyCommand } from '../commands/nightly.ts';
import { replayCommand } from '../commands/replay.ts';
import { runCommand } from '../commands/run.ts';
import { shrinkCommand } from '../commands/shrink.ts';
import { validateCommand } from '../commands/validate.ts';
import { clock, count, countOrNone, mode, several, shard } from '../options.ts';

/** Commands that run programs on benches. */
export function registerRunCommands(root: Command): void {
  root
    .command('run')
    .description('run programs on a bench and on the reference model, comparing every step')
    .argument('[file]', 'sketch (.ino) or program image (.cvbc), for VM sos')
    .option(
      '--vm <name=file>',
      'a program for VM sos, audio, display or debug; may be repeated, and all run at once',
      several,
      [],
    )
    .requiredOption('--bench <name>', 'a bench of hil-config/benches, or a file')
    .option('--loops <n>', 'rounds of loop() to run (default with the real clock: 10)', count)
    .option('--steps <n>', 'most steps to run (default 1000000)', count)
    .option(
      '--clock <which>',
      'virtual: delays pass at once; real: they take their time',
      clock,
      'virtual',
    )
    .option(
      '--mode <which>',
      'digest: every step compared by a hash; trace: every effect sent; free: only the state left behind',
      mode,
      'digest',
    )
    .option(
      '--inputs <script>',
      'what programs read in place of the pins: a file, seed:N, or record:FILE',
    )
    .option('--firmware <elf>', "firmware to flash instead of the bench's own")
    .option('--json <file>', 'write the run record there too')
    .option(
      '--reruns <n>',
      'reruns on the board to tell a steady fault from a passing one (default 5)',
      countOrNone,
    )
    .action(action('run', runCommand));

  root
    .command('nightly')
    .description('run a suite of cases over one or several benches, bringing back boards that hang')
    .argument('<suite>', 'a suite of hil-config/suites, or a file')
    .option(
      '--bench <name>',
      'a bench of hil-config/benches, or a file; may be repeated',
      several,
      [],
    )
    .option(
      '--only <pattern>',
      'cases whose id fits, such as "programs/**"; may be repeated',
      several,
      [],
    )
    .option('--tag <tag>', 'cases that have the tag; may be repeated', several, [])
    .option('--seed <n>', 'what the order of the cases follows from (default: drawn)', countOrNone)
    .option('--shard <i/n>', 'only part i of n, to be joined by merge', shard)
    .option(
      '--durations <record>',
      `balance the parts by how long cases took in a nightly: ${RUN_NAMES}`,
    )
    .option('--retries <n>', 'attempts after a failed one, whatever the suite says', countOrNone)
    .option(
      '--validated-within <days>',
      "use a bench only when its board's newest validation has passed and is no older",
      count,
    )
    .option('--strict', 'exit code 1 when a case passed only after a retry')
    .option('--list', 'list the cases and run none')
    .option('--out <folder>', 'where outputs go (default .cockpit-hil/nightly/ID)')
    .option('--json <file>', 'write the record there too')
    .option('--junit <file>', 'write the JUnit XML there too')
    .action(action('nightly', nightlyCommand));

  root
    .command('merge')
    .description('join the records of all parts of a nightly that ran with --shard')
    .argument('<records...>', 'record.json of each part')
    .option('--strict', 'exit code 1 when a case passed only after a retry')
    .option('--out <folder>', 'where outputs go (default .cockpit-hil/nightly/ID)')
    .option('--json <file>', 'write the record there too')
    .option('--junit <file>', 'write the JUnit XML there too')
    .action(action('merge', mergeCommand));

  root
    .command('replay')
    .description('make a recorded run again, with the inputs that it read where that can be')
    .argument('<run>', RUN_NAMES)
    .option(
      '--on <where>',
      'model, native (the C engine on this machine), board (the bench of the record), or a bench',
      'board',
    )
    .option('--firmware <elf>', "firmware to flash instead of the record's")
    .option('--json <file>', 'on a board: write the run record there too')
    .option('--reruns <n>', 'on a board: as for run (default 5)', countOrNone)
    .action(action('replay', replayCommand));

  root
    .command('shrink')
    .description('find the smallest program that still diverges as the one of a recorded run')
    .argument('<run>', `a run that diverged: ${RUN_NAMES}`)
    .option(
      '--on <where>',
      'native (the C engine on this machine), or a bench (default: native C if it diverges there, else the bench of the record)',
    )
    .option('--firmware <elf>', "firmware to flash instead of the record's")
    .option(
      '--time <seconds>',
      'stop after that long with the smallest so far (default 120)',
      count,
    )
    .option('--output <folder>', 'where to write the case (default .cockpit-hil/found)')
    .action(action('shrink', shrinkCommand));

  root
    .command('validate')
    .description(
      'take a bench through a guided validation, and leave a record of it that is signed for',
    )
    .requiredOption('--bench <name>', 'a bench of hil-config/benches, or a file')
    .option('--by <name>', 'who signs for it')
    .option('--yes', 'ask nobody: what needs a person is skipped')
    .option('--ask', 'ask again what was answered before')
    .option('--firmware <elf>', "firmware to flash instead of the bench's own")
    .option('--json <file>', 'write the record there too')
    .option('--html <file>', 'write the page there too')
    .action(action('validate', validateCommand));
}
