import { own } from '../process/index.ts';
import {
  flashIfDifferent,
  startOpenOcd,
  type OpenOcd,
  type OpenOcdSettings,
} from '../probe/index.ts';
import type { Rig, RigSettings } from './rig.ts';

/** The file that OpenOCD ships for Nucleo boards of the STM32G4 family. */
export const BOARD_FILE = 'board/st_nucleo_g4.cfg';

/** Starts OpenOCD for a Nucleo, with its log in the harness's own. */
export function attachOpenOcd(
  { resources, signal, log }: Pick<RigSettings, 'resources' | 'signal' | 'log'>,
  probe: Pick<OpenOcdSettings, 'args' | 'serial'>,
): Promise<OpenOcd> {
  const starting = startOpenOcd({
    ...probe,
    boardFile: BOARD_FILE,
    signal,
    log: (line) => {
      log.debug({ openocd: line }, 'OpenOCD');
    },
  });
  return own(resources, starting);
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
