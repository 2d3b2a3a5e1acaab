import { HilError } from '../errors/index.ts';

/** The numbers of an end state, in the order of put_end() in firmware/fuzz/effects_main.c. */
export const END_FIELDS = [
  'result of cvm_run',
  'pc',
  'sp',
  'call depth',
  'error',
  'halted',
  'rounds',
  'executed instructions, low half',
  'executed instructions, high half',
  'requests to the io controller',
  'global count',
  'globals (CRC-32)',
  'arrays (CRC-32)',
  'array lengths (CRC-32)',
  'operand stack (CRC-32)',
  'call frames (CRC-32)',
  'metric: all instructions',
  'metric: memory operations',
  'metric: input/output operations',
  'metric: control flow',
  'metric: deepest stack',
] as const;

/** An effect without its text: pc u16, opcode, sp, kind, text length, address u16, value i32. */
export const EFFECT_BYTES = 12;

/** What the native executor did with one image. */
export interface Answer {
  /** `ok`, or the reason why the image is refused. */
  readonly reason: string;
  /** Steps taken; 0 unless they were asked for and the image is good. */
  readonly count: number;
  /** The effects of those steps, one after the other. */
  readonly effects: DataView;
  /** END_FIELDS after stepping, and after cvm_run from the start; empty when no step was asked for. */
  readonly stepped: readonly number[];
  readonly ran: readonly number[];
}

const NO_EFFECTS = new DataView(new ArrayBuffer(0));

/**
 * Reads one answer, without its length.
 * @throws HilError (harness) when it isn't one
 */
export function decodeAnswer(bytes: Buffer): Answer {
  const nameEnd = 1 + (bytes[0] ?? 0);
  const reason = bytes.toString('latin1', 1, nameEnd);
  if (bytes.length === nameEnd) {
    return { reason, count: 0, effects: NO_EFFECTS, stepped: [], ran: [] };
  }
  const effectsAt = nameEnd + 8;
  const size = bytes.length < effectsAt ? -1 : bytes.readUInt32LE(nameEnd + 4);
  const endBytes = 4 * END_FIELDS.length;
  if (size < 0 || bytes.length !== effectsAt + size + 2 * endBytes) {
    throw new HilError('harness', `the native executor gave an answer of ${bytes.length} bytes`);
  }
  const words = (at: number): number[] =>
    END_FIELDS.map((_, index) => bytes.readUInt32LE(at + 4 * index));
  return {
    reason,
    count: bytes.readUInt32LE(nameEnd),
    effects: new DataView(bytes.buffer, bytes.byteOffset + effectsAt, size),
    stepped: words(effectsAt + size),
    ran: words(effectsAt + size + endBytes),
  };
}
