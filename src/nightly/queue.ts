import type { Attempt } from '../results/index.ts';
import type { PlannedCase } from './plan.ts';

/** A case that waits or runs, and what became of it so far. */
export interface Job {
  readonly planned: PlannedCase;
  readonly attempts: Attempt[];
}

/** Cases that wait, for several workers; a case that one gives back may be another's. */
export class CaseQueue {
  /** Those given back come first, so that a case's attempts lie close together. */
  #waiting: Job[];
  #running = 0;
  #change = Promise.withResolvers<undefined>();

  constructor(cases: readonly PlannedCase[]) {
    this.#waiting = cases.map((planned) => ({ planned, attempts: [] }));
  }

  /**
   * The next job that a worker can do; waits while another worker may still give one back.
   * @param can whether it can do a job, and whether it would rather do it than others
   * @returns undefined when none is left and none can come
   */
  async take(
    can: (job: Job) => 'no' | 'yes' | 'rather',
    signal: AbortSignal,
  ): Promise<Job | undefined> {
    for (;;) {
      signal.throwIfAborted();
      const job =
        this.#waiting.find((one) => can(one) === 'rather') ??
        this.#waiting.find((one) => can(one) === 'yes');
      if (job !== undefined) {
        this.#waiting = this.#waiting.filter((one) => one !== job);
        this.#running += 1;
        return job;
      }
      if (this.#running === 0 || this.#waiting.length + this.#running === 0) return undefined;
      await this.#change.promise;
    }
  }

  /** A job taken is over. */
  done(): void {
    this.#running -= 1;
    this.#changed();
  }

  /** A job taken is for another worker. */
  giveBack(job: Job): void {
    this.#waiting.unshift(job);
    this.done();
  }

  /** Wakes those who wait: what they can do has changed, or nothing will come any more. */
  wake(): void {
    this.#changed();
  }

  /** What nobody has taken. */
  get left(): readonly Job[] {
    return this.#waiting;
  }

  #changed(): void {
    const before = this.#change;
    this.#change = Promise.withResolvers();
    before.resolve(undefined);
  }
}
