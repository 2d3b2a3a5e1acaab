import { describe, expect, it } from 'vitest';
import type { Program } from '../../../src/image/index.ts';
import type { VmView } from '../../../src/lockstep/index.ts';
import { sideBySide } from '../../../src/suite/state-view.ts';

const PROGRAM: Program = {
  instructions: [],
  strings: [],
  entry: 0,
  loop: undefined,
  debug: {
    files: [],
    lines: [],
    functions: [],
    globals: [{ name: 'total', id: 2 }],
    arrays: [{ name: 'samples', id: 1, length: 3 }],
  },
};

const int32 = (values: readonly number[], count = values.length): Uint8Array => {
  const bytes = Buffer.alloc(4 * count);
  for (const [index, value] of values.entries()) bytes.writeInt32LE(value, 4 * index);
  return bytes;
};

/** Array 1 has three cells. */
function view(change: Partial<VmView['memory']> & { pc?: number } = {}): VmView {
  const { pc = 5, ...memory } = change;
  const lengths = new Uint8Array(16);
  lengths[1] = 3;
  const arrays = Array<number>(1024).fill(0);
  arrays.splice(64, 3, 10, 20, 30);
  return {
    pc,
    sp: 2,
    depth: 1,
    frameBase: 0,
    error: 0,
    memory: {
      globals: int32([0, 0, 40], 64),
      arrays: int32(arrays),
      lengths,
      stack: int32([1, 2]),
      frames: int32([9, 0]),
      ...memory,
    },
  };
}

const LOCALS = [{ name: 'less', function: 'setup', frame: 1, offset: 1, slot: 1 }];

describe('sideBySide', () => {
  it('equal states: what is in use, nothing marked', () => {
    const state = sideBySide(PROGRAM, view(), view(), LOCALS, 'as it stood');
    expect(state.boardSide).toBe('as it stood');
    expect(state.registers.map(({ name }) => name)).toEqual([
      'pc',
      'stack depth',
      'call depth',
      'fault',
    ]);
    expect(state.stack).toEqual([
      { name: 'slot 0', model: 1, board: 1, differs: false },
      { name: 'slot 1 (setup: less)', model: 2, board: 2, differs: false },
    ]);
    expect(state.frames).toEqual([
      { name: 'call 1: return pc', model: 9, board: 9, differs: false },
      { name: 'call 1: frame base', model: 0, board: 0, differs: false },
    ]);
    expect(state.locals).toEqual([{ name: 'setup: less', model: 2, board: 2, differs: false }]);
    expect(state.globals).toEqual([{ name: 'total', model: 40, board: 40, differs: false }]);
    expect(state.arrays).toEqual([
      {
        name: 'samples',
        length: { name: 'length', model: 3, board: 3, differs: false },
        cells: [
          { name: '[0]', model: 10, board: 10, differs: false },
          { name: '[1]', model: 20, board: 20, differs: false },
          { name: '[2]', model: 30, board: 30, differs: false },
        ],
      },
    ]);
  });

  it('marks what differs, also where nobody has a name for it', () => {
    const globals = int32([0, 0, 40], 64);
    globals[4 * 63] = 1;
    const arrays = Buffer.from(view().memory.arrays);
    arrays.writeInt32LE(21, 4 * 65);
    arrays.writeInt32LE(7, 4 * 100);
    const board = view({ pc: 6, stack: int32([1, -2, 3]), frames: int32([]), globals, arrays });
    const state = sideBySide(PROGRAM, view(), board, LOCALS, '');
    expect(state.registers[0]).toEqual({ name: 'pc', model: 5, board: 6, differs: true });
    expect(state.stack).toEqual([
      { name: 'slot 0', model: 1, board: 1, differs: false },
      { name: 'slot 1 (setup: less)', model: 2, board: -2, differs: true },
      { name: 'slot 2', board: 3, differs: true },
    ]);
    expect(state.frames.every(({ differs, board: cell }) => differs && cell === undefined)).toBe(
      true,
    );
    expect(state.locals).toEqual([{ name: 'setup: less', model: 2, board: -2, differs: true }]);
    expect(state.globals).toEqual([
      { name: 'total', model: 40, board: 40, differs: false },
      { name: 'global 63', model: 0, board: 1, differs: true },
    ]);
    expect(state.arrays[0]?.cells.filter(({ differs }) => differs)).toEqual([
      { name: '[1]', model: 20, board: 21, differs: true },
      // Beyond the declared length.
      { name: '[36]', model: 0, board: 7, differs: true },
    ]);
  });

  it('without a board there is one side, and nothing is marked', () => {
    const state = sideBySide(PROGRAM, view(), undefined, LOCALS, 'not known');
    expect(state.stack[1]).toEqual({ name: 'slot 1 (setup: less)', model: 2, differs: false });
    expect(state.globals).toEqual([{ name: 'total', model: 40, differs: false }]);
  });

  it('tells apart the calls of a function that runs more than once', () => {
    const twice = [
      { name: 'n', function: 'fib', frame: 2, offset: 0, slot: 1 },
      { name: 'n', function: 'fib', frame: 1, offset: 0, slot: 0 },
    ];
    const { locals } = sideBySide(PROGRAM, view(), undefined, twice, '');
    expect(locals.map(({ name }) => name)).toEqual(['fib: n (call 2)', 'fib: n (call 1)']);
  });
});
