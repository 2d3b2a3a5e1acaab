import { errorText } from '../errors/index.ts';
import {
  NIGHTLY_RECORD_VERSION,
  type CaseResult,
  type NightlyRecord,
  type RunRecord,
} from '../results/index.ts';
import { nextMove, summaryOf } from './attempts.ts';
import type { NightlyObserver } from './observer.ts';
import type { Plan, PlannedCase } from './plan.ts';
import { healedProblems, quarantineOf, quarantineProblems } from './quarantine.ts';
import { CaseQueue, type Job } from './queue.ts';
import type { Station } from './station.ts';
import type { Quarantine } from './suite-schema.ts';
import { nightlyVerdict } from './verdict.ts';
import { CUT_MS, Worker } from './worker.ts';

/** A nightly that is planned, and everything it takes to run it. */
export interface NightlyRequest {
  readonly plan: Plan;
  /** At least one, each with a name of its own. */
  readonly stations: readonly Station[];
  readonly id: string;
  readonly seed: number;
  readonly startedAt: Date;
  /** The command that makes such a nightly again. */
  readonly command: string;
  readonly environment: RunRecord['environment'];
  readonly observer: NightlyObserver;
  /** Ends the nightly early. Its reason is in the record, beside what ran until then. */
  readonly signal: AbortSignal;
  readonly clock: () => Date;
  /** Milliseconds, for durations. */
  readonly now: () => number;
  /** Milliseconds for an attempt that is cut; {@link CUT_MS} when left out. */
  readonly cutMs?: number;
}

/**
 * Runs all cases over all benches, one worker for each.
 * @returns the record, whatever became of benches and cases, also after an interrupt; all benches are closed by then
 */
export async function runNightly(request: NightlyRequest): Promise<NightlyRecord> {
  const from = request.now();
  const run = new NightlyRun(request);
  await run.work();
  return run.record(request.now() - from);
}

class NightlyRun {
  readonly #request: NightlyRequest;
  readonly #workers: readonly Worker[];
  readonly #queue: CaseQueue;
  readonly #results: CaseResult[] = [];
  readonly #today: string;

