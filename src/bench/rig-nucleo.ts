import { findSerialPort } from '../link/index.ts';
import { acquireLock, own } from '../process/index.ts';
import { flashIfDifferent, startOpenOcd } from '../probe/index.ts';
import type { NucleoBenchFile } from './bench-file.ts';
import type { Rig, RigSettings } from './rig.ts';

/** The file that OpenOCD ships for Nucleo boards of the STM32G4 family. */
export const BOARD_FILE = 'board/st_nucleo_g4.cfg';

/** Takes the probe of a real board and finds its serial port. */
export async function openNucleoRig(bench: NucleoBenchFile, settings: RigSettings): Promise<Rig> {
  const { resources, signal, log } = settings;
  const serial = bench.probe.serial === 'any' ? undefined : bench.probe.serial;
  await own(resources, acquireLock(`probe-${bench.probe.serial}`, `bench ${bench.name}`));
  const { port, usb, baud } = bench.serial;
  const path = port === 'auto' ? await findSerialPort(usb) : port;
  const openocd = await own(
    resources,
    startOpenOcd({
      args: { pre: [], post: [] },
      boardFile: BOARD_FILE,
      ...(serial === undefined ? {} : { serial }),
      signal,
      log: (line) => {
        log.debug({ openocd: line }, 'OpenOCD');
      },
    }),
  );
  const elfPath = settings.firmware ?? bench.firmware;
  return {
    name: bench.name,
    kind: 'nucleo',
    ranOn: `a Nucleo-G474RE, probe ${openocd.probeInfo.serial ?? 'without serial number'}`,
    elfPath,
    serial: { path, baud },
    probe: {
      openocd,
      flash: (onPhase) =>
        flashIfDifferent(openocd, elfPath, { signal, ...(onPhase ? { onPhase } : {}) }),
    },
  };
}
