import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { parseAnyRecord, type AnyRecord } from '../result-view.ts';

/**
 * A nightly's record repeats itself: images, environments, pins of 2,000 runs. The window of 16 MB reaches over most of it, and
 * quality 4 is the highest that compresses such a record (10 MB) in about 0.1 s.
 */
const SETTINGS = {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 4,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
  },
};

/** A record as it is kept. */
export function packRecord(record: AnyRecord): Uint8Array {
  return brotliCompressSync(JSON.stringify(record), SETTINGS);
}

/** @throws HilError (usage) when it is a record of another version */
export function unpackRecord(body: Uint8Array, id: string): AnyRecord {
  return parseAnyRecord(JSON.parse(brotliDecompressSync(body).toString('utf8')), id);
}
