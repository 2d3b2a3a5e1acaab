import { findSerialPort } from '../link/index.ts';
import { acquireLock, own } from '../process/index.ts';
import { attachOpenOcd, rigProbe } from './board-probe.ts';
import type { NucleoBenchFile } from './bench-file.ts';
import type { Rig, RigSettings } from './rig.ts';

/** Takes the probe of a real board and finds its serial port. */
export async function openNucleoRig(bench: NucleoBenchFile, settings: RigSettings): Promise<Rig> {
  const { resources, signal } = settings;
  const serial = bench.probe.serial === 'any' ? undefined : bench.probe.serial;
  await own(resources, acquireLock(`probe-${bench.probe.serial}`, `bench ${bench.name}`));
  const openocd = await attachOpenOcd(settings, {
    args: { pre: [], post: [] },
    ...(serial === undefined ? {} : { serial }),
  });
  const { port, usb, baud } = bench.serial;
  const path = port === 'auto' ? await findSerialPort(usb) : port;
  const elfPath = settings.firmware ?? bench.firmware;
  return {
    name: bench.name,
    kind: 'nucleo',
    ranOn: `a Nucleo-G474RE, probe ${openocd.probeInfo.serial ?? 'without serial number'}`,
    elfPath,
    serial: { path, baud },
    probe: rigProbe(openocd, elfPath, signal),
  };
}
