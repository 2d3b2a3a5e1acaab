import { findSerialPort } from '../link/index.ts';
import { acquireLock } from '../process/index.ts';
import { flashIfDifferent, startOpenOcd } from '../probe/index.ts';
import type { NucleoBenchFile } from './bench-file.ts';
import type { Rig, RigSettings } from './rig.ts';

/** The file that OpenOCD ships for Nucleo boards of the STM32G4 family. */
export const BOARD_FILE = 'board/st_nucleo_g4.cfg';

/** Takes the probe of a real board and finds its serial port. */
export async function openNucleoRig(bench: NucleoBenchFile, settings: RigSettings): Promise<Rig> {
  const { resources, signal, log } = settings;
  const serial = bench.probe.serial === 'any' ? undefined : bench.probe.serial;
  resources.use(await acquireLock(`probe-${bench.probe.serial}`, `bench ${bench.name}`));
  const openocd = resources.use(
    await startOpenOcd({
      args: { pre: [], post: [] },
      boardFile: BOARD_FILE,
      ...(serial === undefined ? {} : { serial }),
      signal,
      log: (line) => {
        log.debug({ openocd: line }, 'OpenOCD');
      },
    }),
  );
  const path =
    bench.serial.port === 'auto' ? await findSerialPort(bench.serial.usb) : bench.serial.port;
  const elfPath = settings.firmware ?? bench.firmware;
  return {
    name: bench.name,
    kind: 'nucleo',
    ranOn: `a Nucleo-G474RE, probe ${openocd.probeInfo.serial ?? 'without serial number'}`,
    elfPath,
    serial: { path, baud: bench.serial.baud },
    probe: {
      openocd,
      flash: (onPhase) =>
        flashIfDifferent(openocd, elfPath, { signal, ...(onPhase ? { onPhase } : {}) }),
    },
  };
}
