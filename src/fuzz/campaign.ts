import fc from 'fast-check';
import { buildImage } from '../image/index.ts';
import { compareWithModel, type Comparison, type Divergence } from './compare.ts';
import type { FuzzCase } from './case.ts';
import { Coverage } from './coverage.ts';
import { fuzzCase } from './generate/index.ts';
import { minimise } from './minimise.ts';
import type { NativeExecutor } from './native.ts';
import { NativeFailure } from './native-process.ts';

/** Programs of one fast-check run; the next one has the next seed. */
const PROGRAMS_PER_RUN = 100;
/**
 * Longest time for shrinking, when each try takes the 5 s after which a hanging executor is given up: what was reached by then is
 * the result. Without a hang a run of 100 programs takes 50 ms and shrinking about 1 s.
 */
const SHRINK_MS = 60_000;

/** When to stop, whichever comes first. */
export interface CampaignBudget {
  readonly steps: number;
  readonly ms: number;
}

export interface CampaignSettings {
  readonly executor: NativeExecutor;
  /** Programs follow from it alone. */
  readonly seed: number;
  readonly budget: CampaignBudget;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly programs: number; readonly steps: number }) => void;
}

/** A program on which the engines part. */
export interface Finding {
  /** As small as it got. */
  readonly fuzzCase: FuzzCase;
  readonly divergence: Divergence;
  /** For fast-check, to make the program it began with again. */
  readonly seed: number;
  readonly path: string;
  /** Instructions of the program it began with. */
  readonly foundWith: number;
}

export interface CampaignResult {
  readonly programs: number;
  /** Steps on which the engines agreed. */
  readonly steps: number;
  readonly coverage: Coverage;
  readonly finding: Finding | undefined;
}

/** Runs one case on both engines. A native engine that dies is a divergence too. */
export async function compareCase(
  executor: NativeExecutor,
  it: FuzzCase,
  coverage?: Coverage,
): Promise<Comparison> {
  const { inputs, steps, rounds } = it;
  try {
    const answer = await executor.ask({ image: buildImage(it.program), inputs, steps, rounds });
    return compareWithModel(it, answer, coverage);
  } catch (error) {
    if (!(error instanceof NativeFailure)) throw error;
    const { message, report } = error;
    return { compared: 0, divergence: { kind: 'crash', message, report } };
  }
}

/** Carries a divergence through fast-check. */
class Diverged extends Error {
  readonly divergence: Divergence;

  constructor(divergence: Divergence) {
    super('the engines part');
    this.divergence = divergence;
  }
}

/** Generates programs and compares the engines until the budget is used up or they part. */
export async function runCampaign(settings: CampaignSettings): Promise<CampaignResult> {
  const { executor, seed, budget, now, signal, onProgress } = settings;
  const coverage = new Coverage();
  const end = now() + budget.ms;
  let programs = 0;
  let steps = 0;
  const over = (): boolean => steps >= budget.steps || now() >= end || signal?.aborted === true;
  let found = false;
  const property = fc.asyncProperty(fuzzCase, async (it) => {
    // What shrinking tries counts for nothing.
    if (!found && over()) return;
    const { compared, divergence } = await compareCase(executor, it, found ? undefined : coverage);
    if (!found) {
      programs += 1;
      steps += compared;
    }
    found ||= divergence !== undefined;
    if (divergence !== undefined) throw new Diverged(divergence);
  });
  for (let run = 0; !over(); run += 1) {
    const runSeed = (seed + run) | 0;
    const details = await fc.check(property, {
      seed: runSeed,
      numRuns: PROGRAMS_PER_RUN,
      interruptAfterTimeLimit: SHRINK_MS,
    });
    onProgress?.({ programs, steps });
    if (!details.failed) continue;
    const { errorInstance: error, counterexample, counterexamplePath } = details;
    if (!(error instanceof Diverged) || counterexample === null) throw error;
    const [shrunk] = counterexample;
    const finding = await finish(executor, shrunk, error.divergence);
    const foundWith = shrunk.program.instructions.length;
    return {
      programs,
      steps,
      coverage,
      finding: { ...finding, seed: runSeed, path: counterexamplePath, foundWith },
    };
  }
  return { programs, steps, coverage, finding: undefined };
}

/** Makes the case minimal and says what it shows then. */
async function finish(
  executor: NativeExecutor,
  shrunk: FuzzCase,
  divergence: Divergence,
): Promise<{ fuzzCase: FuzzCase; divergence: Divergence }> {
  // Each try at a hanging program takes seconds.
  if (divergence.kind === 'crash' && divergence.message.includes('hangs')) {
    return { fuzzCase: shrunk, divergence };
  }
  let last = divergence;
  const minimal = await minimise(shrunk, async (smaller) => {
    const found = (await compareCase(executor, smaller)).divergence;
    if (found === undefined) return false;
    last = found;
    return true;
  });
  return { fuzzCase: minimal, divergence: last };
}
