import { DIGEST, fold } from '../isa/index.ts';

/** Bytes of the header of the region `ring`: twelve u32. */
export const RING_HEADER_BYTES = 48;
/** Words of the header before its check. */
const CHECKED_WORDS = 11;
/** "RING", little-endian. */
const MAGIC = 0x474e4952;

/** Whose ring it is and which epochs are in it. Hashes are int32, step numbers count modulo 2^32. */
export interface RingHeader {
  readonly vm: number;
  /** Most steps of an epoch: entries of one slot. */
  readonly size: number;
  /** Number of the open epoch, or of the last one when none is open. */
  readonly epoch: number;
  readonly firstStep: number;
  /** Steps of it that are certainly noted. */
  readonly steps: number;
  /** Stream hash before it. */
  readonly hash: number;
  /** The epoch before that one; no steps when there is none. */
  readonly before: { readonly firstStep: number; readonly steps: number; readonly hash: number };
  /** CRC-32 of the image that was loaded. */
  readonly imageCrc: number;
}

/** A ring's header, or undefined when the bytes are none: RAM after power-up is random. */
export function decodeRingHeader(bytes: Uint8Array): RingHeader | undefined {
  if (bytes.length < RING_HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, RING_HEADER_BYTES);
  const word = (index: number): number => view.getUint32(4 * index, true);
  let check: number = DIGEST.FIRST;
  for (let index = 0; index < CHECKED_WORDS; index += 1) check = fold(check, word(index));
  if (word(0) !== MAGIC || word(CHECKED_WORDS) !== check >>> 0) return undefined;
  return {
    vm: word(1),
    size: word(2),
    epoch: word(3),
    firstStep: word(4),
    steps: word(5),
    hash: word(6) | 0,
    before: { firstStep: word(7), steps: word(8), hash: word(9) | 0 },
    imageCrc: word(10),
  };
}

/** The bytes of a ring's header. */
export function encodeRingHeader(header: RingHeader): Uint8Array {
  const { vm, size, epoch, firstStep, steps, hash, before, imageCrc } = header;
  const words = [MAGIC, vm, size, epoch, firstStep, steps, hash];
  words.push(before.firstStep, before.steps, before.hash, imageCrc);
  words.push(words.reduce((check, word) => fold(check, word), DIGEST.FIRST));
  const bytes = new Uint8Array(RING_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [index, word] of words.entries()) view.setUint32(4 * index, word >>> 0, true);
  return bytes;
}
