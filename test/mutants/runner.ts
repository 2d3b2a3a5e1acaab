import { observe, type Run } from './observe.ts';
import type { Prediction } from './predict.ts';
import type { Station } from './station.ts';
import type { Mode } from './types.ts';
import type { Unit } from './units.ts';

/** Runs that end in silence, or in an error, until it is enough: each takes seconds to find out. */
const MOST_FAILURES = 3;

/** Runs units on stations that are opened when needed, anew after one has died. */
export class Runner implements AsyncDisposable {
  readonly #open: () => Promise<Station>;
  #station: Station | undefined;
  #failures = 0;
  #repeated = 0;

  constructor(open: () => Promise<Station>) {
    this.#open = open;
  }

  get exhausted(): boolean {
    return this.#failures >= MOST_FAILURES;
  }

  /** Runs that were made a second time. */
  get repeated(): number {
    return this.#repeated;
  }

  /**
   * Runs a unit. When that compares nothing, on a machine so busy that the line fails, it is done once more; the campaign's report says
   * how often.
   */
  async run(unit: Unit, mode: Mode, predicted?: Prediction): Promise<Run> {
    const run = await this.#once(unit, mode, predicted);
    if (run.seen.kind !== 'nothing' || this.exhausted) return run;
    this.#repeated += 1;
    return await this.#once(unit, mode, predicted);
  }

  /** The station that the next run is made on. */
  async station(): Promise<Station> {
    this.#station ??= await this.#open();
    return this.#station;
  }

  async #once(unit: Unit, mode: Mode, predicted: Prediction | undefined): Promise<Run> {
    const run = await observe(await this.station(), unit, mode, predicted);
    if (run.seen.kind === 'silent' || run.seen.kind === 'nothing') {
      this.#failures += 1;
      await this[Symbol.asyncDispose]();
    }
    return run;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#station?.[Symbol.asyncDispose]();
    this.#station = undefined;
  }
}
