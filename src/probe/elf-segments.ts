import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { errorText, HilError } from '../errors/index.ts';

/** Bytes of an ELF file that belong into memory at a load address. */
export interface Segment {
  /** Physical (load) address of the first byte. */
  readonly address: number;
  readonly bytes: Uint8Array;
}

const BUILD_FIRMWARE = 'build the firmware with ./scripts/setup, or name its ELF file';

/** Offsets in the file header and a program header of a 32-bit ELF file (ELF specification 1.2, figures 1-3 and 2-1). */
const EHDR = { machine: 18, phoff: 28, phentsize: 42, phnum: 44, size: 52 };
const PHDR = { type: 0, offset: 4, paddr: 12, filesz: 16, size: 32 };
const MACHINE_ARM = 40;
const TYPE_LOAD = 1;

/**
 * The segments that OpenOCD's `flash write_image` writes, by ascending load address: every PT_LOAD with file bytes.
 * @param name of the file, for the error
 * @throws HilError (usage) when the file is no 32-bit little-endian ARM ELF or its headers point outside it
 */
export function parseSegments(file: Uint8Array, name: string): Segment[] {
  const refuse = (why: string) => new HilError('usage', `${name} ${why}`, BUILD_FIRMWARE);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  // 0x7F "ELF", class 1 = 32 bits, data 1 = little-endian.
  const ident = [0x7f, 0x45, 0x4c, 0x46, 1, 1];
  if (file.length < EHDR.size || ident.some((byte, index) => file[index] !== byte)) {
    throw refuse('is not a 32-bit little-endian ELF file');
  }
  const machine = view.getUint16(EHDR.machine, true);
  if (machine !== MACHINE_ARM) throw refuse(`is for ELF machine ${machine}, not ARM (40)`);
  const table = view.getUint32(EHDR.phoff, true);
  const entrySize = view.getUint16(EHDR.phentsize, true);
  const entries = view.getUint16(EHDR.phnum, true);
  if (entrySize < PHDR.size || table + entries * entrySize > file.length) {
    throw refuse('has a program header table outside the file');
  }
  const segments: Segment[] = [];
  for (let entry = table; entry < table + entries * entrySize; entry += entrySize) {
    const offset = view.getUint32(entry + PHDR.offset, true);
    const size = view.getUint32(entry + PHDR.filesz, true);
    if (view.getUint32(entry + PHDR.type, true) !== TYPE_LOAD || size === 0) continue;
    if (offset + size > file.length) throw refuse('has a segment outside the file');
    segments.push({
      address: view.getUint32(entry + PHDR.paddr, true),
      bytes: file.subarray(offset, offset + size),
    });
  }
  if (segments.length === 0) throw refuse('has nothing to load');
  return segments.sort((a, b) => a.address - b.address);
}

/** Reads an ELF file and returns its loadable segments; see {@link parseSegments}. */
export async function readSegments(elfPath: string): Promise<Segment[]> {
  let file: Buffer;
  try {
    file = await readFile(elfPath);
  } catch (error) {
    throw new HilError('usage', `cannot read ${elfPath}: ${errorText(error)}`, BUILD_FIRMWARE);
  }
  return parseSegments(file, elfPath);
}

/** Total of the segments' bytes. */
export function byteCount(segments: readonly Segment[]): number {
  return segments.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/**
 * SHA-256 over the segments' bytes by ascending address, in hex. Without gaps between segments it equals
 * `sha256sum` of the flat binary that `objcopy -O binary` makes.
 */
export function sha256(segments: readonly Segment[]): string {
  const hash = createHash('sha256');
  for (const { bytes } of segments) hash.update(bytes);
  return hash.digest('hex');
}
