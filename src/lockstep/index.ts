/** The comparator: a program on the board and on the reference model, step by step. */
export type { Mismatch, ReplayedInput, Step } from './mismatch.ts';
export { differingFields, effectText, portText, storeText } from './effect-text.ts';
export { explainStep, type Explanation } from './explain.ts';
export type { LocalCell } from './locals.ts';
export { ModelReplay, type ReplaySettings, type VmView } from './model-replay.ts';
export { compareState, type StateComparison, type StateDifference } from './final-state.ts';
export type { Clock } from './inputs.ts';
export { pairIntervals, realChanges, type PinChange, type PinInterval } from './pin-timing.ts';
export { readState, type EndMismatch } from './end.ts';
export type { LastSteps, Reached } from './last-steps.ts';
export { runLockstep, type LockstepResult } from './run.ts';
export type { StateChange } from './run-digest.ts';
export type { LockstepSettings, Mode, RingExaminer } from './settings.ts';
export type { Operand, OperandCell, Writer } from './writers.ts';
