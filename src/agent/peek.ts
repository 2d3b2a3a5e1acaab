import { LIMITS } from '../isa/index.ts';
import { HilError } from '../errors/index.ts';
import type { Channel } from '../link/index.ts';
import { decodeBytesReply } from '../wire/index.ts';

/** Bytes that one PEEK may ask for. */
const PEEK_LIMIT = 256;
/** A frame is {u32 return pc, u32 frame base}. */
const FRAME_BYTES = 8;
const WORD = 4;

/** Sizes of the regions in bytes. */
export const REGION_BYTES = {
  globals: LIMITS.GLOBAL_COUNT * WORD,
  arrays: LIMITS.ARRAY_COUNT * LIMITS.ARRAY_LENGTH * WORD,
  lengths: LIMITS.ARRAY_COUNT,
  stack: LIMITS.STACK_DEPTH * WORD,
  frames: LIMITS.CALL_DEPTH * FRAME_BYTES,
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
export async function peekRegion(
  channel: Channel,
  vm: number,
  region: Region,
): Promise<Uint8Array> {
  const whole = new Uint8Array(REGION_BYTES[region]);
  for (let offset = 0; offset < whole.length; offset += PEEK_LIMIT) {
    const length = Math.min(PEEK_LIMIT, whole.length - offset);
    const fields = [String(vm), region, String(offset), String(length)];
    const reply = await channel.request('PEEK', fields);
    const part = decodeBytesReply('PEEK reply', reply.fields);
    if (part.length !== length)
      throw new HilError(
        'firmware',
        `PEEK of ${length} bytes of ${region} returned ${part.length}`,
      );
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

function words(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int32Array.from({ length: bytes.length / WORD }, (_, index) =>
    view.getInt32(index * WORD, true),
  );
}
