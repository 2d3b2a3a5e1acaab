import { open } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { HilError } from '../../errors/index.ts';
import { OwnedChild, withDeadline, type ChildExit } from '../../process/index.ts';
import { FLASH } from './memory-map.ts';
import { QmpClient } from './qmp.ts';
import { QtestClient } from './qtest.ts';
import { RspClient } from './rsp.ts';
import { Rendezvous } from './sockets.ts';

export const QEMU = 'qemu-system-arm';
const MACHINE = 'b-l475e-iot01a';
const FIX = 'run ./scripts/setup';
/** QEMU connects its sockets within 0.3 s on a slow machine; eight such machines sharing two cores still fit. */
const START_MS = 15_000;
/** Between USART1 and LPUART1, the machine's first serial port and its sixth, are USART2, USART3, UART4 and UART5. */
const UNUSED_SERIALS = 4;
const STDERR_KEPT = 4000;

/** Paths of everything QEMU is started with. */
export interface QemuPaths {
  readonly flashImage: string;
  readonly qmp: string;
  readonly qtest: string;
  readonly gdb: string;
  readonly wake: string;
  /** Where QEMU listens for whoever uses LPUART1; a pty when left out. */
  readonly serial?: string;
}

/**
 * QEMU's argument list: paused, without display, LPUART1 on a pty or socket, USART1, which no firmware here uses, on a socket for the
 * {@link Waker}. QEMU connects to all sockets but that of LPUART1.
 */
export function qemuArguments(paths: QemuPaths): string[] {
  const unused = Array.from({ length: UNUSED_SERIALS }, () => ['-serial', 'null']);
  const { serial } = paths;
  const vcp =
    serial === undefined
      ? 'pty,id=vcp'
      : `socket,id=vcp,path=${escapeComma(serial)},server=on,wait=off`;
  return [
    ...['-M', MACHINE, '-accel', 'tcg', '-nodefaults', '-display', 'none', '-S'],
    ...['-kernel', paths.flashImage],
    ...['-chardev', `socket,id=wake,path=${escapeComma(paths.wake)}`, '-serial', 'chardev:wake'],
    ...unused.flat(),
    ...['-chardev', vcp, '-serial', 'chardev:vcp'],
    ...['-chardev', `socket,id=qmp,path=${escapeComma(paths.qmp)}`],
    ...['-mon', 'chardev=qmp,mode=control'],
    ...['-qtest', `unix:${escapeComma(paths.qtest)}`, '-qtest-log', 'none'],
    ...['-gdb', `unix:${escapeComma(paths.gdb)}`],
  ];
}

/** QEMU's option syntax doubles a comma inside a value. */
function escapeComma(path: string): string {
  return path.replaceAll(',', ',,');
}

/** A running QEMU with its control channels. */
export interface Qemu extends AsyncDisposable {
  readonly child: OwnedChild;
  /** Such as `10.0.2`. */
  readonly version: string;
  /** The host's end of LPUART1: a pty such as `/dev/pts/5`, or a socket. */
  readonly serial: string;
  readonly qmp: QmpClient;
  readonly qtest: QtestClient;
  readonly rsp: RspClient;
  /** USART1's received bytes. Each is a turn of QEMU's main loop, and goes nowhere as long as the firmware leaves USART1 alone. */
  readonly wake: Socket;
  /** The last few thousand characters QEMU wrote to stderr. */
  readonly stderr: () => string;
}

/** Whether this QEMU has the machine: it came with 9.1 ("stm32l4x5" in the 9.0 and 9.1 change logs; LPUART1 in 9.1). */
export function isSupported(version: { major: number; minor: number }): boolean {
  return version.major > 9 || (version.major === 9 && version.minor >= 1);
}

/**
 * Starts QEMU with erased flash, paused before the first instruction.
 * @param folder holds the flash image and the sockets, whose paths must fit unix(7)
 * @param settings.serial what the host's end of LPUART1 is
 * @throws HilError (rig) when QEMU is missing, too old or does not start; the signal's reason when it is aborted
 */
