import type { Engine } from './engine.ts';

/** An engine's final state as bytes, laid out like the regions of the wire's PEEK request: little-endian. */
export interface Snapshot {
  /** 64 int32, 256 bytes. */
  readonly globals: Uint8Array;
  /** 16 arrays of 64 int32, 4,096 bytes. */
  readonly arrays: Uint8Array;
  /** Declared length of each array, 16 bytes. */
  readonly lengths: Uint8Array;
  /** The values on the operand stack, `sp` int32. A board's region goes on behind them; what is there means nothing. */
  readonly stack: Uint8Array;
  /** The call frames in use, `depth` pairs {u32 return pc, u32 frame base}. */
  readonly frames: Uint8Array;
}

function littleEndian(words: Int32Array | Uint32Array, count: number): Uint8Array {
  const bytes = new Uint8Array(4 * count);
  const view = new DataView(bytes.buffer);
  for (const [index, word] of words.subarray(0, count).entries()) {
    view.setUint32(4 * index, word >>> 0, true);
  }
  return bytes;
}

/** Copies an engine's memory and the used part of its stacks. */
export function snapshot(engine: Engine): Snapshot {
  const { context } = engine;
  return {
    globals: littleEndian(context.globals, context.globals.length),
    arrays: littleEndian(context.arrays, context.arrays.length),
    lengths: Uint8Array.from(context.arrayLengths),
    stack: littleEndian(engine.stack, engine.sp),
    frames: littleEndian(engine.frames, 2 * engine.depth),
  };
}
