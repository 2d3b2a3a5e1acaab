import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildExit } from '../../process/index.ts';
import { CoreDebug } from './core-debug.ts';
import { FlashController } from './flash-controller.ts';
import { FlashStore } from './flash-store.ts';
import { EmulatedPins, type BoardPins, type GpioPin } from './pins.ts';
import { launchQemu, type Qemu } from './qemu.ts';
import { StlinkCommands } from './stlink-commands.ts';
import { StlinkServer } from './stlink-server.ts';
import { TargetMemory } from './target-memory.ts';
import { Waker } from './waker.ts';

/** unix(7): a socket's path has at most 107 bytes; `/qemu-XXXXXX/qtest.sock` takes 23 of them. */
const LONGEST_FOLDER = 107 - 23;

/** Settings of {@link startEmulatedNucleo}. */
export interface EmulatedNucleoSettings {
  /** An existing or new folder of this board's own; holds the serial port's link. */
  readonly folder: string;
  /** Logical pin → place on the chip. */
  readonly gpioPins: ReadonlyMap<number, GpioPin>;
  /**
   * What the host's end of LPUART1 is. A pty, which any terminal program can open, or a Unix socket, over which a byte costs either side a
   * fraction. A pty when left out.
   */
  readonly serial?: 'pty' | 'socket';
  /** Ends the start-up early. A board that has started is ended by disposing of it. */
  readonly signal?: AbortSignal;
  /** Takes one-line messages for a debug log. */
  readonly log?: (text: string) => void;
}

/** What must be added to `openocd -f board/st_nucleo_g4.cfg` so that it uses the virtual probe. */
export interface OpenocdArguments {
  /** Before `-f`: the emulated core cannot run OpenOCD's flash loader, so there is no work area for it. */
  readonly pre: readonly string[];
  /** After `-f`. */
  readonly post: readonly string[];
}

/** An emulated Nucleo-G474RE: powered, flash erased, nothing running until a probe programs and resets it. */
export interface EmulatedNucleo extends AsyncDisposable {
  /** The virtual COM port (LPUART1): a link to a pty or a socket. */
  readonly serialPath: string;
  /** TCP port of the virtual ST-LINK on 127.0.0.1. */
  readonly stlinkPort: number;
  /** The probe's serial number. */
  readonly stlinkSerial: string;
  readonly openocdArgs: OpenocdArguments;
  readonly pins: BoardPins;
  /** Keeps received serial bytes flowing into the emulated UART while `work` sends them; see docs/emulated-nucleo.md. */
  readonly whileWriting: <T>(work: () => Promise<T>, bytes?: number) => Promise<T>;
  /** Such as `10.0.2`. */
  readonly qemuVersion: string;
  /** QEMU's process id. */
  readonly pid: number;
  /** Settles when QEMU has ended, by disposal or by itself, with the line of its stderr that says why. */
  readonly exited: Promise<ChildExit & { readonly lastWords: string }>;
}

/**
 * Starts an emulated Nucleo-G474RE with its virtual ST-LINK.
 * @throws HilError (rig) when QEMU is missing, too old or does not start
 */
export async function startEmulatedNucleo(
  settings: EmulatedNucleoSettings,
): Promise<EmulatedNucleo> {
  const log = settings.log ?? (() => undefined);
  await using cleanup = new AsyncDisposableStack();
  await mkdir(settings.folder, { recursive: true });
  const serialPath = join(settings.folder, 'vcp');
  cleanup.defer(() => rm(serialPath, { force: true }));
  // Sockets and the flash image live in a folder of their own, where paths are short and which is gone afterwards.
  const long = Buffer.byteLength(settings.folder) > LONGEST_FOLDER;
  const scratch = await mkdtemp(join(long ? tmpdir() : settings.folder, 'qemu-'));
  cleanup.defer(() => rm(scratch, { recursive: true, force: true }));
  const qemu = cleanup.use(await launchQemu(scratch, settings));
  await rm(serialPath, { force: true });
  await symlink(qemu.serial, serialPath);
  const pins = await EmulatedPins.open(qemu.qtest, qemu.qmp, settings.gpioPins);
  const { core, commands } = await openTarget(qemu, pins, log);
  const stlinkSerial = `EMULATED${String(qemu.child.pid ?? 0).padStart(16, '0')}`;
  const server = cleanup.use(
    await StlinkServer.listen({
      probe: commands,
      serial: stlinkSerial,
      released: async () => {
        await core.releaseReset();
      },
      log,
    }),
  );
  const exited = qemu.child.exited.then((exit) => {
    const lastWords = lastWordsOf(qemu.stderr());
    log(`QEMU ended (${exit.signal ?? `exit code ${exit.code ?? 'unknown'}`}): ${lastWords}`);
    return { ...exit, lastWords };
  });
  const waker = new Waker(qemu.qtest, qemu.wake);
  const owned = cleanup.move();
  return {
    serialPath,
    stlinkPort: server.port,
    stlinkSerial,
    openocdArgs: {
      pre: ['-c', 'set WORKAREASIZE 0'],
      post: ['-c', `hla_stlink_backend tcp ${server.port}`],
    },
    pins,
    whileWriting: (work, bytes) => waker.during(work, bytes),
    qemuVersion: qemu.version,
    pid: qemu.child.pid ?? 0,
    exited,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Puts core, flash and memory behind the probe's commands. */
async function openTarget(
  qemu: Qemu,
  pins: EmulatedPins,
  log: (text: string) => void,
): Promise<{ core: CoreDebug; commands: StlinkCommands }> {
  const { rsp, qmp, qtest } = qemu;
  const store = new FlashStore({
    read: (address, length) => qtest.readMemory(address, length),
    write: (address, bytes) => core.whileStopped(() => rsp.writeMemory(address, bytes)),
  });
  const flash = new FlashController(store);
  const core = await CoreDebug.open({
    rsp,
    qmp,
    qtest,
    flushFlash: () => store.flush(),
    afterReset: async () => {
      log('the emulated board was reset');
      flash.reset();
      await pins.afterReset();
    },
  });
  const memory = new TargetMemory({ qtest, core, flash, store });
  return { core, commands: new StlinkCommands(core, memory) };
}

/** The line that says why QEMU ended: its own message, which a dump of registers may follow. */
function lastWordsOf(stderr: string): string {
  const lines = stderr.trim().split('\n');
  return lines.find((line) => /^qemu.*:/.test(line)) ?? lines.at(-1) ?? '';
}
