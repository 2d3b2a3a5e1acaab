import { HilError } from '../errors/index.ts';
import { encodeCode, ISA_HASH, LIMITS } from '../isa/index.ts';
import { imageChecksum } from './checksum.ts';
import { debugProblem } from './debug-section.ts';
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

/** Bytes that all strings together may have: the offset table counts in 16 bits. */
const MAX_STRING_BYTES = 0xffff;
const MAX_STRINGS = 0xffff;

function programProblem(program: Program): string | undefined {
  const { instructions, strings, entry, loop, debug } = program;
  const count = instructions.length;
  const isTarget = (pc: number): boolean => Number.isInteger(pc) && pc >= 0 && pc < count;
  if (count === 0) return 'it has no instructions';
  if (count > LIMITS.PROGRAM_LENGTH) {
    return `it has ${count} instructions, at most ${LIMITS.PROGRAM_LENGTH} fit`;
  }
  if (strings.length > MAX_STRINGS) return `it has ${strings.length} strings`;
  const long = strings.findIndex((bytes) => bytes.length > MAX_STRING);
  if (long >= 0) {
    return `string ${long} has ${strings[long]?.length ?? 0} bytes, at most ${MAX_STRING} fit`;
  }
  const bytes = strings.reduce((sum, string) => sum + string.length, 0);
  if (bytes > MAX_STRING_BYTES) {
    return `its strings have ${bytes} bytes, at most ${MAX_STRING_BYTES} fit`;
  }
  if (!isTarget(entry)) return `entry ${entry} is not one of its ${count} instructions`;
  if (loop !== undefined && !isTarget(loop)) {
    return `loop ${loop} is not one of its ${count} instructions`;
  }
  const problem = debug === undefined ? undefined : debugProblem(debug);
  return problem === undefined ? undefined : `its debug information is wrong: ${problem}`;
}

/** Table and bytes, unpadded. */
function stringSection(strings: readonly Uint8Array[]): Uint8Array {
  const table = Buffer.alloc(2 * (strings.length + 1));
  let end = 0;
  for (const [index, bytes] of strings.entries()) {
    end += bytes.length;
    table.writeUInt16LE(end, 2 * (index + 1));
  }
  return Buffer.concat([table, ...strings]);
}

/**
 * The `.cvbc` image of a program, ready to be written to a file. With debug information, it holds a debug section.
 * @throws HilError (program) naming what doesn't fit the format
 */
export function buildImage(program: Program): Uint8Array {
  const problem = programProblem(program);
  if (problem !== undefined) {
    throw new HilError('program', `the program doesn't fit into an image: ${problem}`);
  }
  const code = encodeCode(program.instructions);
  const strings = stringSection(program.strings);
  const debug =
    program.debug === undefined
      ? undefined
      : new TextEncoder().encode(JSON.stringify(program.debug));
  const stringOffset = HEADER_SIZE + code.length;
  const debugOffset = align4(stringOffset + strings.length);
  const image = new Uint8Array(debugOffset + (debug?.length ?? 0));

  image.set(MAGIC, FIELD.MAGIC);
  image.set(code, HEADER_SIZE);
  image.set(strings, stringOffset);
  if (debug !== undefined) image.set(debug, debugOffset);

  const header = new DataView(image.buffer);
  header.setUint8(FIELD.VERSION, FORMAT_VERSION);
  header.setUint8(FIELD.FLAGS, debug === undefined ? 0 : FLAG_DEBUG);
  header.setUint16(FIELD.HEADER_SIZE, HEADER_SIZE, true);
  header.setUint32(FIELD.TOTAL_SIZE, image.length, true);
  header.setUint32(FIELD.ISA_HASH, ISA_HASH, true);
  header.setUint16(FIELD.ENTRY, program.entry, true);
  header.setUint16(FIELD.LOOP, program.loop ?? NO_LOOP, true);
  header.setUint16(FIELD.INSTRUCTION_COUNT, program.instructions.length, true);
  header.setUint16(FIELD.STRING_COUNT, program.strings.length, true);
  header.setUint32(FIELD.CODE_OFFSET, HEADER_SIZE, true);
  header.setUint32(FIELD.CODE_SIZE, code.length, true);
  header.setUint32(FIELD.STRING_OFFSET, stringOffset, true);
  header.setUint32(FIELD.STRING_SIZE, strings.length, true);
  header.setUint32(FIELD.DEBUG_OFFSET, debugOffset, true);
  header.setUint32(FIELD.DEBUG_SIZE, debug?.length ?? 0, true);
  header.setUint32(FIELD.CRC, imageChecksum(image), true);
  return image;
}
