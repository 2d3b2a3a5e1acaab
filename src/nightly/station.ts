import type { Board, BenchFile } from '../bench/index.ts';
import type { BenchIdentity, BenchResult, Recovery, RunRecord } from '../results/index.ts';
import type { Need } from './needs.ts';
import type { PlannedCase } from './plan.ts';
import type { FirmwareByKind } from './suite-schema.ts';

/** What is known of a bench once its board has answered. */
export interface StationFacts {
  /** What runs the firmware, in words. */
  readonly ranOn: string;
  readonly identity: BenchIdentity;
  /** Of the firmware; absent where no tool can read it. */
  readonly footprint?: BenchResult['footprint'];
  readonly board: Pick<Board, 'aliases' | 'pins'>;
  readonly has: ReadonlySet<Need>;
}

/** How far an attempt is. */
export interface AttemptProgress {
  /** Steps compared, of all programs. */
  steps: number;
  /** What it is at: `run`, `triage`, …; empty before the first. */
  phase: string;
}

/** A bench as a nightly uses it. Each belongs to one worker; its methods are never called while another runs. */
export interface Station {
  /** No other station of the nightly has it. */
  readonly name: string;
  readonly kind: BenchFile['kind'];
  /** What opens the bench again: its name or the path of its file. */
  readonly file: string;

  /**
   * Powers the bench with firmware, closing what was open before; flashes its board and asks who it is.
   * @param firmware undefined: the bench's own
   * @throws HilError when it doesn't come up, or is another one than the one named
   */
  open(firmware: string | undefined, signal: AbortSignal): Promise<StationFacts>;

  /**
   * Runs a case once. When the signal is aborted the line is closed under it.
   * @param progress kept up to date
   * @param onSteps told of every change of its steps
   * @throws the signal's reason, or HilError when there was no run at all
   */
  run(
    planned: PlannedCase,
    progress: AttemptProgress,
    signal: AbortSignal,
    onSteps: (steps: number) => void,
  ): Promise<RunRecord>;

  /** How often the bench was powered anew in the runs of the present {@link open}, to look into a board that fell silent. */
  readonly reopened: number;

  /** Whether the board answers, and is still the same; takes at most a few seconds. */
  answers(): Promise<boolean>;

  /** Climbs the bench's recovery ladder. @throws HilError (harness) when the bench is closed */
  recover(signal: AbortSignal): Promise<Pick<Recovery, 'recovered' | 'rungs'>>;

  /** Ends everything that was started for it. */
  close(): Promise<void>;
}

/** The firmware that a case brings for a kind of bench: a path, undefined for the bench's own, or `none` when it brings none for it. */
export function firmwareFor(
  firmware: FirmwareByKind | undefined,
  kind: Station['kind'],
): { readonly path: string | undefined } | 'none' {
  if (firmware === undefined) return { path: undefined };
  const path = firmware[kind];
  return path === undefined ? 'none' : { path };
}
