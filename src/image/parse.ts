import { decodeCode, ISA_HASH } from '../isa/index.ts';
import { imageChecksum } from './checksum.ts';
import type { DebugInfo } from './debug.ts';
import { parseDebugSection } from './debug-section.ts';
import {
  align4,
  FIELD,
  FLAG_DEBUG,
  FORMAT_VERSION,
  HEADER_SIZE,
  MAGIC,
  MAX_STRING,
  NO_LOOP,
} from './layout.ts';
import type { Program } from './program.ts';

/** Why an image is refused, in the order in which the reasons are judged. The firmware gives the same names. */
export const IMAGE_REFUSALS = [
  'too-short',
  'bad-magic',
  'bad-version',
  'bad-flags',
  'bad-header-size',
  'bad-size',
  'bad-crc',
  'bad-isa',
  'bad-code',
  'bad-strings',
  'bad-debug',
  'bad-entry',
  'bad-loop',
] as const;

export type ImageRefusal = (typeof IMAGE_REFUSALS)[number];

export type ParsedImage =
  | { readonly ok: true; readonly program: Program }
  /** `detail` names the value at fault, for a person. */
  | { readonly ok: false; readonly reason: ImageRefusal; readonly detail: string };

type Refused = Extract<ParsedImage, { ok: false }>;

function refuse(reason: ImageRefusal, detail: string): Refused {
  return { ok: false, reason, detail };
}

const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

interface Header {
  readonly flags: number;
  readonly entry: number;
  readonly loop: number;
  readonly instructionCount: number;
  readonly stringCount: number;
  readonly codeOffset: number;
  readonly codeSize: number;
  readonly stringOffset: number;
  readonly stringSize: number;
  readonly debugOffset: number;
  readonly debugSize: number;
}

/** Everything that can be judged without looking at a section: identity, length and checksum. */
function judgeEnvelope(bytes: Uint8Array, view: DataView): Refused | undefined {
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) {
    return refuse('bad-magic', 'it does not begin with CVBC');
  }
  const version = view.getUint8(FIELD.VERSION);
  if (version !== FORMAT_VERSION) {
    return refuse('bad-version', `format version ${version}, expected ${FORMAT_VERSION}`);
  }
  const flags = view.getUint8(FIELD.FLAGS);
  if ((flags & ~FLAG_DEBUG) !== 0) return refuse('bad-flags', `flags ${flags}`);
  const headerSize = view.getUint16(FIELD.HEADER_SIZE, true);
  if (headerSize !== HEADER_SIZE) {
    return refuse('bad-header-size', `header size ${headerSize}, expected ${HEADER_SIZE}`);
  }
  const size = view.getUint32(FIELD.TOTAL_SIZE, true);
  if (size !== bytes.length) {
    return refuse('bad-size', `the header says ${size} bytes, there are ${bytes.length}`);
  }
  const [stored, computed] = [view.getUint32(FIELD.CRC, true), imageChecksum(bytes)];
  if (stored !== computed) {
    return refuse('bad-crc', `CRC-32 ${hex(stored)} in the header, ${hex(computed)} computed`);
  }
  const isaHash = view.getUint32(FIELD.ISA_HASH, true);
  if (isaHash !== ISA_HASH) {
    return refuse('bad-isa', `compiled for instruction set ${hex(isaHash)}, not ${hex(ISA_HASH)}`);
  }
  return undefined;
}

function readHeader(view: DataView): Header {
  const u16 = (offset: number): number => view.getUint16(offset, true);
  const u32 = (offset: number): number => view.getUint32(offset, true);
  return {
    flags: view.getUint8(FIELD.FLAGS),
    entry: u16(FIELD.ENTRY),
    loop: u16(FIELD.LOOP),
    instructionCount: u16(FIELD.INSTRUCTION_COUNT),
    stringCount: u16(FIELD.STRING_COUNT),
    codeOffset: u32(FIELD.CODE_OFFSET),
    codeSize: u32(FIELD.CODE_SIZE),
    stringOffset: u32(FIELD.STRING_OFFSET),
    stringSize: u32(FIELD.STRING_SIZE),
    debugOffset: u32(FIELD.DEBUG_OFFSET),
    debugSize: u32(FIELD.DEBUG_SIZE),
  };
}