  constructor(request: NightlyRequest) {
    this.#request = request;
    this.#workers = request.stations.map(
      (station) => new Worker(station, { cutMs: CUT_MS, ...request }),
    );
    this.#queue = new CaseQueue(request.plan.cases);
    this.#today = request.startedAt.toISOString().slice(0, 10);
  }

  /** Settles when nothing is left that a bench could do. */
  async work(): Promise<void> {
    const { signal } = this.#request;
    const wake = (): void => {
      this.#queue.wake();
    };
    signal.addEventListener('abort', wake);
    try {
      // What benches have must be known before the first case is given to one.
      await this.#each((worker) => worker.start());
      await this.#each((worker) => this.#workOff(worker));
    } finally {
      signal.removeEventListener('abort', wake);
      await Promise.allSettled(this.#workers.map((worker) => worker.close()));
    }
    for (const job of this.#queue.left) this.#decide(job);
  }

  /** Every worker at once. An interrupt ends all of them, and is no error here. */
  async #each(work: (worker: Worker) => Promise<void>): Promise<void> {
    const ends = await Promise.allSettled(this.#workers.map(work));
    if (this.#request.signal.aborted) return;
    for (const end of ends) if (end.status === 'rejected') throw end.reason as Error;
  }

  async #workOff(worker: Worker): Promise<void> {
    const can = (job: Job): 'no' | 'yes' | 'rather' => {
      if (!this.#canTake(worker, job)) return 'no';
      return job.attempts.length > 0 || worker.holds(job.planned) ? 'rather' : 'yes';
    };
    for (;;) {
      const job = await this.#queue.take(can, this.#request.signal);
      if (job === undefined) return;
      await this.#attempts(worker, job);
    }
  }

  #canTake(worker: Worker, { planned, attempts }: Job): boolean {
    const had = attempts.some(({ bench }) => bench === worker.station.name);
    return worker.usable && !had && worker.lacks(planned) === undefined;
  }

  /** Makes attempts of a job on one bench until it is decided, or another bench's turn. */
  async #attempts(worker: Worker, job: Job): Promise<void> {
    const { planned, attempts } = job;
    for (;;) {
      const elsewhere = this.#workers.some(
        (other) => other !== worker && this.#canTake(other, job),
      );
      const bench = worker.usable ? worker.station.name : undefined;
      const move = nextMove(attempts, planned.retries, { bench, elsewhere });
      if (move === 'elsewhere') {
        this.#queue.giveBack(job);
        return;
      }
      if (move === 'done') {
        this.#decide(job);
        this.#queue.done();
        return;
      }
      try {
        attempts.push(await worker.attempt(planned, attempts.length + 1));
      } catch (error) {
        this.#queue.giveBack(job);
        throw error;
      }
    }
  }

  #decide({ planned, attempts }: Job): void {
    const { plan, observer } = this.#request;
    const { id, tags, files, mode, clock, inputs } = planned;
    const found = this.#found(planned, attempts);
    const entry = quarantineOf(id, plan.suite.quarantine, this.#today);
    // A quarantine excuses neither what didn't run nor a planted fault that never fired.
    const unfired = planned.expect.fails !== undefined && found.outcome === 'errored';
    const excusable = attempts.length > 0 && found.outcome !== 'passed' && !unfired;
    const held = entry !== undefined && excusable;
    const result: CaseResult = {
      id,
      tags: [...tags],
      files: files.map(({ file }) => file),
      mode,
      clock,
      ...(inputs === undefined ? {} : { inputs }),
      ...found,
      ...(held ? { outcome: 'quarantined' } : {}),
      ...(entry === undefined ? {} : { quarantine: entryOf(entry) }),
      attempts: [...attempts],
      ms: attempts.reduce((sum, { ms }) => sum + ms, 0),
    };
    this.#results.push(result);
    // After an interrupt many cases are decided at once, and each says the same.
    if (attempts.length === 0 && this.#request.signal.aborted) return;
    observer.decided(result, this.#results.length, plan.cases.length);
  }

  /** What is to be said of a case now that nothing more will be tried. */
  #found(planned: PlannedCase, attempts: Job['attempts']): ReturnType<typeof summaryOf> {
    if (attempts.length > 0) return summaryOf(attempts);
    if (this.#request.signal.aborted) {
      const summary = 'not run: the nightly was interrupted';
      return { outcome: 'errored', causeClass: 'harness', summary };
    }
    const lacks = this.#workers.map((worker) => worker.lacks(planned));
    if (lacks.every((lack) => lack !== undefined)) {
      return { outcome: 'skipped', summary: lacks.join('; ') };
    }
    return {
      outcome: 'errored',
      causeClass: 'rig',
      summary: 'no bench is left that could run it',
    };
  }

  record(wallMs: number): NightlyRecord {
    const { plan, id, seed, startedAt, command, environment, signal } = this.#request;
    const { suite, ids, selection, shard } = plan;
    const cases = this.#results.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const benches = this.#workers.map(({ result }) => result);
    const problems = [
      ...quarantineProblems(suite.quarantine, ids, this.#today),
      ...healedProblems(cases),
    ];
    const interrupted = signal.aborted ? errorText(signal.reason) : undefined;
    return {
      schema: 'cockpit-hil/nightly',
      version: NIGHTLY_RECORD_VERSION,
      id,
      startedAt: startedAt.toISOString(),
      wallMs,
      suite: { name: suite.name, file: suite.file, sha256: suite.sha256 },
      seed,
      ...(selection === undefined
        ? {}
        : { selection: { only: [...selection.only], tags: [...selection.tags] } }),
      ...(shard === undefined ? {} : { shard }),
      command,
      environment,
      verdict: nightlyVerdict({ cases, benches, problems, interrupted }),
      benches,
      cases,
      recoveries: this.#workers
        .flatMap(({ recoveries }) => recoveries)
        .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1)),
      problems,
    };
  }
}

function entryOf({ issue, owner, expires, reason }: Quarantine): CaseResult['quarantine'] {
  return { issue, owner, expires, ...(reason === undefined ? {} : { reason }) };
}
