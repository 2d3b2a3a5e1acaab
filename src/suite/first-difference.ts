import type { Effect } from '../isa/index.ts';
import { effectText } from '../lockstep/index.ts';
import type { ProgramResult, RunRecord } from '../results/index.ts';
import { ENTRY_WORDS, FIRST_HASH, runDigest, stepWithEffect, type Engine } from '../vm/index.ts';
import { sameEffect } from './finding.ts';
import type { RecordedRun } from './native-leg.ts';
import { instructionText, sourceOf } from './program-text.ts';
import { createRecordedModel } from './recorded-model.ts';
import { recordedRun } from './replay.ts';

/** Steps looked at before it is given up: some seconds. */
const MOST_STEPS = 50_000_000;
/** Steps that are compared by hash, before those of the first wrong slice are compared one by one. */
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

/** The model of a recorded run, going through it. */
class Walk {
  readonly run: RecordedRun;
  readonly #engine: Engine;
  readonly #entries = new Int32Array(ENTRY_WORDS * SLICE);
  #made = 0;
  #hash = FIRST_HASH;

  constructor(run: RecordedRun) {
    this.run = run;
    this.#engine = createRecordedModel(run).engine;
  }

  /** Makes up to a slice of steps. @returns how many, and the hash of all effects so far */
  slice(): { readonly made: number; readonly hash: number } {
    const count = Math.min(SLICE, this.run.steps - this.#made);
    const made = runDigest(this.#engine, this.#hash, count, this.#entries);
    this.#made += made;
    if (made > 0) this.#hash = this.#entries[ENTRY_WORDS * (made - 1)] ?? 0;
    return { made, hash: this.#hash };
  }

  /** Makes one step. @returns undefined when the run is over */
  step(): Effect | undefined {
    if (this.#made >= this.run.steps) return undefined;
    this.#made += 1;
    return stepWithEffect(this.#engine);
  }
}

/** The number of whole slices that are the same in both runs; undefined when all are. */
async function sameSlices(
  before: Walk,
  after: Walk,
  signal: AbortSignal,
): Promise<number | undefined> {
  for (let slice = 0; slice * SLICE < MOST_STEPS; slice += 1) {
    const [was, is] = [before.slice(), after.slice()];
    if (was.made !== is.made || was.hash !== is.hash) return slice;
    if (was.made < SLICE) return undefined;
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
  return undefined;
}

/**
 * Runs two recorded programs on the model, each with the inputs of its run, to the first step that isn't the same in both.
 * @returns undefined when all steps are the same, or none differs in the first 50,000,000
 * @throws HilError (usage) when one of the programs is refused
 */
export async function firstDifference(
  was: { readonly run: RunRecord; readonly program: ProgramResult },
  is: { readonly run: RunRecord; readonly program: ProgramResult },
  signal: AbortSignal,
): Promise<FirstDifference | undefined> {
  const [old, young] = [runOf(was.run, was.program), runOf(is.run, is.program)];
  const same = await sameSlices(new Walk(old), new Walk(young), signal);
  if (same === undefined) return undefined;
  const [before, after] = [new Walk(old), new Walk(young)];
  for (let slice = 0; slice < same; slice += 1) {
    before.slice();
    after.slice();
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
  for (let step = same * SLICE; step < (same + 1) * SLICE; step += 1) {
    const [one, other] = [before.step(), after.step()];
    if (!sameEffect(one, other)) {
      return { step, before: stepText(old, one), after: stepText(young, other) };
    }
  }
  return undefined;
}
