/** Serial lines, and requests with replies over them. */
export { LostReplyError, RefusalError } from './channel-errors.ts';
export { Channel, createChannel } from './channel.ts';
export {
  REQUEST_TIMEOUT_MS,
  REQUEST_TRIES,
  type ChannelCounters,
  type ChannelEvent,
  type Reply,
  type RequestSettings,
} from './channel-types.ts';
export { DamageWatch } from './damage.ts';
export {
  createLine,
  WRITE_TIMEOUT_MS,
  type BytePort,
  type Line,
  type LineSpeed,
  type LineSettings,
  type LineStats,
  type RecordedLine,
} from './line.ts';
export type { Unsubscribe } from './listeners.ts';
export { createLinePair } from './pair.ts';
export { openSerial, type SerialSettings } from './serial.ts';
export { openSocket, type SocketSettings } from './socket.ts';
export { findSerialPort, listPorts, oneOf, portUsers, type PortInfo } from './ports.ts';
