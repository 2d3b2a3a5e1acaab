import { findSerialPort } from '../link/index.ts';
import { BoardProbe, takeProbe } from './board-probe.ts';
import type { NucleoBenchFile } from './bench-file.ts';
import type { Rig, RigSettings } from './rig.ts';

/** Takes the probe of a real board and finds the serial port that belongs to it. */
export async function openNucleoRig(bench: NucleoBenchFile, settings: RigSettings): Promise<Rig> {
  const probe = await takeProbe(bench, settings);
  const elfPath = settings.firmware ?? bench.firmware;
  const expected = { board: settings.board, uid: bench.uid };
  const boardProbe = await BoardProbe.open({ ...settings, probe, elfPath, expected });
  const { port, usb, baud, highest } = bench.serial;
  const path = port === 'auto' ? await findSerialPort(usb, probe.serial) : port;
  return {
    name: bench.name,
    kind: 'nucleo',
    ranOn: `a Nucleo-G474RE, probe ${probe.serial ?? 'without serial number'}`,
    elfPath,
    serial: { path, baud, highest },
    ...(bench.watchdog === undefined ? {} : { watchdogMs: bench.watchdog }),
    probe: boardProbe,
  };
}
