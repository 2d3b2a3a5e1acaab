import { HilError } from '../errors/index.ts';
import { crc16 } from './crc.ts';

/** Bytes of the longest line, newline included. */
export const LINE_LIMIT = 512;

/** Kinds of frames: request (host to board), reply, refusal and event (board to host). */
export type FrameType = 'Q' | 'R' | 'X' | 'E';

/** One frame of docs/wire.md. */
export interface Frame {
  readonly type: FrameType;
  /** 0..255. */
  readonly seq: number;
  /** Each one or more bytes 0x21..0x7E without `*` and `@`. */
  readonly fields: readonly string[];
}

/** Why a line that begins with `@` is no frame, in the order in which it is judged. */
export type BadReason = 'too-long' | 'no-crc' | 'bad-crc' | 'bad-type' | 'bad-seq' | 'bad-field';

/** What a received line is. */
export type ParsedLine =
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'console'; readonly text: string }
  | { readonly kind: 'bad'; readonly reason: BadReason; readonly line: string };

const FIELD = /^[!-)+-?A-~]+$/;

/**
 * The line of a frame, newline included.
 * @throws HilError (harness) when a field breaks the alphabet or the line would be too long
 */
export function encodeFrame(frame: Frame): string {
  if (!Number.isInteger(frame.seq) || frame.seq < 0 || frame.seq > 255)
    throw new HilError('harness', `frame number ${frame.seq} is not 0..255`);
  for (const field of frame.fields)
    if (!FIELD.test(field))
      throw new HilError('harness', `frame field ${JSON.stringify(field)} has a forbidden byte`);
  const number = frame.seq.toString(16).toUpperCase().padStart(2, '0');
  const body = [`@${frame.type}${number}`, ...frame.fields].join(' ');
  const line = `${body}*${crcText(body)}\n`;
  if (line.length > LINE_LIMIT)
    throw new HilError(
      'harness',
      `frame ${frame.fields[0] ?? ''} of ${line.length} bytes exceeds ${LINE_LIMIT}`,
    );
  return line;
}

/**
 * Sorts a received line into frame, console text, or damaged frame.
 * @param line one byte per character (Latin-1), without its newline; one carriage return at the end is ignored
 */
export function parseLine(line: string): ParsedLine {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (!text.startsWith('@')) return { kind: 'console', text };
  const bad = (reason: BadReason): ParsedLine => ({ kind: 'bad', reason, line: text });

  if (text.length + 1 > LINE_LIMIT) return bad('too-long');
  const star = text.length - 5;
  const crc = text.slice(star + 1);
  if (star < 1 || text[star] !== '*' || !/^[0-9A-F]{4}$/.test(crc)) return bad('no-crc');
  const body = text.slice(0, star);
  if (crcText(body) !== crc) return bad('bad-crc');

  const type = frameType(body[1]);
  if (type === undefined) return bad('bad-type');
  const number = body.slice(2, 4);
  if (!/^[0-9A-F]{2}$/.test(number)) return bad('bad-seq');
  // The rest is empty or begins with the space before the first field.
  const [gap, ...fields] = body.slice(4).split(' ');
  if (gap !== '' || !fields.every((field) => FIELD.test(field))) return bad('bad-field');
  return { kind: 'frame', frame: { type, seq: Number.parseInt(number, 16), fields } };
}

function crcText(body: string): string {
  return crc16(body).toString(16).toUpperCase().padStart(4, '0');
}

function frameType(letter: string | undefined): FrameType | undefined {
  switch (letter) {
    case 'Q':
    case 'R':
    case 'X':
    case 'E':
      return letter;
    default:
      return undefined;
  }
}
