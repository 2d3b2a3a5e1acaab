/** The comparator: a program on the board and on the reference model, step by step. */
export { type Mismatch, type ReplayedInput, type Step } from './comparator.ts';
export { effectText, portText } from './effect-text.ts';
export type { StateComparison, StateDifference } from './final-state.ts';
export type { Clock } from './inputs.ts';
export { pairIntervals, realChanges, type PinChange, type PinInterval } from './pin-timing.ts';
export {
  runLockstep,
  type EndMismatch,
  type LockstepResult,
  type LockstepSettings,
} from './run.ts';
