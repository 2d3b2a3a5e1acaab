/** Typed client of the firmware agent. */
export {
  Agent,
  connectAgent,
  DATA_BYTES,
  ECHO_BYTES,
  type LoadProgress,
  type RunSettings,
} from './client.ts';
export type { HelloSettings } from './hello.ts';
export { REGION_BYTES, type Region, type VmState } from './peek.ts';
export { HANG_DETECT_MS, SILENCE_DETECT_MS, type TraceItem } from './trace.ts';
