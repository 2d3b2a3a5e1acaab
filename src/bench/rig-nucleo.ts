import { findSerialPort } from '../link/index.ts';
import { takeNucleoProbe, rigProbe } from './board-probe.ts';
import type { NucleoBenchFile } from './bench-file.ts';
import type { Rig, RigSettings } from './rig.ts';

/** Takes the probe of a real board and finds its serial port. */
export async function openNucleoRig(bench: NucleoBenchFile, settings: RigSettings): Promise<Rig> {
  const attach = await takeNucleoProbe(bench, settings);
  const openocd = await attach();
  const { port, usb, baud } = bench.serial;
  const path = port === 'auto' ? await findSerialPort(usb) : port;
  const elfPath = settings.firmware ?? bench.firmware;
  return {
    name: bench.name,
    kind: 'nucleo',
    ranOn: `a Nucleo-G474RE, probe ${openocd.probeInfo.serial ?? 'without serial number'}`,
    elfPath,
    serial: { path, baud },
    probe: rigProbe(openocd, elfPath, settings.signal),
  };
}
