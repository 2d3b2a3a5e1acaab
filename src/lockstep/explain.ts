import { HilError } from '../errors/index.ts';
import type { Program } from '../image/index.ts';
import type { Effect } from '../isa/index.ts';
import type { ReplayedInput, Step } from './mismatch.ts';
import { localsInScope, type LocalCell } from './locals.ts';
import { ModelReplay, type ReplaySettings, type VmView } from './model-replay.ts';
import { LastWriters, type Operand } from './writers.ts';

/** Steps shown that led to the one explained, itself included. */
const HISTORY = 16;
/** Steps between two looks at the clock and at the signal: about 20 ms. */
const SLICE = 65_536;

/** Which step of which run to explain. */
export interface ExplainRequest {
  readonly program: Program;
  readonly settings: ReplaySettings;
  /** What the run read, in the order of the steps; the value read at the step itself, if it reads one, included. */
  readonly inputs: readonly ReplayedInput[];
  /** Number of the step since load. */
  readonly step: number;
  /** Most time it may take, and the clock that says so: milliseconds. */
  readonly budgetMs: number;
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
}

/** What the reference model did at a step, and how it came there. */
export interface Explanation {
  readonly step: number;
  /** Undefined when the program had ended before that step. */
  readonly effect: Effect | undefined;
  /** Up to 16 steps, this one last. */
  readonly history: readonly Step[];
  readonly before: VmView;
  readonly after: VmView;
  /** In scope at the step, with room on the stack after it; innermost function first. */
  readonly locals: readonly LocalCell[];
  /** What the step worked on. */
  readonly operands: readonly Operand[];
  /** What the step before it worked on: that one decided which instruction comes next. Empty for the first. */
  readonly operandsBefore: readonly Operand[];
}

/**
 * Runs the reference model again from load to a step. Works for every mode of a run: it needs the inputs alone.
 * @throws HilError (harness) when the model didn't come to the step within the budget
 */
export async function explainStep(request: ExplainRequest): Promise<Explanation> {
  const { program, settings, inputs, step } = request;
  const model = new ModelReplay(program, settings, inputs);
  const writers = new LastWriters();
  const history: Step[] = [];
  const { engine } = model;
  const advance = (): Effect | undefined => {
    const [before, number] = [writers.before(engine), model.steps];
    const effect = model.step();
    if (effect === undefined) return undefined;
    writers.note(before, number, effect, engine);
    history.push({ step: number, effect });
    if (history.length > HISTORY) history.shift();
    return effect;
  };

  const end = request.now() + request.budgetMs;
  let operandsBefore: readonly Operand[] = [];
  while (model.steps < step) {
    if (model.steps % SLICE === 0) await pause(request, model.steps, end);
    if (model.steps === step - 1) operandsBefore = writers.operands(engine);
    if (advance() === undefined) break;
  }
  const before = model.view();
  const ready = writers.operands(engine);
  const effect = model.steps === step ? advance() : undefined;
  const operands = effect === undefined ? [] : ready;
  const after = model.view();
  const stayed = after.depth === before.depth && after.frameBase === before.frameBase;
  // What the step itself declares has its name only after it; what ends with it had one only before.
  const locals = localsInScope(program, after, stayed ? [after.pc, before.pc] : [after.pc]);
  return { step, effect, history, before, after, locals, operands, operandsBefore };
}

/** Lets signals and timers have their turn. */
async function pause({ signal, now, step, budgetMs }: ExplainRequest, at: number, end: number) {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
  if (now() < end) return;
  throw new HilError('harness', `the model came to step ${at} of ${step} within ${budgetMs} ms`);
}
