/** The debug probe: OpenOCD and GDB as child processes, to flash, reset, halt and look into the board. */
export { ProbeError } from './probe-error.ts';
export { OPENOCD_FAILURES, type OpenOcdFailure } from './openocd-failures.ts';
export { startOpenOcd, type OpenOcdSettings } from './start-openocd.ts';
export type { McuId, OpenOcd, ProbeInfo, TargetState } from './openocd.ts';
export {
  flashIfDifferent,
  heldFirmware,
  type FlashDurations,
  type FlashIfDifferentResult,
  type FlashOptions,
  type FlashPhase,
  type FlashTarget,
  type HeldFirmware,
} from './flash.ts';
export { FAULT_STATUS, faultLines, parseFaultStatus, type FaultStatus } from './fault-status.ts';
export { listStLinks, type StLink } from './st-links.ts';
export { startGdb, type Gdb, type GdbSettings } from './gdb.ts';
export type { Breakpoint, Frame, Stop, Value } from './gdb-values.ts';
