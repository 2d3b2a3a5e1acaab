import { HilError } from '../errors/index.ts';
import type { Channel } from '../link/index.ts';
import { decodeRingHeader, RING_HEADER_BYTES, type RingHeader } from '../wire/index.ts';
import { peekBytes, words } from './peek.ts';

/** An entry is {u32 stream hash after the step, i32 value}. */
export const ENTRY_BYTES = 8;

/** What a board keeps of the last two epochs of a digest run. */
export interface Ring {
  readonly header: RingHeader;
  /**
   * Entries of the slot that an epoch has, as pairs {stream hash, value}. Whether the epoch is still there is the caller's concern.
   * @param first steps from the beginning of the epoch
   */
  entries(epoch: number, first: number, count: number): Promise<Int32Array>;
}

/**
 * A ring, read by whatever means.
 * @param read bytes of its slots, at an offset from the first one's beginning
 */
export function ringOver(
  header: RingHeader,
  read: (offset: number, length: number) => Promise<Uint8Array>,
): Ring {
  return {
    header,
    entries: async (epoch, first, count) => {
      const slot = (epoch % 2) * header.size;
      return words(await read((slot + first) * ENTRY_BYTES, count * ENTRY_BYTES));
    },
  };
}

/** The ring of a VM over its agent; undefined when there is none. */
export async function peekRing(channel: Channel, vm: number): Promise<Ring | undefined> {
  const header = decodeRingHeader(await peekBytes(channel, vm, 'ring', 0, RING_HEADER_BYTES));
  if (header?.vm !== vm) return undefined;
  return ringOver(header, async (offset, length) => {
    const read = () => peekBytes(channel, vm, 'ring', RING_HEADER_BYTES + offset, length);
    const bytes = await read();
    // Each entry is taken for the truth by who asks for it, so it is read twice.
    if (Buffer.compare(bytes, await read()) === 0) return bytes;
    channel.noteContradiction();
    throw new HilError(
      'link',
      `the board's ring at ${offset} changed between two reads`,
      'check the line',
    );
  });
}
