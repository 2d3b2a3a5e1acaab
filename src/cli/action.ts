import { withContext, type CliContext } from './context.ts';

/** Wraps a command so that its exit code becomes the process's. */
export function action<Args extends unknown[]>(
  name: string,
  command: (context: CliContext, ...args: Args) => Promise<number>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    process.exitCode = await withContext(name, (context) => command(context, ...args));
  };
}
