import type { Effect } from '../isa/index.ts';
import { differingFields, type LockstepResult, type StateComparison } from '../lockstep/index.ts';

/** What a comparison found wrong. */
export type Finding =
  | {
      readonly kind: 'step';
      readonly step: number;
      /** What was done there instead of what the model did; undefined: nothing more. */
      readonly effect: Effect | undefined;
      readonly fields: readonly string[];
    }
  /** All steps agree, but it ended otherwise. */
  | { readonly kind: 'end'; readonly expected: string; readonly actual: string }
  /** All effects agree, but the state differs: in cells that are known when both sides stood at the same step. */
  | {
      readonly kind: 'state';
      readonly differences: StateComparison['differences'] | undefined;
      /** In these steps it came to differ. */
      readonly firstStep: number;
      readonly lastStep: number;
    };

/** The finding of a finished comparison, or undefined when all agreed. */
export function findingOf(result: LockstepResult): Finding | undefined {
  const { mismatch, endMismatch, state, stateChange, steps } = result;
  if (mismatch !== undefined) {
    const { step, effect, fields } = mismatch;
    return { kind: 'step', step, effect, fields };
  }
  if (stateChange !== undefined) {
    const { firstStep, lastStep } = stateChange;
    return { kind: 'state', differences: undefined, firstStep, lastStep };
  }
  if (endMismatch !== undefined) return { kind: 'end', ...endMismatch };
  if (state === undefined || state.differences.length === 0) return undefined;
  const lastStep = steps - 1;
  return { kind: 'state', differences: state.differences, firstStep: 0, lastStep };
}

const sameList = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Whether two steps had the same effect, or both had none. */
export function sameEffect(a: Effect | undefined, b: Effect | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return differingFields(a, b).length === 0;
}

/**
 * Whether two runs went wrong in the same way.
 * @param live they read from outside, so that values and step numbers may differ for a good reason: then the same instruction
 * wrong in the same fields will do
 */
export function alike(a: Finding, b: Finding, live: boolean): boolean {
  if (a.kind === 'step' && b.kind === 'step') {
    if (!live) return a.step === b.step && sameEffect(a.effect, b.effect);
    const sameInstruction = a.effect?.pc === b.effect?.pc && a.effect?.opcode === b.effect?.opcode;
    return sameInstruction && sameList(a.fields, b.fields);
  }
  if (a.kind === 'end' && b.kind === 'end') {
    return a.expected === b.expected && a.actual === b.actual;
  }
  if (a.kind !== 'state' || b.kind !== 'state') return false;
  if (a.firstStep > b.lastStep || b.firstStep > a.lastStep) return false;
  if (a.differences === undefined || b.differences === undefined) return true;
  const cells = (differences: StateComparison['differences']): unknown[] =>
    differences.map(({ region, index, actual }) =>
      live ? [region, index] : [region, index, actual],
    );
  return sameList(cells(a.differences), cells(b.differences));
}

/** The place of a finding, to be continued by what was found there. */
export function placeOf(finding: Finding): string {
  switch (finding.kind) {
    case 'step':
      return `step ${finding.step}`;
    case 'end':
      return 'the end of the run';
    case 'state':
      return finding.differences === undefined
        ? `the state after steps ${finding.firstStep} to ${finding.lastStep}`
        : 'the state left behind';
  }
}
