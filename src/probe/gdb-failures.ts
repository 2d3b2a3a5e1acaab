import type { CauseClass } from '../errors/index.ts';
import { ProbeError } from './probe-error.ts';

/** What an error message of GDB means and what mends it. */
interface KnownFailure {
  readonly pattern: RegExp;
  readonly causeClass: CauseClass;
  readonly fix: string;
}

/** GDB 13 messages; the first row that matches counts. */
const KNOWN_FAILURES: readonly KnownFailure[] = [
  {
    pattern: /while the target is running|Selected thread is running/,
    causeClass: 'harness',
    fix: 'halt the core first',
  },
  {
    pattern: /^No symbol ".*" in|^Function ".*" not defined|^No symbol table is loaded/,
    causeClass: 'usage',
    fix: 'check the name, and that the ELF file was built with -g',
  },
  {
    pattern: /No such file or directory|not in executable format|file format not recognized/,
    causeClass: 'usage',
    fix: 'build the firmware with ./scripts/setup, or name its ELF file',
  },
  {
    pattern: /Connection refused|Connection timed out|Remote replied unexpectedly/,
    causeClass: 'rig',
    fix: 'check that OpenOCD or QEMU is running and that no other GDB is attached',
  },
  {
    pattern:
      /Remote connection closed|Remote communication error|Remote failure reply|E0e|Ignoring packet error/,
    causeClass: 'rig',
    fix: 'start OpenOCD again; if it recurs, replug the USB cable of the board',
  },
  {
    pattern: /Cannot insert hardware breakpoint|No hardware breakpoint support|Could not insert/,
    causeClass: 'rig',
    fix: 'remove a breakpoint: a Cortex-M4 has six',
  },
];

/**
 * Turns a GDB error into an error with cause class and fix.
 * @param doing completes "… failed", such as "reading the call stack"
 * @param message GDB's own words
 * @param evidence GDB's last lines, oldest first
 */
export function gdbFailure(
  doing: string,
  message: string,
  evidence: readonly string[],
): ProbeError {
  const known = KNOWN_FAILURES.find(({ pattern }) => pattern.test(message));
  const text = message.replaceAll(/\s*\n\s*/g, ' ');
  return new ProbeError(
    known?.causeClass ?? 'rig',
    `${doing} failed: GDB: ${text}`,
    known?.fix ?? '',
    evidence,
  );
}
