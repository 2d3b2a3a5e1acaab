import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { DEFAULT_FAIL_ON, FINDING_KINDS } from '../compare/index.ts';
import { errorText, HilError } from '../errors/index.ts';
import { RUN_NAMES } from './find-record.ts';
import { DEFAULT_TRENDS } from './write-report.ts';
import { Interrupted, withContext, type CliContext } from './context.ts';
import { benchVmCommand } from './commands/bench.ts';
import { benchCompilerCommand } from './commands/bench-compiler.ts';
import { benchLockstepCommand } from './commands/bench-lockstep.ts';
import { benchReportCommand } from './commands/bench-report.ts';
import { compareCommand } from './commands/compare.ts';
import { boardsCommand } from './commands/boards.ts';
import { compileCommand } from './commands/compile.ts';
import { disasmCommand } from './commands/disasm.ts';
import { doctorCommand } from './commands/doctor.ts';
import { emulatorCommand } from './commands/emulator.ts';
import { flashCommand } from './commands/flash.ts';
import { fuzzCommand } from './commands/fuzz.ts';
import { fuzzCompilerCommand } from './commands/fuzz-compiler.ts';
import { mergeCommand } from './commands/merge.ts';
import { nightlyCommand } from './commands/nightly.ts';
import { historyCommand } from './commands/history.ts';
import { replayCommand } from './commands/replay.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { showCommand } from './commands/show.ts';
import { shrinkCommand } from './commands/shrink.ts';
import { validateCommand } from './commands/validate.ts';

/** Exit code for a mistake of the user, or a rig that is not there. */
const USAGE = 2;

/** Parses a whole number for an option; u32 because the wire carries no more. */
function count(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 0xffff_ffff) {
    throw new InvalidArgumentError('give a whole number from 1 to 4294967295.');
  }
  return value;
}

/** As {@link count}, or 0. */
function countOrNone(text: string): number {
  return text === '0' ? 0 : count(text);
}

function clock(text: string): 'virtual' | 'real' {
  if (text !== 'virtual' && text !== 'real') {
    throw new InvalidArgumentError("give 'virtual' or 'real'.");
  }
  return text;
}

function mode(text: string): 'digest' | 'trace' | 'free' {
  if (text !== 'digest' && text !== 'trace' && text !== 'free') {
    throw new InvalidArgumentError("give 'digest', 'trace' or 'free'.");
  }
  return text;
}

function format(text: string): 'text' | 'json' {
  if (text !== 'text' && text !== 'json') {
    throw new InvalidArgumentError("give 'text' or 'json'.");
  }
  return text;
}

/** Parses `2/5`. */
function shard(text: string): { index: number; of: number } {
  const [, index, of] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (index === undefined || of === undefined || index < 1 || index > of) {
    throw new InvalidArgumentError('give a part and how many there are, such as 2/5.');
  }
  return { index, of };
}

/** Collects the values of an option that may be repeated. */
const several = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** Wraps a command so that its exit code becomes the process's. */
function action<Args extends unknown[]>(
  name: string,
  command: (context: CliContext, ...args: Args) => Promise<number>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    process.exitCode = await withContext(name, (context) => command(context, ...args));
  };
}

