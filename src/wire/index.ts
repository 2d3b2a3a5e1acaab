/** Frames, messages and effect records of docs/wire.md. */
export { decodeBytes, encodeBytes } from './base64.ts';
export { boardSchema, type BoardCrash, type BoardHealth } from './board.ts';
export { crc16 } from './crc.ts';
export {
  acknowledgement,
  decodeInputs,
  encodeCheckpoint,
  encodeFullCheckpoint,
  encodeInputs,
  type Checkpoint,
  type InputRecord,
} from './digest.ts';
export { decodeEffects, encodeEffects } from './effects.ts';
export {
  encodeFrame,
  LINE_LIMIT,
  parseLine,
  type BadReason,
  type Frame,
  type FrameType,
  type ParsedLine,
} from './frame.ts';
export {
  commitSchema,
  dataSchema,
  rateSchema,
  decodeBytesReply,
  decodeEvent,
  decodeRefusal,
  decodeValues,
  expectOk,
  helloSchema,
  PROTOCOL_VERSION,
  statusSchema,
  versionSchema,
  type Commit,
  type Rate,
  type Hello,
  type RefusalCode,
  type Status,
  type StopReason,
  type WireEvent,
} from './messages.ts';
export { decodeRingHeader, encodeRingHeader, RING_HEADER_BYTES, type RingHeader } from './ring.ts';
export { putVarint, unzigzag, zigzag } from './varint.ts';
