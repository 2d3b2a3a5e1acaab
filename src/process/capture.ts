import { execa } from 'execa';
import { errorText, HilError } from '../errors/index.ts';
import { findExecutable } from './child.ts';

/** What a program that has ended wrote. */
export interface Captured {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end, with an argument array (no shell) and messages in English.
 * @param ms after which it is killed
 * @throws HilError (rig) when it is missing, does not end in time or is killed
 */
export async function capture(
  file: string,
  args: readonly string[],
  ms: number,
  fix = 'run ./scripts/setup',
): Promise<Captured> {
  const path = await findExecutable(file);
  if (path === undefined) throw new HilError('rig', `${file} is not installed`, fix);
  const result = await execa(path, args, {
    reject: false,
    timeout: ms,
    killSignal: 'SIGKILL',
    stdin: 'ignore',
    env: { LC_ALL: 'C' },
  });
  const { exitCode, stdout, stderr } = result;
  if (exitCode !== undefined) return { code: exitCode, stdout, stderr };
  throw new HilError('rig', `${file} did not run to its end: ${errorText(result)}`, fix);
}
