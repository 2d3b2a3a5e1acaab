import { HilError } from '../errors/index.ts';
import { minimise, spliced, type FuzzCase } from '../fuzz/index.ts';
import { opcodeByCode, opcodeByName, type Instruction } from '../isa/index.ts';
import { explainStep, ModelReplay, type VmView } from '../lockstep/index.ts';
import type { Bound, RecordedRun } from './native-leg.ts';
import { oneStepPrograms } from './shrink-state.ts';
import { Search, type Diverging, type OnRun } from './shrink-search.ts';
import type { Trial, Wrong } from './shrink-trial.ts';

/** Runs in a row that must diverge for the fault to count as steady. */
const STEADY = 2;
/** Runs given to each smaller program when the fault comes and goes. */
const FICKLE_TRIES = 3;
/** Most time for the model to come to the wrong step: a million steps take about 0.5 s (`docs/divergence.md`). */
const MODEL_MS = 60_000;

/** A recorded finding. */
export interface Diverged {
  readonly run: RecordedRun;
  /** Its first wrong step, or the one that never ended; undefined when only the state left behind is known to differ. */
  readonly step: number | undefined;
  /** Whether the run broke off, in place of a divergence. */
  readonly brokeOff: boolean;
  /** Whether an instruction was executed that the model would not have: the step before decided that. */
  readonly strayed: boolean;
}

/** How often a case diverged. */
export interface Rate {
  readonly diverged: number;
  readonly runs: number;
}

export interface ShrinkSettings extends Bound {
  /** Most runs of the recorded program to see whether it diverges; as many of the result. */
  readonly tries: number;
  readonly onRun?: OnRun | undefined;
  /** Called when the recorded program has diverged again: from here on there is a smallest program so far. */
  readonly onDiverged?: ((original: Rate) => void) | undefined;
}

/** What shrinking came to. */
export type Shrunk = {
  readonly runs: number;
  /** Why it ended early. */
  readonly cut: string | undefined;
  /** The recorded program, run again. */
  readonly original: Rate;
} & (
  | { readonly kind: 'gone' }
  | {
      readonly kind: 'smaller';
      readonly smallest: Diverging;
      /** Instructions of the recorded program. */
      readonly before: number;
      /** What of the state the program that executes one step had to build; undefined: the recorded program was reduced instead. */
      readonly oneStep: string | undefined;
      /** The result, run again. */
      readonly again: Rate;
    }
);

/**
 * Looks for the smallest program that diverges as a recorded run did: one step in the state that the model had before it, or else the
 * recorded program without what it doesn't need.
 */
export async function shrink(
  diverged: Diverged,
  trial: Trial,
  { tries, onRun, onDiverged, ...bound }: ShrinkSettings,
): Promise<Shrunk> {
  const { run } = diverged;
  const search = new Search(ofKind(trial, diverged.brokeOff), bound, onRun);
  const { program, rounds } = run;
  const steps = diverged.step === undefined ? run.steps : diverged.step + 1;
  const whole: FuzzCase = { program: { ...program, debug: undefined }, inputs: 0, steps, rounds };
  const { original, first } = await runAgain(search, whole, tries);
  if (first === undefined) {
    return { kind: 'gone', original, runs: search.runs, cut: search.cut };
  }
  if (original.diverged < original.runs) search.tries = FICKLE_TRIES;
  search.begin({ fuzzCase: whole, wrong: first });
  onDiverged?.(original);
  const oneStep = await tryOneStep(diverged, search, bound);
  if (oneStep === undefined) await dropInputs(diverged, search);
  const start = search.best ?? { fuzzCase: whole, wrong: first };
  await minimise(start.fuzzCase, (it) => search.check(it));
  const smallest = search.best ?? start;
  const again = await rateOf(search, smallest.fuzzCase, tries);
  const before = program.instructions.length;
  const { runs, cut } = search;
  return { kind: 'smaller', smallest, before, oneStep, again, original, runs, cut };
}

/** Cases that go wrong in the way that is looked for: a program that a board dies of is no case of a divergence, nor the reverse. */
function ofKind(trial: Trial, brokeOff: boolean): Trial {
  return async (it) => {
    const wrong = await trial(it);
    return (wrong?.finding.kind === 'break-off') === brokeOff ? wrong : undefined;
  };
}

/** Runs the recorded program until it is clear whether it diverges, and always. */
async function runAgain(
  search: Search,
  it: FuzzCase,
  tries: number,
): Promise<{ original: Rate; first: Wrong | undefined }> {
  let first: Wrong | undefined;
  let [diverged, runs] = [0, 0];
  while (runs < tries && !(diverged === STEADY && runs === STEADY)) {
    const wrong = await search.run(it);
    if (search.cut !== undefined && wrong === undefined) break;
    runs += 1;
    if (wrong !== undefined) diverged += 1;
    first ??= wrong;
  }
  return { original: { diverged, runs }, first };
}

