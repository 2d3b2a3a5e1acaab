/** Runs: programs on a bench, from power-up to the record, and whose fault it is when they fail. */
export { DEFAULT_RERUNS } from './board-leg.ts';
export { firstDifference } from './first-difference.ts';
export { footprintOf } from './footprint.ts';
export type { LoadedProgram } from './compare-programs.ts';
export { OTHER_FIRMWARE } from './firmware-file.ts';
export { readInputScript, scriptOfRecord } from './recorded-script.ts';
export { measureLockstep, type LockstepSpeed } from './lockstep-speed.ts';
export type { RunObserver } from './observer.ts';
export { recordedPrograms, replayOnModel, replayOnNative, type ReplayVerdict } from './replay.ts';
export { flashBoard } from './flash-board.ts';
export {
  connectBench,
  DEFAULT_STEPS,
  openBench,
  runOnBench,
  runPrograms,
  type OpenBench,
} from './run-programs.ts';
export type { RunRequest } from './compose-record.ts';
export { divergedProgram, shrinkRecord, type ShrinkPlace } from './shrink-record.ts';
export { writeShrunk } from './shrink-case.ts';
export type { Shrunk } from './shrink.ts';
export { commandLine, runCommandLine } from './command.ts';
export { NATIVE_REPLAY } from './native-leg.ts';
export { timelineOf } from './timeline.ts';
