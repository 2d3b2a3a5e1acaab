import { isDeepStrictEqual } from 'node:util';
import type { Effect } from '../isa/index.ts';
import { effectText } from '../lockstep/index.ts';
import type { ProgramResult, RunRecord } from '../results/index.ts';
import { stepWithEffect } from '../vm/index.ts';
import type { RecordedRun } from './native-leg.ts';
import { instructionText, sourceOf } from './program-text.ts';
import { createRecordedModel } from './recorded-model.ts';
import { recordedRun } from './replay.ts';

/** Steps made side by side before it is given up: some seconds. */
const MOST_STEPS = 20_000_000;
/** Steps between two turns of the event loop. */
const SLICE = 65_536;

/** A step that two runs don't have in common. */
export interface FirstDifference {
  readonly step: number;
  readonly before: string;
  readonly after: string;
}

/** What a step was and did, in words. */
function stepText({ program }: RecordedRun, effect: Effect | undefined): string {
  if (effect === undefined) return 'no further step';
  const { source } = sourceOf(program, effect.pc);
  const where = source === undefined ? `pc ${effect.pc}` : `${source.file}:${source.line}`;
  return `${where}  ${instructionText(program, effect.pc)}: ${effectText(effect, program.debug)}`;
}

/** A recorded run with as many steps as its model made. */
function runOf(record: RunRecord, result: ProgramResult): RecordedRun {
  return { ...recordedRun(record, result), steps: result.model?.steps ?? result.stepsCompared };
}

/**
 * Runs two recorded programs on the model, each with the inputs of its run, to the first step that isn't the same in both.
 * @returns undefined when all steps are the same, or none differs in the first 20,000,000
 * @throws HilError (usage) when one of the programs is refused
 */
export async function firstDifference(
  was: { readonly run: RunRecord; readonly program: ProgramResult },
  is: { readonly run: RunRecord; readonly program: ProgramResult },
  signal: AbortSignal,
): Promise<FirstDifference | undefined> {
  const [old, young] = [runOf(was.run, was.program), runOf(is.run, is.program)];
  const [before, after] = [createRecordedModel(old).engine, createRecordedModel(young).engine];
  const most = Math.min(Math.max(old.steps, young.steps), MOST_STEPS);
  for (let step = 0; step < most; step += 1) {
    const [one, other] = [
      step < old.steps ? stepWithEffect(before) : undefined,
      step < young.steps ? stepWithEffect(after) : undefined,
    ];
    if (!isSame(one, other)) {
      return { step, before: stepText(old, one), after: stepText(young, other) };
    }
    if (one === undefined) return undefined;
    if (step % SLICE === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    }
  }
  return undefined;
}

/** Whether two steps had the same effect. */
function isSame(one: Effect | undefined, other: Effect | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    one.pc === other.pc &&
    one.opcode === other.opcode &&
    one.sp === other.sp &&
    one.kind === other.kind &&
    one.address === other.address &&
    one.value === other.value &&
    isDeepStrictEqual(one.text, other.text)
  );
}
