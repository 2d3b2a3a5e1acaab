import { describe, expect, it } from 'vitest';
import { callsOf, INT_MIN, mockMemory, op, stateOf } from '../support.ts';
import { expectFault, expectStack, filled } from '../expect.ts';

describe('LOAD_GLOBAL', () => {
  it('pushes what the operation gives', () => {
    const memory = mockMemory({ value: -3 });
    expectStack({ instruction: op('LOAD_GLOBAL', 63), stack: [1], memory }, [1, -3]);
    expect(memory.loadGlobal).toHaveBeenCalledExactlyOnceWith(63);
  });

  it('reads 0 from a global that was never stored', () => {
    expectStack({ instruction: op('LOAD_GLOBAL', 5) }, [55]);
    expectStack({ instruction: op('LOAD_GLOBAL', 6) }, [0]);
  });

  it('refuses ids without cutting them to 8 bits', () => {
    for (const id of [64, 256, 261, 0xffff]) expectFault({ instruction: op('LOAD_GLOBAL', id) }, 7);
  });

  it('judges the id before the room on the stack', () => {
    expectFault({ instruction: op('LOAD_GLOBAL', 64), stack: filled(128) }, 7);
    expectFault({ instruction: op('LOAD_GLOBAL', 5), stack: filled(128) }, 1);
    expectFault({ instruction: op('LOAD_GLOBAL', 64, 1) }, 5);
  });
});

describe('STORE_GLOBAL', () => {
  it('pops into the operation', () => {
    const memory = mockMemory();
    expectStack({ instruction: op('STORE_GLOBAL', 2), stack: [1, INT_MIN], memory }, [1]);
    expect(memory.storeGlobal).toHaveBeenCalledExactlyOnceWith(2, INT_MIN);
  });

  it('keeps the value when the operation refuses', () => {
    const memory = mockMemory({ done: false });
    expectFault({ instruction: op('STORE_GLOBAL', 2), stack: [1], memory }, 7);
  });

  it('stores', () => {
    const engine = expectStack({ instruction: op('STORE_GLOBAL', 63), stack: [8] }, []);
    expect([engine.context.globals[63], engine.context.globalCount]).toEqual([8, 64]);
  });

  it('judges underflow before the id', () => {
    const memory = mockMemory();
    expectFault({ instruction: op('STORE_GLOBAL', 64), memory }, 2);
    expectFault({ instruction: op('STORE_GLOBAL', 0), stack: [1], frames: [[0, 1]], memory }, 2);
    expect(callsOf(memory)).toBe(0);
    expectFault({ instruction: op('STORE_GLOBAL', 64), stack: [1] }, 7);
    expectFault({ instruction: op('STORE_GLOBAL', 256), stack: [1] }, 7);
  });
});

describe('LOAD_LOCAL', () => {
  it('pushes the value at an offset from the frame base', () => {
    expectStack({ instruction: op('LOAD_LOCAL', 1), stack: [5, 6, 7] }, [5, 6, 7, 6]);
    expectStack(
      { instruction: op('LOAD_LOCAL', 1), stack: [5, 6, 7], frames: [[0, 1]] },
      [5, 6, 7, 7],
    );
  });

  it('refuses an offset at sp or above', () => {
    expectFault({ instruction: op('LOAD_LOCAL', 0) }, 7);
    expectFault({ instruction: op('LOAD_LOCAL', 2), stack: [5, 6, 7], frames: [[0, 1]] }, 7);
    expectFault({ instruction: op('LOAD_LOCAL', 0xffff), stack: [5] }, 7);
  });

  it('judges the offset before the room on the stack', () => {
    expectFault({ instruction: op('LOAD_LOCAL', 128), stack: filled(128) }, 7);
    expectFault({ instruction: op('LOAD_LOCAL', 0), stack: filled(128) }, 1);
  });
});

