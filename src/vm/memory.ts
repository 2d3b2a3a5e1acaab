import { LIMITS } from '../isa/index.ts';

/** Memory of one VM: what `VMMemoryContext` is in the firmware. */
export interface VMMemoryContext {
  /** 64 int32. */
  readonly globals: Int32Array;
  /** 16 arrays of 64 int32, one after the other. */
  readonly arrays: Int32Array;
  /** Declared length of each array, 1..64; 0 = not created. */
  readonly arrayLengths: Uint8Array;
  /** Highest global id stored, + 1. */
  globalCount: number;
}

/**
 * The five operations that are a handler's only way to VM memory. Each refuses a bad id, index or size by returning false (a load:
 * undefined) and then has changed nothing. Ids, indices and sizes arrive unchecked.
 */
export interface VMMemoryOps {
  loadGlobal: (id: number) => number | undefined;
  storeGlobal: (id: number, value: number) => boolean;
  /** Activates an array of `size` zeros, 1..64; refuses one that is active. */
  createArray: (id: number, size: number) => boolean;
  loadArray: (id: number, index: number) => number | undefined;
  storeArray: (id: number, index: number, value: number) => boolean;
}

/** A zeroed context. */
export function createMemoryContext(): VMMemoryContext {
  return {
    globals: new Int32Array(LIMITS.GLOBAL_COUNT),
    arrays: new Int32Array(LIMITS.ARRAY_COUNT * LIMITS.ARRAY_LENGTH),
    arrayLengths: new Uint8Array(LIMITS.ARRAY_COUNT),
    globalCount: 0,
  };
}

/** Sets everything to 0: no globals stored, no arrays. */
export function clearMemory(context: VMMemoryContext): void {
  context.globals.fill(0);
  context.arrays.fill(0);
  context.arrayLengths.fill(0);
  context.globalCount = 0;
}

/** Operations on a context; without one, operations that refuse everything. */
export function createMemoryOps(context: VMMemoryContext | undefined): VMMemoryOps {
  if (context === undefined) {
    const refuse = (): false => false;
    const nothing = (): undefined => undefined;
    return {
      loadGlobal: nothing,
      storeGlobal: refuse,
      createArray: refuse,
      loadArray: nothing,
      storeArray: refuse,
    };
  }
  const { globals, arrays, arrayLengths } = context;
  const isElement = (id: number, index: number): boolean =>
    id >= 0 && id < LIMITS.ARRAY_COUNT && index >= 0 && index < (arrayLengths[id] ?? 0);

  return {
    loadGlobal: (id) => (id >= 0 && id < LIMITS.GLOBAL_COUNT ? globals[id] : undefined),
    storeGlobal: (id, value) => {
      if (id < 0 || id >= LIMITS.GLOBAL_COUNT) return false;
      globals[id] = value;
      if (id >= context.globalCount) context.globalCount = id + 1;
      return true;
    },
    createArray: (id, size) => {
      if (id < 0 || id >= LIMITS.ARRAY_COUNT) return false;
      if (size < 1 || size > LIMITS.ARRAY_LENGTH || arrayLengths[id] !== 0) return false;
      arrayLengths[id] = size;
      arrays.fill(0, id * LIMITS.ARRAY_LENGTH, (id + 1) * LIMITS.ARRAY_LENGTH);
      return true;
    },
    loadArray: (id, index) =>
      isElement(id, index) ? arrays[id * LIMITS.ARRAY_LENGTH + index] : undefined,
    storeArray: (id, index, value) => {
      if (!isElement(id, index)) return false;
      arrays[id * LIMITS.ARRAY_LENGTH + index] = value;
      return true;
    },
  };
}
