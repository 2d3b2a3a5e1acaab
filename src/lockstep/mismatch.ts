import type { Effect } from '../isa/index.ts';

/** Steps kept to show what led to a divergence. */
const HISTORY = 16;

/** A numbered effect. */
export interface Step {
  /** Since load or reset, from 0. */
  readonly step: number;
  readonly effect: Effect;
}

/** Board and model part at this step. */
export interface Mismatch extends Step {
  readonly expected: Effect;
  readonly fields: readonly string[];
  /** Why an input cannot be true, when that is what is wrong. */
  readonly implausible: string | undefined;
  /** The steps that led here, this one last. */
  readonly history: readonly Step[];
  /** The epoch it is in; undefined in a traced run. */
  readonly epoch: number | undefined;
  /** What of `effect` isn't known, in words, when a digest doesn't tell all of it: the rest of it is then the model's. */
  readonly unknown: string | undefined;
}

/** A value that the board read and the model replayed. */
export interface ReplayedInput {
  readonly step: number;
  readonly port: number;
  readonly value: number;
}

/** The last steps, oldest first. */
export class History {
  readonly #steps: Step[] = [];

  add(step: Step): void {
    this.#steps.push(step);
    if (this.#steps.length > HISTORY) this.#steps.shift();
  }

  get steps(): readonly Step[] {
    return [...this.#steps];
  }
}
