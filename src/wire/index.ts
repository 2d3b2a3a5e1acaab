/** Frames, messages and effect records of docs/wire.md. */
export { decodeBytes, encodeBytes } from './base64.ts';
export { crc16 } from './crc.ts';
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
  decodeBytesReply,
  decodeEvent,
  decodeRefusal,
  decodeValues,
  expectOk,
  helloSchema,
  PROTOCOL_VERSION,
  statusSchema,
  type Commit,
  type Hello,
  type RefusalCode,
  type Status,
  type StopReason,
  type WireEvent,
} from './messages.ts';
export { putVarint, unzigzag, zigzag } from './varint.ts';
