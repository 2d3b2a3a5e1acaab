import { createHash } from 'node:crypto';
import { errorText, HilError } from '../errors/index.ts';
import type { FuzzCase } from '../fuzz/index.ts';
import { buildImage } from '../image/index.ts';
import type { Bound } from './native-leg.ts';
import { sameCause, type Trial, type Wrong } from './shrink-trial.ts';

/** Most runs of one search: an hour on a board that takes 0.7 s for a short run, when the user allows so much. */
const MAX_RUNS = 5000;

/** A case that diverges. */
export interface Diverging {
  readonly fuzzCase: FuzzCase;
  readonly wrong: Wrong;
}

/** Told after each run. */
export type OnRun = (so: { readonly runs: number; readonly instructions: number }) => void;

/** Runs cases within a bound, and remembers those that were run. */
export class Search {
  readonly #trial: Trial;
  readonly #bound: Bound;
  readonly #end: number;
  readonly #onRun: OnRun | undefined;
  readonly #seen = new Set<string>();
  #runs = 0;
  #best: Diverging | undefined;
  /** Runs given to a case before it counts as one that agrees: more than one for a fault that comes and goes. */
  tries = 1;
  /** Why nothing more is run. */
  cut: string | undefined;

  constructor(trial: Trial, bound: Bound, onRun?: OnRun) {
    this.#trial = trial;
    this.#bound = bound;
    this.#end = bound.now() + bound.budgetMs;
    this.#onRun = onRun;
  }

  get runs(): number {
    return this.#runs;
  }

  /** The smallest so far. */
  get best(): Diverging | undefined {
    return this.#best;
  }

  /** From here on, smaller cases are looked for that diverge as this one does. */
  begin(from: Diverging): void {
    this.#best = from;
    this.#seen.clear();
  }

  /** Runs a case once. @returns undefined also when the search is over or the case can't be run */
  async run(it: FuzzCase): Promise<Wrong | undefined> {
    const { signal, now, budgetMs } = this.#bound;
    if (signal.aborted) this.cut ??= 'it was interrupted';
    else if (now() > this.#end) this.cut ??= `the ${budgetMs / 1000} s were over`;
    else if (this.#runs >= MAX_RUNS) this.cut ??= `${MAX_RUNS} runs were made`;
    if (this.cut !== undefined) return undefined;
    this.#runs += 1;
    try {
      return await this.#trial(it);
    } catch (error) {
      // A program that is refused is no case of this divergence.
      if (signal.aborted) this.cut = 'it was interrupted';
      else if (!isRefusal(error)) this.cut = `the bench failed: ${errorText(error)}`;
      return undefined;
    } finally {
      this.#onRun?.({
        runs: this.#runs,
        instructions: this.#best?.fuzzCase.program.instructions.length ?? 0,
      });
    }
  }

  /** Whether a case diverges for the same reason as the best, which it then is. */
  async check(it: FuzzCase): Promise<boolean> {
    const best = this.#best;
    if (best === undefined || this.cut !== undefined) return false;
    const { steps, rounds, inputs } = it;
    const image = imageOf(it);
    if (image === undefined) return false;
    const key = createHash('sha256')
      .update(image)
      .update(`${steps} ${rounds} ${inputs}`)
      .digest('base64');
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    for (let tried = 0; tried < this.tries; tried += 1) {
      const wrong = await this.run(it);
      if (wrong === undefined || !sameCause(wrong, best.wrong)) continue;
      this.#best = { fuzzCase: it, wrong };
      return true;
    }
    return false;
  }
}

/** Undefined when the case is no program. */
function imageOf({ program }: FuzzCase): Uint8Array | undefined {
  try {
    return buildImage(program);
  } catch {
    return undefined;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof HilError && error.causeClass === 'program';
}
