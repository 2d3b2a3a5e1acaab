import { ByteReader, putVarint, RecordError, unzigzag, zigzag } from './varint.ts';

/** Bytes of a checkpoint: four u32 and a u16. */
const CHECKPOINT_BYTES = 18;
/** Bytes of one of a full epoch: a u8 and two u32. */
const FULL_BYTES = 9;

/** What a board says at the end of an epoch. Numbers and hashes are u32. */
export interface Checkpoint {
  readonly epoch: number;
  /** Number of the step after its last one, modulo 2^32. */
  readonly endStep: number;
  /** Stream hash after its last step. */
  readonly stream: number;
  /** State hash there. */
  readonly state: number;
  /** Inputs that the board logged in it. */
  readonly inputs: number;
}

/** What a board says at the end of an epoch of as many steps as any, in which it logged nothing. */
export interface FullCheckpoint extends Pick<Checkpoint, 'stream' | 'state'> {
  /** Modulo 256. */
  readonly epoch: number;
}

/** One value that a board read in a digest run. */
export interface InputRecord {
  /** Number of the step in its epoch, from 0. */
  readonly offset: number;
  /** One of PORTS plus the pin or button id. */
  readonly port: number;
  /** int32; of MILLIS and MICROS the u32 seen as int32. */
  readonly value: number;
}

/** The bytes of a checkpoint. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const bytes = new Uint8Array(CHECKPOINT_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, checkpoint.epoch, true);
  view.setUint32(4, checkpoint.endStep, true);
  view.setUint32(8, checkpoint.stream, true);
  view.setUint32(12, checkpoint.state, true);
  view.setUint16(16, checkpoint.inputs, true);
  return bytes;
}

/** A checkpoint, or undefined when the bytes are not as many as it has. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint | undefined {
  if (bytes.length !== CHECKPOINT_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    epoch: view.getUint32(0, true),
    endStep: view.getUint32(4, true),
    stream: view.getUint32(8, true),
    state: view.getUint32(12, true),
    inputs: view.getUint16(16, true),
  };
}

/** The bytes of the checkpoint of a full epoch. */
export function encodeFullCheckpoint({ epoch, stream, state }: FullCheckpoint): Uint8Array {
  const bytes = new Uint8Array(FULL_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, epoch);
  view.setUint32(1, stream, true);
  view.setUint32(5, state, true);
  return bytes;
}

/** The checkpoint of a full epoch, or undefined when the bytes are not as many as it has. */
export function decodeFullCheckpoint(bytes: Uint8Array): FullCheckpoint | undefined {
  if (bytes.length !== FULL_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [stream, state] = [view.getUint32(1, true), view.getUint32(5, true)];
  return { epoch: view.getUint8(0), stream, state };
}

/** The records of one INPUTS event. That they fit into one is the caller's concern. */
export function encodeInputs(records: readonly InputRecord[]): Uint8Array {
  const out: number[] = [];
  let before = 0;
  for (const { offset, port, value } of records) {
    putVarint(out, offset - before);
    putVarint(out, port);
    putVarint(out, zigzag(value));
    before = offset;
  }
  return Uint8Array.from(out);
}

/**
 * The records of one INPUTS event, in order.
 * @throws RecordError when the bytes are no sequence of whole records
 */
export function decodeInputs(bytes: Uint8Array): InputRecord[] {
  const reader = new ByteReader(bytes);
  const records: InputRecord[] = [];
  if (reader.atEnd()) throw new RecordError('no records', 0);
  let offset = 0;
  while (!reader.atEnd()) {
    offset += reader.varint();
    records.push({ offset, port: reader.varint(), value: unzigzag(reader.varint()) });
  }
  return records;
}

/** No byte of a frame is as high. */
const ACKNOWLEDGE_BASE = 0x80;

/**
 * The acknowledgement outside of frames, a byte as text of one character: "I hold and agree with every epoch of this VM below
 * `next`".
 */
export function acknowledgement(vm: number, next: number): string {
  return String.fromCharCode(ACKNOWLEDGE_BASE + vm * 32 + (next & 0x1f));
}
