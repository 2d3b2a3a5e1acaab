import { errorText, HilError } from '../errors/index.ts';
import { untilAborted, withDeadline } from '../process/index.ts';
import type { Attempt, BenchResult, Recovery } from '../results/index.ts';
import { judgeRun } from './expectations.ts';
import { missingNeeds } from './needs.ts';
import type { NightlyObserver } from './observer.ts';
import type { PlannedCase } from './plan.ts';
import { CUT, failed, withFix, type Tried } from './tried.ts';
import { firmwareFor, type AttemptProgress, type Station, type StationFacts } from './station.ts';

/** What a bench gets to come up: an emulated one takes 3 s, flashing the longest image over USB and verifying it 70 s. */
const OPEN_MS = 120_000;
/** An attempt that is cut has its line closed under it; then it ends within the time limit of a request (2 s), or is left behind. */
export const CUT_MS = 5000;
/** Closing ends OpenOCD, GDB and QEMU, each within 4.5 s (OwnedChild). */
const CLOSE_MS = 15_000;

/** What a worker works with. */
export interface WorkerSettings {
  readonly signal: AbortSignal;
  readonly observer: NightlyObserver;
  readonly clock: () => Date;
  /** Milliseconds. */
  readonly now: () => number;
  /** What an attempt that is cut gets to end, milliseconds. */
  readonly cutMs: number;
}

/** One bench over a whole nightly: its state, its attempts and its recoveries. */
export class Worker {
  readonly station: Station;
  readonly recoveries: Recovery[] = [];
  readonly #settings: WorkerSettings;
  #state: BenchResult['state'] = 'ready';
  #why: string | undefined;
  /** As the bench's own firmware told it. */
  #own: StationFacts | undefined;
  #facts: StationFacts | undefined;
  #firmware: string | undefined;
  #attempts = 0;
  /** As the station last told it. */
  #reopened = 0;

  constructor(station: Station, settings: WorkerSettings) {
    this.station = station;
    this.#settings = settings;
  }

  /** Opens the bench with its own firmware and asks who it is, before the first case. */
  async start(): Promise<void> {
    try {
      await this.#open(undefined);
      this.#own = this.#facts;
    } catch (error) {
      this.#settings.signal.throwIfAborted();
      this.#fail('unusable', withFix(error));
      await this.#close();
    }
    this.#settings.observer.bench(this.result);
  }

  get usable(): boolean {
    return this.#state === 'ready';
  }

  get result(): BenchResult {
    const { name, kind, file } = this.station;
    const { ranOn, identity, footprint } = this.#own ?? {};
    return {
      name,
      kind,
      file,
      ...(ranOn === undefined ? {} : { ranOn }),
      ...(identity === undefined ? {} : { identity }),
      ...(footprint === undefined ? {} : { footprint }),
      state: this.#state,
      ...(this.#why === undefined ? {} : { why: this.#why }),
      attempts: this.#attempts,
    };
  }

  /** Why the bench can't run a case, even if it is well; undefined when it can. */
  lacks({ needs, firmware }: Pick<PlannedCase, 'needs' | 'firmware'>): string | undefined {
    const { name, kind } = this.station;
    if (firmwareFor(firmware, kind) === 'none') {
      return `the case has no firmware for ${name}, a bench of kind ${kind}`;
    }
    // What a bench has that never came up isn't known.
    const missing = this.#own === undefined ? [] : missingNeeds(needs, this.#own.has);
    return missing.length === 0 ? undefined : `${name} lacks ${missing.join(', ')}`;
  }

  /** Whether the board holds what the case runs with. */
  holds({ firmware }: Pick<PlannedCase, 'firmware'>): boolean {
    const wanted = firmwareFor(firmware, this.station.kind);
    return wanted !== 'none' && wanted.path === this.#firmware && this.#facts !== undefined;
  }

  /**
   * Runs a case once, and brings the board back if that has cost it. Afterwards the bench is ready for another, or not {@link usable}.
   * @throws the signal's reason, when the whole nightly is interrupted
   */
  async attempt(planned: PlannedCase, number: number): Promise<Attempt> {
    const { observer, clock, now, signal } = this.#settings;
    observer.began(this.station.name, planned.id, number);
    this.#attempts += 1;
    const startedAt = clock().toISOString();
    const from = now();
    const done = await this.#try(planned);
    signal.throwIfAborted();
    const reopened = this.station.reopened > this.#reopened;
    this.#reopened = this.station.reopened;
    const attempt: Attempt = {
      number,
      bench: this.station.name,
      startedAt,
      ms: now() - from,
      verdict: done.verdict,
      expectations: done.expectations,
      ...(done.run === undefined ? {} : { run: done.run }),
    };
    observer.attempted(planned.id, attempt);
    if (this.usable) await this.#care(planned.id, { ...done, reopened }, attempt);
    return attempt;
  }

  async close(): Promise<void> {
    await this.#close();
  }

  async #try(planned: PlannedCase): Promise<Tried> {
    const wanted = firmwareFor(planned.firmware, this.station.kind);
    if (wanted === 'none') return failed(new HilError('harness', 'a case for another bench'));
    if (!this.holds(planned)) {
      try {
        await this.#open(wanted.path);
      } catch (error) {
        this.#settings.signal.throwIfAborted();
        return { ...failed(error), opened: false };
      }
    }
    const facts = this.#facts;
    if (facts === undefined) return failed(new HilError('harness', 'the bench is not open'));
    const progress: AttemptProgress = { steps: 0, phase: '' };
    try {
      const run = await this.#runBounded(planned, progress);
      return { ...judgeRun(planned, run, facts), run, ran: run.verdict };
    } catch (error) {
      this.#settings.signal.throwIfAborted();
      if (error !== CUT) return failed(error);
      const seconds = planned.limitMs / 1000;
      const { phase, steps } = progress;
      const at = phase === '' ? '' : `, at: ${phase}`;
      const summary = `cut at its time limit of ${seconds} s${at}, ${steps} steps compared`;
      const fix = 'give it a longer limit, or fewer steps, if it is well';
      return { ...failed(new HilError('harness', summary, fix)), cut: true };
    }
  }

