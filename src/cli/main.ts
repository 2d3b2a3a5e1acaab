import { Command, CommanderError } from 'commander';
import { errorText, HilError } from '../errors/index.ts';
import { Interrupted } from './context.ts';
import { registerBenchCommands } from './register/bench.ts';
import { registerPastCommands } from './register/past.ts';
import { registerProgramCommands } from './register/program.ts';
import { registerRunCommands } from './register/run.ts';

/** Exit code for a mistake of the user, or a rig that is not there. */
const USAGE = 2;

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

  registerRunCommands(root);
  registerPastCommands(root);
  registerProgramCommands(root);
  registerBenchCommands(root);
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
