import { crc32 } from 'node:zlib';
import { FIELD } from './layout.ts';

/** CRC-32 of an image: every byte but the four of the CRC field itself. */
export function imageChecksum(image: Uint8Array): number {
  return crc32(image.subarray(FIELD.CRC + 4), crc32(image.subarray(0, FIELD.CRC)));
}
