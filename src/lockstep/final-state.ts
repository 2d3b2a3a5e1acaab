import type { DebugInfo } from '../image/index.ts';
import { LIMITS } from '../isa/index.ts';
import type { Snapshot } from '../vm/index.ts';

/** One cell that differs between model and board. */
export interface StateDifference {
  readonly region: string;
  /** Position in the region: a global's id, array id * 64 + cell, a stack slot, a frame. */
  readonly index: number;
  readonly name: string | undefined;
  /** undefined where the model has no such cell: its stack or call depth is smaller. */
  readonly expected: number | undefined;
  /** undefined where the board has no such cell. */
  readonly actual: number | undefined;
}

export interface StateComparison {
  /** Cells compared: one for each int32, array length, stack value and half of a call frame. */
  readonly cells: number;
  readonly differences: readonly StateDifference[];
}

type Region = keyof Snapshot;
const REGIONS = ['globals', 'arrays', 'lengths', 'stack', 'frames'] as const satisfies Region[];

/** A region as numbers: bytes for array lengths, int32 for the rest. */
function cells(region: Region, bytes: Uint8Array): number[] {
  if (region === 'lengths') return [...bytes];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.floor(bytes.byteLength / 4);
  return Array.from({ length: count }, (_, index) => view.getInt32(index * 4, true));
}

function nameOf(region: Region, index: number, debug: DebugInfo | undefined): string | undefined {
  if (region === 'globals') return debug?.globals.find((entry) => entry.id === index)?.name;
  const array = region === 'arrays' ? Math.floor(index / LIMITS.ARRAY_LENGTH) : index;
  if (region !== 'arrays' && region !== 'lengths') return undefined;
  return debug?.arrays.find((entry) => entry.id === array)?.name;
}

/**
 * Compares the state that a run left behind, cell by cell. The board's regions may be longer where a region grows and
 * shrinks (stack, frames); cells the model does not have are then compared as missing.
 */
export function compareState(
  model: Snapshot,
  board: Snapshot,
  debug: DebugInfo | undefined,
): StateComparison {
  let count = 0;
  const differences: StateDifference[] = [];
  for (const region of REGIONS) {
    const [expected, actual] = [cells(region, model[region]), cells(region, board[region])];
    const length = Math.max(expected.length, actual.length);
    count += length;
    for (let index = 0; index < length; index += 1) {
      const [want, got] = [expected[index], actual[index]];
      if (want === got) continue;
      const name = nameOf(region, index, debug);
      differences.push({ region, index, name, expected: want, actual: got });
    }
  }
  return { cells: count, differences };
}
