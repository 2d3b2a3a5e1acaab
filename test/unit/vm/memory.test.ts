import { describe, expect, it } from 'vitest';
import {
  createMemoryContext,
  createMemoryOps,
  createMemoryPool,
  type VMMemoryContext,
} from '../../../src/vm/index.ts';

const setup = () => {
  const context = createMemoryContext();
  return { context, memory: createMemoryOps(context) };
};

describe('globals', () => {
  it('hold int32 values by id 0..63', () => {
    const { context, memory } = setup();
    expect(memory.storeGlobal(0, -1)).toBe(true);
    expect(memory.storeGlobal(63, 5)).toBe(true);
    expect([memory.loadGlobal(0), memory.loadGlobal(1), memory.loadGlobal(63)]).toEqual([-1, 0, 5]);
    expect(context.globalCount).toBe(64);
  });

  it('count up to the highest id stored', () => {
    const { context, memory } = setup();
    memory.loadGlobal(50);
    expect(context.globalCount).toBe(0);
    memory.storeGlobal(9, 1);
    memory.storeGlobal(3, 1);
    expect(context.globalCount).toBe(10);
  });

  it('refuse other ids and change nothing', () => {
    const { context, memory } = setup();
    for (const id of [64, -1, 256]) {
      expect(memory.storeGlobal(id, 1)).toBe(false);
      expect(memory.loadGlobal(id)).toBeUndefined();
    }
    expect(context).toEqual(createMemoryContext());
  });
});

describe('arrays', () => {
  it('are zeroed when created', () => {
    const { context, memory } = setup();
    context.arrays.fill(9);
    expect(memory.createArray(1, 64)).toBe(true);
    expect([...context.arrays.subarray(64, 128)]).toEqual(new Array(64).fill(0));
    expect([context.arrays[63], context.arrays[128]]).toEqual([9, 9]);
    expect(context.arrayLengths[1]).toBe(64);
  });

  it('are bounded by their declared length', () => {
    const { memory } = setup();
    memory.createArray(15, 2);
    expect([memory.storeArray(15, 1, 7), memory.loadArray(15, 1)]).toEqual([true, 7]);
    expect([memory.storeArray(15, 2, 7), memory.loadArray(15, 2)]).toEqual([false, undefined]);
    expect([memory.storeArray(15, -1, 7), memory.loadArray(15, -1)]).toEqual([false, undefined]);
  });

  it('do not touch each other', () => {
    const { memory } = setup();
    for (let id = 0; id < 16; id += 1) expect(memory.createArray(id, 64)).toBe(true);
    for (let id = 0; id < 16; id += 1) {
      for (let index = 0; index < 64; index += 1) memory.storeArray(id, index, id * 1000 + index);
    }
    expect(memory.loadArray(0, 63)).toBe(63);
    expect(memory.loadArray(1, 0)).toBe(1000);
    expect(memory.loadArray(15, 63)).toBe(15_063);
  });

  it.each([
    ['size 0', 1, 0],
    ['size 65', 1, 65],
    ['size -1', 1, -1],
    ['id 16', 16, 1],
    ['id -1', -1, 1],
    ['an active array', 0, 1],
  ])('refuse to be created with %s', (_, id, size) => {
    const { context, memory } = setup();
    memory.createArray(0, 4);
    memory.storeArray(0, 0, 3);
    expect(memory.createArray(id, size)).toBe(false);
    expect(memory.loadArray(0, 0)).toBe(3);
    expect([...context.arrayLengths]).toEqual([4, ...new Array<number>(15).fill(0)]);
  });

  it('are inactive before they are created', () => {
    const { memory } = setup();
    expect([memory.loadArray(0, 0), memory.storeArray(0, 0, 1)]).toEqual([undefined, false]);
  });
});

describe('operations without a context', () => {
  it('refuse everything', () => {
    const memory = createMemoryOps(undefined);
    expect(memory.loadGlobal(0)).toBeUndefined();
    expect(memory.loadArray(0, 0)).toBeUndefined();
    expect(memory.storeGlobal(0, 1)).toBe(false);
    expect(memory.createArray(0, 1)).toBe(false);
    expect(memory.storeArray(0, 0, 1)).toBe(false);
  });
});

describe('the pool', () => {
  const dirty = (context: VMMemoryContext | undefined): void => {
    context?.globals.fill(1);
    context?.arrays.fill(2);
    context?.arrayLengths.fill(3);
    if (context) context.globalCount = 4;
  };

  it('gives each of four contexts once', () => {
    const pool = createMemoryPool();
    const contexts = [0, 1, 2, 3].map((id) => pool.acquire(id));
    expect(new Set(contexts).size).toBe(4);
    expect(contexts).not.toContain(undefined);
    for (const id of [0, 1, 2, 3]) expect(pool.acquire(id)).toBeUndefined();
  });

  it('gives nothing for an id out of range', () => {
    const pool = createMemoryPool();
    for (const id of [-1, 4, 0.5, NaN]) expect(pool.acquire(id)).toBeUndefined();
  });

  it('zeroes on release, and gives zeroes again', () => {
    const pool = createMemoryPool();
    const context = pool.acquire(2);
    dirty(context);
    pool.release(2);
    expect(context).toEqual(createMemoryContext());
    // What a former owner does with a context it gave back must not reach the next one.
    dirty(context);
    expect(pool.acquire(2)).toEqual(createMemoryContext());
  });

  it('ignores a bad or second release', () => {
    const pool = createMemoryPool();
    const first = pool.acquire(0);
    pool.release(0);
    pool.release(0);
    for (const id of [-1, 4, NaN]) pool.release(id);
    expect(pool.acquire(0)).toBe(first);
    expect(pool.acquire(0)).toBeUndefined();
  });

  it('does not clear a context that is not taken from the one who holds another', () => {
    const pool = createMemoryPool();
    const held = pool.acquire(1);
    dirty(held);
    pool.release(0);
    expect(held?.globals[0]).toBe(1);
  });
});
