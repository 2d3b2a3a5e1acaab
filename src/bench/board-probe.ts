import { acquireLock, own } from '../process/index.ts';
import {
  flashIfDifferent,
  startOpenOcd,
  type OpenOcd,
  type OpenOcdSettings,
} from '../probe/index.ts';
import type { NucleoBenchFile } from './bench-file.ts';
import type { Rig, RigSettings } from './rig.ts';

/** The file that OpenOCD ships for Nucleo boards of the STM32G4 family. */
export const BOARD_FILE = 'board/st_nucleo_g4.cfg';

type Attaching = Pick<RigSettings, 'resources' | 'signal' | 'log'>;

/** Starts OpenOCD for a Nucleo, with its log in the harness's own, and handed to `onLine` line by line. */
export function attachOpenOcd(
  { resources, signal, log }: Attaching,
  probe: Pick<OpenOcdSettings, 'args' | 'serial'>,
  onLine?: (line: string) => void,
): Promise<OpenOcd> {
  const starting = startOpenOcd({
    ...probe,
    boardFile: BOARD_FILE,
    signal,
    log: (line) => {
      log.debug({ openocd: line }, 'OpenOCD');
      onLine?.(line);
    },
  });
  return own(resources, starting);
}

/** Takes the probe of a real board for as long as `resources` live, and gives what starts OpenOCD on it. */
export async function takeNucleoProbe(
  bench: NucleoBenchFile,
  settings: Attaching,
): Promise<(onLine?: (line: string) => void) => Promise<OpenOcd>> {
  const { serial } = bench.probe;
  await own(settings.resources, acquireLock(`probe-${serial}`, `bench ${bench.name}`));
  const args = { pre: [], post: [] };
  const probe = serial === 'any' ? { args } : { args, serial };
  return (onLine) => attachOpenOcd(settings, probe, onLine);
}

/** A rig's probe: the same for a real board and an emulated one. */
export function rigProbe(
  openocd: OpenOcd,
  elfPath: string,
  signal: AbortSignal,
): NonNullable<Rig['probe']> {
  return {
    openocd,
    flash: (onPhase) =>
      flashIfDifferent(openocd, elfPath, { signal, ...(onPhase ? { onPhase } : {}) }),
  };
}
