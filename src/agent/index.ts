/** Typed client of the firmware agent. */
export { Agent, connectAgent, DATA_BYTES, ECHO_BYTES, type LoadProgress } from './client.ts';
export { LINE_PATTERNS } from './patterns.ts';
export type { DigestItem, Epoch } from './digest.ts';
export { HANG_DETECT_MS, SILENCE_DETECT_MS, type RunBounds, type RunSettings } from './follow.ts';
export type { HelloSettings } from './hello.ts';
export { REGION_BYTES, type Region, type VmState } from './peek.ts';
export { RestartError } from './restart-error.ts';
export { ringOver, type Ring } from './ring.ts';
export type { TraceItem } from './trace.ts';
