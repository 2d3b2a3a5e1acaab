import { EFFECT_KINDS } from '../isa/index.ts';
import type { Mismatch, ReplayedInput } from '../lockstep/index.ts';

/**
 * The values to give a replay: those that both sides had, and the one that the model was given at the wrong step: the board's when it can
 * be true, else none.
 */
export function replayedInputs(
  inputs: readonly ReplayedInput[],
  mismatch: Mismatch | undefined,
): readonly ReplayedInput[] {
  if (mismatch === undefined) return inputs;
  const before = inputs.filter(({ step }) => step < mismatch.step);
  const { effect, implausible, step } = mismatch;
  if (effect.kind !== EFFECT_KINDS.INPUT || implausible !== undefined) return before;
  return [...before, { step, port: effect.address, value: effect.value }];
}
