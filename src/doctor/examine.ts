import type { Check } from './check.ts';
import { checkBoard, type BoardSettings } from './board.ts';
import { checkDevices } from './devices.ts';
import { checkDisk } from './disk.ts';
import type { Machine } from './machine.ts';
import { checkTools } from './tools.ts';

/** What is examined. */
export interface Examination {
  readonly machine: Machine;
  /** `process.version`. */
  readonly node: string;
  /** Where results go. */
  readonly folder: string;
  /** The bench in question; only the machine itself when left out. */
  readonly board?: BoardSettings;
}

/**
 * Looks at everything a run needs, check by check. The board is not touched while something before it has failed: its error would only say
 * the same in other words.
 */
export async function* examine(examination: Examination): AsyncGenerator<Check, void, undefined> {
  const { machine, node, folder, board } = examination;
  let well = true;
  const parts = [
    () => checkTools(board?.bench.kind, machine, node),
    () => checkDisk(folder, machine),
    async () => (board?.bench.kind === 'nucleo' ? checkDevices(board.bench, machine) : []),
    async () => (board === undefined || !well ? [] : checkBoard(board)),
  ];
  for (const part of parts) {
    for (const check of await part()) {
      if (check.state === 'FAIL') well = false;
      yield check;
    }
  }
}
