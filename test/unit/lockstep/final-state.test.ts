import { describe, expect, it } from 'vitest';
import { compareState } from '../../../src/lockstep/final-state.ts';
import type { Snapshot } from '../../../src/vm/index.ts';

function state(change: Partial<Record<keyof Snapshot, number[]>> = {}): Snapshot {
  const region = (name: keyof Snapshot, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    bytes.set(change[name] ?? []);
    return bytes;
  };
  return {
    globals: region('globals', 256),
    arrays: region('arrays', 4096),
    lengths: region('lengths', 16),
    stack: Uint8Array.from(change.stack ?? []),
    frames: Uint8Array.from(change.frames ?? []),
  };
}

const DEBUG = {
  files: [],
  lines: [],
  functions: [],
  globals: [{ name: 'buttonState', id: 1 }],
  arrays: [{ name: 'samples', id: 2, length: 4 }],
};

describe('compareState', () => {
  it('counts every cell', () => {
    // 64 globals + 16 * 64 array cells + 16 lengths.
    expect(compareState(state(), state(), undefined)).toEqual({ cells: 1104, differences: [] });
  });

  it('names a global that differs', () => {
    const board = state({ globals: [0, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff] });
    expect(compareState(state(), board, DEBUG).differences).toEqual([
      { region: 'globals', index: 1, name: 'buttonState', expected: 0, actual: -2 },
    ]);
  });

  it('names the array of a cell that differs', () => {
    const bytes = new Array<number>(4096).fill(0);
    bytes[4 * (2 * 64 + 3)] = 9;
    expect(compareState(state(), state({ arrays: bytes }), DEBUG).differences).toEqual([
      { region: 'arrays', index: 131, name: 'samples', expected: 0, actual: 9 },
    ]);
  });

  it('shows a deeper stack on one side', () => {
    const board = state({ stack: [7, 0, 0, 0] });
    expect(compareState(state(), board, undefined)).toEqual({
      cells: 1105,
      differences: [{ region: 'stack', index: 0, name: undefined, expected: undefined, actual: 7 }],
    });
  });
});