  /** @throws CUT when its time was over; it has then ended, or is left behind with the bench closed under it */
  async #runBounded(planned: PlannedCase, progress: AttemptProgress): ReturnType<Station['run']> {
    const { name } = this.station;
    const { signal, observer } = this.#settings;
    const over = AbortSignal.timeout(planned.limitMs);
    const both = AbortSignal.any([signal, over]);
    const running = this.station.run(planned, progress, both, (steps) => {
      observer.progress(name, steps);
    });
    try {
      return await untilAborted(running, both);
    } catch (error) {
      if (!both.aborted) throw error;
      try {
        await withDeadline(
          running.then(
            () => undefined,
            () => undefined,
          ),
          this.#settings.cutMs,
          'the attempt to end',
        );
      } catch {
        // It hangs inside the harness. It may do what it likes, but no longer with this bench.
        await this.#close();
      }
      throw CUT;
    }
  }

  /** After an attempt: is the board there? If not, the ladder. */
  async #care(
    id: string,
    { verdict, ran, opened, cut, reopened }: Tried,
    attempt: Attempt,
  ): Promise<void> {
    if (opened === false) {
      // It may be the case's firmware that doesn't run. The bench's own shows whether the board does.
      const why = `it did not come up for ${id}: ${verdict.summary}`;
      if (await this.#comesUp()) return;
      await this.#recover(id, why);
      return;
    }
    const seen = ran ?? verdict;
    if (seen.outcome === 'passed') return;
    if (cut === true) {
      await this.#recover(id, `${id} was cut at its time limit`);
    } else if (seen.causeClass === 'link' || seen.causeClass === 'rig') {
      await this.#recover(id, seen.summary);
    } else if (!(await this.#answers())) {
      await this.#recover(id, `no answer after ${id}: ${seen.summary}`);
    } else if (reopened === true) {
      const { startedAt, ms } = attempt;
      const why = `${seen.summary}; it was powered anew within the attempt, to look into that`;
      this.#note({
        bench: attempt.bench,
        startedAt,
        why,
        case: id,
        rungs: [],
        recovered: true,
        ms,
      });
    }
  }

  #note(recovery: Recovery): void {
    this.recoveries.push(recovery);
    this.#settings.observer.recovered(recovery);
  }

  async #answers(): Promise<boolean> {
    try {
      return this.#facts !== undefined && (await this.station.answers());
    } catch {
      return false;
    }
  }

  async #comesUp(): Promise<boolean> {
    try {
      await this.#open(undefined);
      return true;
    } catch {
      this.#settings.signal.throwIfAborted();
      return false;
    }
  }

  async #recover(id: string, why: string): Promise<void> {
    const { observer, clock, now, signal } = this.#settings;
    const bench = this.station.name;
    observer.recovering(bench, why);
    const startedAt = clock().toISOString();
    const from = now();
    let recovered: boolean;
    let rungs: Recovery['rungs'] = [];
    try {
      ({ recovered, rungs } = await this.station.recover(signal));
    } catch (error) {
      signal.throwIfAborted();
      why = `${why}; ${errorText(error)}`;
      // A bench that was closed under a hanging attempt has no ladder left but to come up anew.
      recovered = await this.#comesUp();
    }
    this.#note({ bench, startedAt, why, case: id, rungs, recovered, ms: now() - from });
    if (recovered) return;
    this.#fail('wedged', why);
    await this.#close();
  }

  async #open(firmware: string | undefined): Promise<void> {
    this.#facts = undefined;
    const { signal } = this.#settings;
    const what = `bench ${this.station.name} to come up`;
    const opening = untilAborted(this.station.open(firmware, signal), signal);
    this.#facts = await withDeadline(opening, OPEN_MS, what);
    this.#firmware = firmware;
    this.#reopened = this.station.reopened;
  }

  async #close(): Promise<void> {
    this.#facts = undefined;
    const what = `bench ${this.station.name} to be closed`;
    await withDeadline(this.station.close(), CLOSE_MS, what).catch((error: unknown) => {
      this.#fail('wedged', withFix(error));
    });
  }

  #fail(state: BenchResult['state'], why: string): void {
    if (this.#state !== 'ready') return;
    this.#state = state;
    this.#why = why;
  }
}
