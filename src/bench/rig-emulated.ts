import { rm } from 'node:fs/promises';
import { HilError } from '../errors/index.ts';
import { makeTemporaryFolder, own } from '../process/index.ts';
import { BoardProbe } from './board-probe.ts';
import type { EmulatedBenchFile } from './bench-file.ts';
import type { Board } from './board.ts';
import { startEmulatedNucleo, type EmulatedNucleo, type GpioPin } from './emulated/index.ts';
import type { Rig, RigSettings } from './rig.ts';

/** With the firmware's own tick the emulated UART takes a byte each millisecond (docs/emulated-nucleo.md). */
const TICK_BYTES_PER_MS = 1;

const PORT_LETTERS = ['A', 'B', 'C', 'D', 'E', 'F', 'G'] as const;

function gpioPin(at: Board['pins'][number]['at']): GpioPin {
  const port = PORT_LETTERS[at.port];
  if (port === undefined) throw new HilError('harness', `${at.text} is on no known GPIO port`);
  return { port, bit: at.bit };
}

/** Starts an emulated Nucleo in a folder of its own, which goes when the owner of `resources` is done. */
export async function startNucleo(
  board: Board,
  settings: Pick<RigSettings, 'resources' | 'signal' | 'log'> & { readonly serial?: 'socket' },
): Promise<EmulatedNucleo> {
  const { resources, signal, log, serial = 'pty' } = settings;
  signal.throwIfAborted();
  // Without a pause between the two, so that no interrupt can leave the folder without its owner.
  const folder = makeTemporaryFolder('cockpit-hil-');
  resources.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const gpioPins = new Map(board.pins.map((pin) => [pin.pin, gpioPin(pin.at)] as const));
  return own(
    resources,
    startEmulatedNucleo({
      folder,
      gpioPins,
      serial,
      signal,
      log: (line) => {
        log.debug({ emulator: line }, 'emulated Nucleo');
      },
    }),
  );
}

/** Starts an emulated Nucleo with the real OpenOCD on its virtual ST-LINK. */
export async function openEmulatedRig(
  bench: EmulatedBenchFile,
  settings: RigSettings,
): Promise<Rig> {
  const { board } = settings;
  const nucleo = await startNucleo(board, { ...settings, serial: 'socket' });
  const elfPath = settings.firmware ?? bench.firmware;
  const probe = await BoardProbe.open({
    ...settings,
    probe: { args: nucleo.openocdArgs, serial: nucleo.stlinkSerial },
    elfPath,
    expected: { board, uid: bench.uid },
  });
  return {
    name: bench.name,
    kind: 'emulated',
    ranOn: `an emulated Nucleo-G474RE (QEMU ${nucleo.qemuVersion}), not silicon`,
    elfPath,
    serial: {
      socket: nucleo.serialPath,
      bytesPerMs: TICK_BYTES_PER_MS,
      whileWriting: nucleo.whileWriting,
    },
    probe,
    ended: nucleo.exited.then(
      ({ code, signal, lastWords }) =>
        new HilError(
          'rig',
          `QEMU ended with ${[signal ?? `exit code ${code ?? '?'}`, lastWords].filter(Boolean).join(': ')}`,
          'run again; if it recurs, see the log',
        ),
    ),
    pins: nucleo.pins,
  };
}