function judgeCode(header: Header, length: number): Refused | undefined {
  const { codeOffset, codeSize, instructionCount } = header;
  if (instructionCount === 0) return refuse('bad-code', 'no instructions');
  if (codeOffset !== HEADER_SIZE) return refuse('bad-code', `code offset ${codeOffset}`);
  if (codeSize !== 4 * instructionCount) {
    return refuse('bad-code', `code size ${codeSize} for ${instructionCount} instructions`);
  }
  if (codeOffset + codeSize > length) {
    return refuse('bad-code', `the code ends at ${codeOffset + codeSize} of ${length} bytes`);
  }
  return undefined;
}

/** The strings, as views into the image. */
function readStrings(bytes: Uint8Array, view: DataView, header: Header): Uint8Array[] | string {
  const { stringCount, stringOffset, stringSize } = header;
  const tableSize = 2 * (stringCount + 1);
  if (stringOffset !== header.codeOffset + header.codeSize) return `string offset ${stringOffset}`;
  if (stringSize < tableSize || stringOffset + stringSize > bytes.length) {
    return `string size ${stringSize} for ${stringCount} strings`;
  }
  const textStart = stringOffset + tableSize;
  let start = view.getUint16(stringOffset, true);
  if (start !== 0) return `the first string begins at ${start}`;
  const strings: Uint8Array[] = [];
  for (let id = 0; id < stringCount; id += 1) {
    const end = view.getUint16(stringOffset + 2 * (id + 1), true);
    if (end < start || end - start > MAX_STRING)
      return `string ${id} reaches from ${start} to ${end}`;
    strings.push(bytes.subarray(textStart + start, textStart + end));
    start = end;
  }
  if (stringSize !== tableSize + start)
    return `string size ${stringSize} for ${start} bytes of text`;
  return strings;
}

function readDebug(bytes: Uint8Array, header: Header): DebugInfo | undefined | string {
  const { debugOffset, debugSize, flags } = header;
  const stringEnd = header.stringOffset + header.stringSize;
  if (debugOffset !== align4(stringEnd)) return `debug offset ${debugOffset}`;
  if (debugOffset + debugSize !== bytes.length) return `debug size ${debugSize}`;
  if (debugSize > 0 !== ((flags & FLAG_DEBUG) !== 0)) {
    return `flags ${flags} with a debug section of ${debugSize} bytes`;
  }
  if (bytes.subarray(stringEnd, debugOffset).some((byte) => byte !== 0)) {
    return 'the padding after the strings is not zero';
  }
  return debugSize === 0 ? undefined : parseDebugSection(bytes.subarray(debugOffset));
}

/**
 * Reads an image, or says by name why it is refused. Nothing is guessed and nothing of a refused image is returned.
 * Strings and instructions are copies: the bytes may be reused afterwards.
 */
export function parseImage(bytes: Uint8Array): ParsedImage {
  if (bytes.length < HEADER_SIZE) {
    return refuse('too-short', `${bytes.length} bytes, a header has ${HEADER_SIZE}`);
  }
  const image = Uint8Array.from(bytes);
  const view = new DataView(image.buffer);
  const envelope = judgeEnvelope(image, view);
  if (envelope !== undefined) return envelope;

  const header = readHeader(view);
  const code = judgeCode(header, image.length);
  if (code !== undefined) return code;
  const strings = readStrings(image, view, header);
  if (typeof strings === 'string') return refuse('bad-strings', strings);
  const debug = readDebug(image, header);
  if (typeof debug === 'string') return refuse('bad-debug', debug);
  const { entry, loop, instructionCount, codeOffset, codeSize } = header;
  if (entry >= instructionCount) {
    return refuse('bad-entry', `entry ${entry} of ${instructionCount} instructions`);
  }
  if (loop !== NO_LOOP && loop >= instructionCount) {
    return refuse('bad-loop', `loop ${loop} of ${instructionCount} instructions`);
  }
  const instructions = decodeCode(image.subarray(codeOffset, codeOffset + codeSize));
  const program = {
    instructions,
    strings,
    entry,
    loop: loop === NO_LOOP ? undefined : loop,
    debug,
  };
  return { ok: true, program };
}
