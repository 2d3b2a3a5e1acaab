import { errorText, HilError } from '../errors/index.ts';
import { OwnedChild, untilAborted, withDeadline, type ChildExit } from '../process/index.ts';
import { eachLine, LogTail } from './log-tail.ts';
import { openOcdFailure } from './openocd-failures.ts';
import { OpenOcd } from './openocd.ts';
import { ProbeError } from './probe-error.ts';
import { ReplyFilter, TclRpc, tclWord } from './tcl-rpc.ts';

/**
 * OpenOCD's start on the Nucleo takes about 0.5 s: USB enumeration, SRST delay of 100 ms, examination. A core that does
 * not answer costs it 3 retries of 1 s USB time-outs. Twice their sum, for a loaded machine.
 */
const START_MS = 8_000;
/** After the log named its ports, OpenOCD only finishes its own start: the first answer waits for that. */
const FIRST_ANSWER_MS = 5_000;
/** The kernel closes a dead OpenOCD's sockets and reports its end at the same moment; this bounds the second report. */
const EXIT_REPORT_MS = 500;

const RESTART = 'start again; if it recurs, replug the USB cable of the board';

export interface OpenOcdSettings {
  /** Command-line arguments before and after the board file, one array element per argument (`-c`, `adapter …`). */
  readonly args: { readonly pre: readonly string[]; readonly post: readonly string[] };
  /** Board file in OpenOCD's own scripts folder, such as `board/st_nucleo_g4.cfg`, or a path. */
  readonly boardFile: string;
  /** Serial number of the ST-LINK; the first one found when absent. */
  readonly serial?: string;
  /** Ends the start, not a started OpenOCD: that is its owner's, through `await using`. */
  readonly signal?: AbortSignal;
  /** Is given every line OpenOCD logs. */
  readonly log?: (line: string) => void;
  /** Bound of the start in milliseconds; {@link START_MS} unless given. */
  readonly startTimeoutMs?: number;
  /** The program to run; `openocd` from PATH unless given. */
  readonly program?: string;
}

/**
 * GDB finds the core halted when it attaches. When it goes away, also by a crash, the core is left as GDB found it:
 * running without leftover breakpoints, or halted.
 */
const GDB_EVENTS =
  // Each event polls first: after a reset, or a halt that GDB asks for before it detaches, OpenOCD knows of the new state only then.
  'set cockpit_target [target current]; set cockpit_was halted; ' +
  '$cockpit_target configure -event gdb-attach {poll; set ::cockpit_was [$::cockpit_target curstate]; halt 1000}; ' +
  '$cockpit_target configure -event gdb-detach {' +
  'if {$::cockpit_was eq "running"} {poll; if {[$::cockpit_target curstate] eq "halted"} {catch {rbp all}; resume}}}';

/** The whole command line, OpenOCD's `init` last. Port 0 makes the kernel choose one: no race for a free number. */
export function openOcdArguments(settings: OpenOcdSettings): string[] {
  const serial =
    settings.serial === undefined ? [] : ['-c', `adapter serial ${tclWord(settings.serial)}`];
  return [
    ...['-c', 'bindto 127.0.0.1; gdb_port 0; tcl_port 0; telnet_port disabled'],
    ...settings.args.pre,
    ...['-f', settings.boardFile],
    ...serial,
    ...settings.args.post,
    ...['-c', GDB_EVENTS],
    ...['-c', 'init'],
  ];
}

interface Ports {
  readonly gdb: number;
  readonly tcl: number;
}

/** Watches the log for the ports OpenOCD bound. */
function watchPorts(): { readonly bound: Promise<Ports>; readonly see: (line: string) => void } {
  const { promise, resolve } = Promise.withResolvers<Ports>();
  const found = new Map<string, number>();
  const see = (line: string) => {
    const match = /Listening on port (\d+) for (gdb|tcl) connections/.exec(line);
    if (match === null) return;
    found.set(match[2] ?? '', Number(match[1]));
    const [gdb, tcl] = [found.get('gdb'), found.get('tcl')];
    if (gdb !== undefined && tcl !== undefined) resolve({ gdb, tcl });
  };
  return { bound: promise, see };
}

/** Waits for `work` no longer than {@link EXIT_REPORT_MS}; undefined when that is not enough. */
async function soon<T>(work: Promise<T>): Promise<T | undefined> {
  return withDeadline(work, EXIT_REPORT_MS, 'an end').catch(() => undefined);
}

/** `work`, or a rejection as soon as the signal is aborted. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return untilAborted(
    work,
    signal,
    () => new HilError('harness', `OpenOCD's start was ended: ${errorText(signal.reason)}`),
  );
}

function describeExit(exit: ChildExit | undefined): string {
  if (exit === undefined) return 'closed its connection';
  return exit.signal === null
    ? `ended with exit code ${exit.code ?? 'unknown'}`
    : `was ended by ${exit.signal}`;
}

/**
 * Starts OpenOCD with its GDB and Tcl servers on loopback ports that the kernel chose (telnet is off), waits until it
 * has examined the core, and connects to its Tcl port.
 * @throws ProbeError (rig) with cause and fix when OpenOCD ends, or is not ready in time; HilError (rig) when it is not
 *   installed
 */
export async function startOpenOcd(settings: OpenOcdSettings): Promise<OpenOcd> {
  const tail = new LogTail();
  const ports = watchPorts();
  await using cleanup = new AsyncDisposableStack();
  const child = cleanup.use(
    await OwnedChild.start(settings.program ?? 'openocd', openOcdArguments(settings)),
  );
  const filter = new ReplyFilter();
  const onLine = (line: string) => {
    if (!filter.isLog(line) || line.trim() === '') return;
    tail.add(line);
    settings.log?.(line);
    ports.see(line);
  };
  const logEnded = Promise.all([eachLine(child.stderr, onLine), eachLine(child.stdout, onLine)]);
  const failed = child.exited.then(async (exit) => {
    await soon(logEnded);
    throw openOcdFailure("OpenOCD's start", tail.lines, [...tail.lines, describeExit(exit)]);
  });
  const limit = settings.startTimeoutMs ?? START_MS;
  const listening = withDeadline(
    Promise.race([ports.bound, failed]),
    limit,
    'OpenOCD to start',
  ).catch((error: unknown) => {
    if (error instanceof ProbeError) throw error;
    throw openOcdFailure("OpenOCD's start", [...tail.lines, errorText(error)]);
  });
  const bound = await unlessAborted(listening, settings.signal);

  const onLost = async () => {
    const how = describeExit(await soon(child.exited));
    const last = tail.lines.at(-1) ?? '';
    return new ProbeError('rig', `OpenOCD ${how}; it said last: ${last}`, RESTART, tail.lines);
  };
  const rpc = cleanup.use(await TclRpc.connect(bound.tcl, onLost));
  const answer = rpc.run('[target current] was_examined', FIRST_ANSWER_MS);
  const examined = await unlessAborted(answer, settings.signal);
  if (examined.value !== '1') {
    throw openOcdFailure("OpenOCD's start", [...tail.lines, 'Error: target not examined']);
  }
  cleanup.move();
  return new OpenOcd({ child, rpc, tail, gdbPort: bound.gdb, serial: settings.serial });
}