/** Runs a case some times. */
async function rateOf(search: Search, it: FuzzCase, tries: number): Promise<Rate> {
  let [diverged, runs] = [0, 0];
  for (; runs < tries; runs += 1) {
    const wrong = await search.run(it);
    if (wrong === undefined && search.cut !== undefined) break;
    if (wrong !== undefined) diverged += 1;
  }
  return { diverged, runs };
}

/** Tries programs that execute the wrong step alone. @returns what of the state was needed; undefined when none diverges */
async function tryOneStep(
  { run, step, strayed }: Diverged,
  search: Search,
  bound: Bound,
): Promise<string | undefined> {
  if (step === undefined) return undefined;
  const { program } = run;
  for (const at of strayed && step > 0 ? [step - 1, step] : [step]) {
    const before = await stateBefore(run, at, bound);
    if (before === undefined) return undefined;
    for (const one of oneStepPrograms(program, before)) {
      const fuzzCase = { program: one.program, inputs: 0, steps: one.step + 2, rounds: 0 };
      for (let tried = 0; tried < search.tries; tried += 1) {
        const wrong = await search.run(fuzzCase);
        if (wrong === undefined) continue;
        // Wrong while it builds the state: another divergence, or the same one sooner.
        if (wrong.finding.kind === 'step' && wrong.finding.step < one.step) continue;
        search.begin({ fuzzCase, wrong });
        return one.what;
      }
    }
  }
  return undefined;
}

/** The model's state before a step; undefined when it doesn't come there, or nobody waits for it any more. */
async function stateBefore(
  { program, settings, inputs }: RecordedRun,
  step: number,
  { now, signal }: Bound,
): Promise<VmView | undefined> {
  try {
    const request = { program, settings, inputs, step, budgetMs: MODEL_MS, now, signal };
    return (await explainStep(request)).before;
  } catch (error) {
    if (signal.aborted || error instanceof HilError) return undefined;
    throw error;
  }
}

const READS = new Set(['DIGITAL_READ', 'ANALOG_READ', 'BUTTON_PRESSED', 'BUTTON_RELEASED']);
const CLOCKS = new Set(['MILLIS', 'MICROS']);

const made = (name: 'PUSH' | 'POP', immediate = 0, flags = 0): Instruction => ({
  opcode: opcodeByName(name)?.code ?? 0,
  flags,
  immediate,
});

/** What gives a constant in place of what an instruction reads. */
function constantFor(instruction: Instruction, value: number): Instruction[] | undefined {
  const name = opcodeByCode(instruction.opcode)?.name ?? '';
  const constant = [
    made('PUSH', value & 0xffff),
    ...(value >>> 16 === 0 ? [] : [made('PUSH', value >>> 16, 2)]),
  ];
  if (CLOCKS.has(name)) return constant;
  return READS.has(name) ? [made('POP'), ...constant] : undefined;
}

/** Replaces what reads from outside by the value that it last read, wherever it still diverges then. */
async function dropInputs({ run, step }: Diverged, search: Search): Promise<void> {
  const last = lastReads(run, step ?? run.steps);
  // From the end, so that the places of the others stay.
  for (const [pc, value] of [...last].sort(([a], [b]) => b - a)) {
    const { best } = search;
    const instruction = best?.fuzzCase.program.instructions[pc];
    if (best === undefined || instruction === undefined) return;
    const constant = constantFor(instruction, value);
    const program =
      constant === undefined ? undefined : spliced(best.fuzzCase.program, pc, 1, constant);
    if (program === undefined || constant === undefined) continue;
    // Each round takes more steps than before.
    const steps = best.fuzzCase.steps * constant.length;
    await search.check({ ...best.fuzzCase, program, steps });
  }
}

/** What each reading instruction of the program last put on the stack before a step. */
function lastReads(run: RecordedRun, end: number): Map<number, number> {
  const model = new ModelReplay(run.program, run.settings, run.inputs);
  const last = new Map<number, number>();
  while (model.steps < end) {
    const { pc } = model.engine;
    const instruction = run.program.instructions[pc];
    if (model.step() === undefined) break;
    const { stack, sp } = model.engine;
    const reads = instruction !== undefined && constantFor(instruction, 0) !== undefined;
    if (reads && sp > 0) last.set(pc, stack[sp - 1] ?? 0);
  }
  return last;
}
