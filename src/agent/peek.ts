import { LIMITS } from '../isa/index.ts';
import { HilError } from '../errors/index.ts';
import type { Channel } from '../link/index.ts';
import { decodeBytesReply } from '../wire/index.ts';
import { readReply } from './status.ts';

/** Bytes that one PEEK may ask for. */
const PEEK_LIMIT = 256;
/** A frame is {u32 return pc, u32 frame base}. */
const FRAME_BYTES = 8;
const WORD = 4;
/** Count and capacity, then entries {u32 pc, u32 us, u16 immediate, u8 opcode, u8 error}. */
const TRACE_HEADER_BYTES = 8;
const TRACE_ENTRIES = 16;
const TRACE_ENTRY_BYTES = 12;

/** Sizes of the regions in bytes. */
export const REGION_BYTES = {
  globals: LIMITS.GLOBAL_COUNT * WORD,
  arrays: LIMITS.ARRAY_COUNT * LIMITS.ARRAY_LENGTH * WORD,
  lengths: LIMITS.ARRAY_COUNT,
  stack: LIMITS.STACK_DEPTH * WORD,
  frames: LIMITS.CALL_DEPTH * FRAME_BYTES,
  trace: TRACE_HEADER_BYTES + TRACE_ENTRIES * TRACE_ENTRY_BYTES,
} as const;

/** A part of a VM's memory. */
export type Region = keyof typeof REGION_BYTES;

/** What a VM holds. Whole regions; what lies above `sp` and `depth` of the status is left over. */
export interface VmState {
  readonly globals: Int32Array;
  /** Array `id` element `index` at id * 64 + index. */
  readonly arrays: Int32Array;
  /** Declared lengths by array id, 0 = inactive. */
  readonly lengths: Uint8Array;
  readonly stack: Int32Array;
  readonly frames: readonly { readonly returnPc: number; readonly base: number }[];
}

/** Reads a whole region. */
export function peekRegion(channel: Channel, vm: number, region: Region): Promise<Uint8Array> {
  return peekBytes(channel, vm, region, 0, REGION_BYTES[region]);
}

/** Reads bytes of a region, in as many requests as that takes. */
export async function peekBytes(
  channel: Channel,
  vm: number,
  region: Region | 'ring',
  from: number,
  count: number,
): Promise<Uint8Array> {
  const whole = new Uint8Array(count);
  for (let offset = 0; offset < whole.length; offset += PEEK_LIMIT) {
    const length = Math.min(PEEK_LIMIT, whole.length - offset);
    const fields = [String(vm), region, String(from + offset), String(length)];
    const part = await readReply(channel, 'PEEK', fields, (reply) => {
      const bytes = decodeBytesReply('PEEK reply', reply.fields);
      if (bytes.length === length) return bytes;
      const got = `PEEK of ${length} bytes of ${region} returned ${bytes.length}`;
      throw new HilError('firmware', got);
    });
    whole.set(part, offset);
  }
  return whole;
}

/** Reads all regions of a VM. */
export async function peekState(channel: Channel, vm: number): Promise<VmState> {
  const globals = words(await peekRegion(channel, vm, 'globals'));
  const arrays = words(await peekRegion(channel, vm, 'arrays'));
  const lengths = await peekRegion(channel, vm, 'lengths');
  const stack = words(await peekRegion(channel, vm, 'stack'));
  const pairs = words(await peekRegion(channel, vm, 'frames'));
  const frames = Array.from({ length: LIMITS.CALL_DEPTH }, (_, index) => ({
    returnPc: (pairs[index * 2] ?? 0) >>> 0,
    base: (pairs[index * 2 + 1] ?? 0) >>> 0,
  }));
  return { globals, arrays, lengths, stack, frames };
}

/** Bytes as little-endian int32. */
export function words(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int32Array.from({ length: bytes.length / WORD }, (_, index) =>
    view.getInt32(index * WORD, true),
  );
}

/** One of the last instructions of a traced run. */
export interface ExecutionTraceEntry {
  readonly pc: number;
  /** Board's clock when the instruction began, microseconds, u32. */
  readonly us: number;
  readonly immediate: number;
  readonly opcode: number;
  /** VM error code; 0 unless it faulted. */
  readonly error: number;
}

/** Reads the last instructions of a VM's traced run, oldest first. */
export async function peekTrace(channel: Channel, vm: number): Promise<ExecutionTraceEntry[]> {
  const bytes = await peekRegion(channel, vm, 'trace');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const written = Math.min(view.getUint32(0, true), TRACE_ENTRIES);
  return Array.from({ length: written }, (_, index) => {
    const at = TRACE_HEADER_BYTES + (TRACE_ENTRIES - written + index) * TRACE_ENTRY_BYTES;
    return {
      pc: view.getUint32(at, true),
      us: view.getUint32(at + 4, true),
      immediate: view.getUint16(at + 8, true),
      opcode: view.getUint8(at + 10),
      error: view.getUint8(at + 11),
    };
  });
}
