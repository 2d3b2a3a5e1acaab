import type { Command } from 'commander';
import { action } from '../action.ts';
import { compileCommand } from '../commands/compile.ts';
import { disasmCommand } from '../commands/disasm.ts';
import { fuzzCompilerCommand } from '../commands/fuzz-compiler.ts';
import { fuzzCommand } from '../commands/fuzz.ts';
import { count, format } from '../options.ts';

/** Commands about sketches and images, without a bench. */
export function registerProgramCommands(root: Command): void {
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
}