describe('STORE_LOCAL', () => {
  it('pops into the value at an offset from the frame base', () => {
    expectStack({ instruction: op('STORE_LOCAL', 0), stack: [5, 6, 7] }, [7, 6]);
    expectStack({ instruction: op('STORE_LOCAL', 0), stack: [5, 6, 7], frames: [[0, 1]] }, [5, 7]);
  });

  it('refuses an offset that the pop has just freed', () => {
    expectFault({ instruction: op('STORE_LOCAL', 2), stack: [5, 6, 7] }, 7);
    expectFault({ instruction: op('STORE_LOCAL', 0), stack: [5] }, 7);
    expectFault({ instruction: op('STORE_LOCAL', 0xffff), stack: [5, 6] }, 7);
  });

  it('judges underflow first', () => {
    expectFault({ instruction: op('STORE_LOCAL', 9) }, 2);
    expectFault({ instruction: op('STORE_LOCAL', 0), stack: [1], frames: [[0, 1]] }, 2);
  });
});

describe('LOAD_ARRAY', () => {
  it('replaces the index by what the operation gives', () => {
    const memory = mockMemory({ value: 44 });
    expectStack({ instruction: op('LOAD_ARRAY', 3), stack: [1, 63], memory }, [1, 44]);
    expect(memory.loadArray).toHaveBeenCalledExactlyOnceWith(3, 63);
  });

  it('works on a full stack', () => {
    const stack = [...filled(127), 2];
    expectStack({ instruction: op('LOAD_ARRAY', 0), stack }, [...filled(127), 12]);
  });

  it.each([
    ['an index at the declared length', 0, 3],
    ['a negative index', 0, -1],
    ['the lowest index', 0, INT_MIN],
    ['an index that is 0 in its low byte', 0, 256],
    ['an array that is not active', 1, 0],
    ['an id that does not exist', 16, 0],
    ['an id that is 0 in its low byte', 256, 0],
  ])('refuses %s', (_, id, index) => {
    expectFault({ instruction: op('LOAD_ARRAY', id), stack: [index] }, 7);
  });

  it('judges underflow first', () => {
    const memory = mockMemory({ value: 1 });
    expectFault({ instruction: op('LOAD_ARRAY', 16), memory }, 2);
    expect(callsOf(memory)).toBe(0);
  });
});

describe('STORE_ARRAY', () => {
  it('takes index and value', () => {
    const memory = mockMemory();
    expectStack({ instruction: op('STORE_ARRAY', 3), stack: [1, 2, -9], memory }, [1]);
    expect(memory.storeArray).toHaveBeenCalledExactlyOnceWith(3, 2, -9);
  });

  it('stores in the last element of the last array', () => {
    const engine = expectStack({ instruction: op('STORE_ARRAY', 15), stack: [63, 8] }, []);
    expect(engine.context.arrays.at(-1)).toBe(8);
  });

  it.each([
    ['an index at the declared length', 0, 3],
    ['a negative index', 0, -1],
    ['an array that is not active', 1, 0],
    ['an id that does not exist', 16, 0],
  ])('refuses %s', (_, id, index) => {
    expectFault({ instruction: op('STORE_ARRAY', id), stack: [index, 1] }, 7);
  });

  it('judges underflow first', () => {
    expectFault({ instruction: op('STORE_ARRAY', 16), stack: [1] }, 2);
  });
});

describe('CREATE_ARRAY', () => {
  it('takes the size', () => {
    const memory = mockMemory();
    expectStack({ instruction: op('CREATE_ARRAY', 7), stack: [1, 64], memory }, [1]);
    expect(memory.createArray).toHaveBeenCalledExactlyOnceWith(7, 64);
  });

  it('activates an array of that length', () => {
    const engine = expectStack({ instruction: op('CREATE_ARRAY', 7), stack: [5] }, []);
    expect(stateOf(engine).arrayLengths).toEqual([
      3,
      0,
      0,
      0,
      0,
      0,
      0,
      5,
      ...filled(7).fill(0),
      64,
    ]);
  });

  it.each([
    ['size 0', 1, 0],
    ['size 65', 1, 65],
    ['size 257', 1, 257],
    ['a negative size', 1, -1],
    ['an array that is active', 0, 3],
    ['an id that does not exist', 16, 1],
  ])('refuses %s', (_, id, size) => {
    expectFault({ instruction: op('CREATE_ARRAY', id), stack: [size] }, 7);
  });

  it('judges underflow first', () => {
    expectFault({ instruction: op('CREATE_ARRAY', 16) }, 2);
  });
});
