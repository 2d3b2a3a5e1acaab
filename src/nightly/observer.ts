import type { Attempt, BenchResult, CaseResult, Recovery } from '../results/index.ts';

/** What happens in a nightly, as it happens. */
export interface NightlyObserver {
  /** A bench came up, or didn't. */
  bench(result: BenchResult): void;
  /** An attempt begins. */
  began(bench: string, id: string, attempt: number): void;
  /** Steps that a running attempt has compared so far. */
  progress(bench: string, steps: number): void;
  /** An attempt is over; not the case's last when it failed and is tried again. */
  attempted(id: string, attempt: Attempt): void;
  /** The board is asked to come back. */
  recovering(bench: string, why: string): void;
  recovered(recovery: Recovery): void;
  /** A case is decided. */
  decided(result: CaseResult, done: number, total: number): void;
}