function program(): Command {
  const root = new Command('cockpit-hil')
    .description('Checks a bytecode VM on an STM32G474 against its reference model, step by step.')
    // Options behind a subcommand are that one's, also where the command has one of the same name.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        write(text);
      },
    });

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
    .command('history')
    .description('list the runs and nightlies of the past, newest first')
    .option('--last <n>', 'how many (default 20)', count)
    .option('--case <id>', 'how one case went in them')
    .option('--export <file>', 'write the whole history as JSON, one document a line')
    .option('--import <file>', 'take in what another history exported')
    .option('--costs <file>', 'take in what bench vm --json wrote')
    .action(action('history', historyCommand));

  root
    .command('compare')
    .description('say what is different between two runs or nightlies, and whether it got worse')
    .argument('<before>', RUN_NAMES)
    .argument('<after>', 'likewise')
    .option(
      '--fail-on <kinds>',
      `what to end with exit code 1 for: some of ${FINDING_KINDS.join(',')}, or any, or none (default ${DEFAULT_FAIL_ON.join(',')})`,
    )
    .option('--json <file>', 'write the comparison as JSON')
    .option('--markdown <file>', 'write it as Markdown, for a pull request')
    .option('--junit <file>', 'write it as JUnit XML')
    .option('--html <file>', 'write it as one HTML file')
    .action(action('compare', compareCommand));

  root
    .command('report')
    .description('write a run or a nightly, with its past, as one HTML file')
    .argument('[run]', `${RUN_NAMES} (default latest)`)
    .option('-o, --output <file>', 'where to write it', 'report.html')
    .option('--against <run>', 'with a comparison: what it was before')
    .option('--last <n>', `most runs of the past to show (default ${DEFAULT_TRENDS})`, count)
    .action(action('report', reportCommand));

  root
    .command('show')
    .description('show a run or a nightly of the past as it ended')
    .argument('<run>', RUN_NAMES)
    .option('--case <id>', 'of a nightly: one case')
    .option('--vcd <file>', "write the run's waveforms, for GTKWave and its like")
    .option('--json <file>', 'write the record')
    .action(action('show', showCommand));

  root
    .command('compile')
    .description('compile a sketch and say what it became')
    .argument('<file>', 'sketch (.ino)')
    .option('-o, --output <file>', 'write the program image (.cvbc)')
    .option('--format <which>', 'text, or json for editors and other programs', format, 'text')
    .option(
      '--stats',
      'print sizes, the stack at worst with its calls, and a line for each function',
    )
    .option('--watch', 'compile again whenever the file is saved, until Ctrl-C')
    .action(action('compile', compileCommand));

  root
    .command('disasm')
    .description('list the instructions of a sketch or an image, with the source')
    .argument('<file>', 'sketch (.ino) or program image (.cvbc)')
    .action(action('disasm', disasmCommand));

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

  const fuzz = root
    .command('fuzz')
    .description('run generated programs on the reference model and the native C engine')
    .option('--seed <n>', 'what the programs follow from (default: the time of day)', count)
    .option('--time <seconds>', 'stop after that long (default 60 without --steps)', count)
    .option('--steps <n>', 'stop after that many compared steps', count)
    .option('--native <program>', 'cvm-effects of another native build')
    .option('--output <folder>', 'where to write a finding (default test/vectors/found)')
    .option('--replay <file>', 'run one finding again instead')
    .action(action('fuzz', fuzzCommand));

  fuzz
    .command('compiler')
    .description(
      'run generated sketches through g++ and through the compiler and the reference model',
    )
    .option('--seed <n>', 'what the sketches follow from (default: the time of day)', count)
    .option('--time <seconds>', 'stop after that long (default 60 without --programs)', count)
    .option('--programs <n>', 'stop after that many sketches', count)
    .option('--output <folder>', 'where to write a finding (default .cockpit-hil/found)')
    .option('--replay <file>', 'judge one sketch instead')
    .action(action('fuzz-compiler', fuzzCompilerCommand));

  const bench = root.command('bench').description('measure');
  bench
    .command('vm')
    .description("measure what the VM costs: Arm instructions in emulation, and the model's speed")
    .option('--bench <name>', 'also cycles on this board, in the place of its firmware: nucleo')
    .option('--json <file>', 'write the costs there too')
    .action(action('bench', benchVmCommand));
  bench
    .command('report')
    .description('measure how long the report of a large nightly takes to build, and to open')
    .option('--cases <n>', 'cases of each nightly', count, 2000)
    .option('--runs <n>', 'nightlies in the history', count, 100)
    .action(action('bench', benchReportCommand));
  bench
    .command('compiler')
    .description('measure how long the compiler takes for a sketch of 1,000 lines')
    .action(action('bench', benchCompilerCommand));
  bench
    .command('lockstep')
    .description(
      'measure what comparing costs: free, digest, traced and GDB-stepped runs on one board',
    )
    .requiredOption('--bench <name>', 'a bench of hil-config/benches, or a file')
    .action(action('bench', benchLockstepCommand));

  return root;
}

/** Shows an error as one line and says the exit code that goes with it. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  if (error instanceof Interrupted) {
    if (error.message.endsWith('SIGPIPE')) return error.exitCode;
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof HilError) {
    process.stderr.write(`error: ${error.line}\n`);
    return USAGE;
  }
  process.stderr.write(
    `error: internal: ${errorText(error)} (fix: report this as a bug of cockpit-hil, with the log)\n`,
  );
  if ((process.env.COCKPIT_HIL_STACK ?? '') !== '' && error instanceof Error) {
    process.stderr.write(`${error.stack ?? ''}\n`);
  }
  return USAGE;
}

// Nobody is left to tell when this one is closed.
process.stderr.on('error', () => undefined);
try {
  await program().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
// Nothing the harness started may keep it alive: what is still open here has had its bounded chance to close.
process.exit();
