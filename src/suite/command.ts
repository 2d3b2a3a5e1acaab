import { relative } from 'node:path';
import { VM_NAMES } from '../isa/index.ts';

/** What a run was asked for, as far as its command line says it. */
export interface CommandOptions {
  /** File of each program and the VM it is for. */
  readonly programs: readonly { readonly vm: number; readonly file: string }[];
  readonly bench: string;
  readonly mode: string;
  readonly clock: 'virtual' | 'real';
  readonly steps: number;
  readonly loops: number | undefined;
  /** What `--inputs` names. */
  readonly inputs: string | undefined;
  /** Firmware instead of the bench's. */
  readonly firmware: string | undefined;
}

/** A word as a POSIX shell reads it back. */
function quoted(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Words as a line that a POSIX shell reads back as these words. */
export const commandLine = (words: readonly string[]): string => words.map(quoted).join(' ');

/** The command that makes such a run, to be pasted into a shell. */
export function runCommandLine(options: CommandOptions): string {
  const { programs, bench, mode, clock, steps, loops, inputs, firmware } = options;
  const [only] = programs;
  const files =
    programs.length === 1 && only?.vm === 0
      ? [only.file]
      : programs.flatMap(({ vm, file }) => {
          const name = VM_NAMES[vm]?.toLowerCase() ?? String(vm);
          return ['--vm', `${name}=${file}`];
        });
  const words = ['cockpit-hil', 'run', ...files, '--bench', bench, '--mode', mode];
  words.push('--clock', clock, '--steps', String(steps));
  if (loops !== undefined) words.push('--loops', String(loops));
  if (inputs !== undefined) words.push('--inputs', inputs);
  if (firmware !== undefined) words.push('--firmware', relative('', firmware) || firmware);
  return commandLine(words);
}