export async function launchQemu(
  folder: string,
  { serial = 'pty', signal }: { readonly serial?: 'pty' | 'socket'; readonly signal?: AbortSignal },
): Promise<Qemu> {
  await using cleanup = new AsyncDisposableStack();
  const rendezvous = async (name: string): Promise<Rendezvous> =>
    cleanup.use(await Rendezvous.listen(join(folder, name)));
  const [qmp, qtest, gdb, wake] = [
    await rendezvous('qmp.sock'),
    await rendezvous('qtest.sock'),
    await rendezvous('gdb.sock'),
    await rendezvous('wake.sock'),
  ];
  const flashImage = join(folder, 'erased-flash.bin');
  await writeErased(flashImage);
  const socket = join(folder, 'vcp.sock');
  const paths = {
    ...{ flashImage, qmp: qmp.path, qtest: qtest.path, gdb: gdb.path, wake: wake.path },
    ...(serial === 'socket' ? { serial: socket } : {}),
  };
  signal?.throwIfAborted();
  const child = await OwnedChild.start(QEMU, qemuArguments(paths), { fix: FIX });
  cleanup.use(child);
  const stderr = collect(child);
  const connections = [qmp, qtest, gdb, wake].map(({ connection }) => connection);
  const sockets = await race(Promise.all(connections), child, stderr, signal);
  for (const each of sockets) {
    // A QEMU that is killed resets its connections; that it has ended its process tells.
    each.on('error', () => undefined);
    cleanup.defer(() => void each.destroy());
  }
  const [qmpSocket, qtestSocket, gdbSocket, wakeSocket] = sockets as [
    Socket,
    Socket,
    Socket,
    Socket,
  ];
  const client = new QmpClient(qmpSocket);
  const { major, minor, micro } = await client.handshake();
  const version = `${major}.${minor}.${micro}`;
  if (!isSupported({ major, minor })) throw tooOld(version);
  const hostEnd = serial === 'pty' ? await serialPty(client) : socket;
  const owned = cleanup.move();
  return {
    child,
    version,
    serial: hostEnd,
    qmp: client,
    qtest: new QtestClient(qtestSocket),
    rsp: new RspClient(gdbSocket),
    wake: wakeSocket,
    stderr,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const chardevsSchema = z.array(z.object({ label: z.string(), filename: z.string() }));

/** QEMU 9.1 cannot give a pty a name of our choice, but every version tells the one it got. */
async function serialPty(qmp: QmpClient): Promise<string> {
  const chardevs = chardevsSchema.parse(await qmp.execute('query-chardev'));
  const filename = chardevs.find(({ label }) => label === 'vcp')?.filename ?? '';
  if (!filename.startsWith('pty:'))
    throw new HilError('rig', `QEMU gave its serial port no pty, but "${filename}"`);
  return filename.slice('pty:'.length);
}

/** Writes an image of erased flash: all bits one (RM0440 3.3.5). */
async function writeErased(path: string): Promise<void> {
  await using file = await open(path, 'w');
  await file.write(new Uint8Array(FLASH.size).fill(0xff));
}

/** Drains the child's output, keeping the end of stderr. */
function collect(child: OwnedChild): () => string {
  let text = '';
  child.stdout.on('data', () => undefined);
  child.stderr.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString('utf8')).slice(-STDERR_KEPT);
  });
  return () => text;
}

/** The sockets, or the reason why they will never come. */
async function race(
  sockets: Promise<Socket[]>,
  child: OwnedChild,
  stderr: () => string,
  signal: AbortSignal | undefined,
): Promise<Socket[]> {
  const died = child.exited.then((exit) => Promise.reject(diedError(exit, stderr())));
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      reject(signal?.reason as Error);
    };
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort);
  });
  try {
    return await withDeadline(
      Promise.race([sockets, died, aborted]),
      START_MS,
      'QEMU to connect its control sockets',
    );
  } finally {
    signal?.removeEventListener('abort', abort);
    died.catch(() => undefined);
  }
}

function diedError(exit: ChildExit, stderr: string): HilError {
  if (stderr.includes('unsupported machine')) return tooOld('older');
  const how = exit.signal ?? `exit code ${exit.code ?? 'unknown'}`;
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return new HilError('rig', `${QEMU} ended at start (${how}): ${last}`, FIX);
}

function tooOld(version: string): HilError {
  return new HilError('rig', `${QEMU} is ${version}; version 9.1 or newer is needed`, FIX);
}
