/** Offsets and constants of the image header; docs/image-format.md is the description. */

export const MAGIC = Uint8Array.of(0x43, 0x56, 0x42, 0x43); // "CVBC"
export const FORMAT_VERSION = 1;
export const HEADER_SIZE = 52;
/** Flags bit 0. */
export const FLAG_DEBUG = 1;
/** `loop` field of a program without a loop(). */
export const NO_LOOP = 0xffff;
/** Bytes of one string; as many as one PRINTF may print. */
export const MAX_STRING = 255;

/** Byte offset of each header field. */
export const FIELD = {
  MAGIC: 0,
  VERSION: 4,
  FLAGS: 5,
  HEADER_SIZE: 6,
  CRC: 8,
  TOTAL_SIZE: 12,
  ISA_HASH: 16,
  ENTRY: 20,
  LOOP: 22,
  INSTRUCTION_COUNT: 24,
  STRING_COUNT: 26,
  CODE_OFFSET: 28,
  CODE_SIZE: 32,
  STRING_OFFSET: 36,
  STRING_SIZE: 40,
  DEBUG_OFFSET: 44,
  DEBUG_SIZE: 48,
} as const;

/** Rounds a byte count up to a multiple of 4. */
export function align4(size: number): number {
  return Math.ceil(size / 4) * 4;
}
