import type {
  BenchFile,
  BenchSession,
  BoardIdentity,
  Board,
  PinAccess,
  RateTrial,
} from '../bench/index.ts';
import type { VmCosts } from '../measure/index.ts';

type Agent = NonNullable<BenchSession['connected']>['agent'];
type Hello = NonNullable<BenchSession['connected']>['hello'];

/** How a sketch is run. */
export interface SketchSettings {
  readonly clock: 'virtual' | 'real';
}

/** A sketch that ran in lockstep, with board and model agreeing on every step. */
export interface SketchRun {
  readonly lines: readonly string[];
  readonly steps: number;
  /** Of the host's clock, upload included. */
  readonly ms: number;
}

/** What came of a firmware that dies on purpose. */
export interface Accident {
  /** The verdict of the run in which it died. */
  readonly outcome: 'passed' | 'failed' | 'errored';
  readonly causeClass: string;
  readonly summary: string;
  /** What the probe found, in words; empty when it wasn't asked. */
  readonly evidence: readonly string[];
  /** The rung that brought the board back; undefined: none did. */
  readonly mendedBy: string | undefined;
}

/** What the release's VM costs, with its hot code in either memory. */
export interface CycleCosts {
  readonly flash: VmCosts;
  readonly ccm: VmCosts;
}

/** A bench as its validation sees it. */
export interface ValidationBench {
  readonly name: string;
  readonly kind: BenchFile['kind'];
  readonly board: Board;
  readonly hello: Pick<Hello, 'adc' | 'epoch' | 'fw' | 'clock'>;
  /** Absent where pins can't be reached from outside the board. */
  readonly pins: PinAccess | undefined;
  /** Bits per second; undefined on a line that has no rate. */
  readonly baud: number | undefined;
  identity(): Promise<BoardIdentity>;
  /**
   * Erases the beginning of the flash, so that flashing has something to do, and flashes twice.
   * @returns undefined on a bench without a probe
   */
  reflash(): Promise<
    { first: string; second: string; bytes: number; verified: boolean } | undefined
  >;
  /** What the board says of itself now. */
  health: Agent['board'];
  echo: Agent['echo'];
  /**
   * Tries every rate of the line with the patterns, so many times, and leaves it at the highest that holds.
   * @returns the rates, rising; undefined on a line without a rate that can be changed
   */
  sweepRates(rounds: number): Promise<readonly RateTrial[] | undefined>;
  /** The board's clock, microseconds modulo 2^32. */
  clockUs(): Promise<number>;
  /** Damaged frames and repeated requests so far. */
  lineTrouble(): { readonly badFrames: number; readonly repeats: number };
  /** @throws HilError where board and model differ, with both effects, and when the program faults */
  sketch(source: string, settings: SketchSettings): Promise<SketchRun>;
  /**
   * Runs a sketch with firmware that has a planted defect, brings the board back and puts the bench's own firmware on again.
   * @returns the command that builds the firmware, where there is none
   */
  accident(defect: string, source: string): Promise<Accident | { readonly build: string }>;
  /**
   * Measures what the VM's instructions cost in processor cycles, by firmware of its own, and puts the bench's firmware on again.
   * @returns undefined on a bench that has no cycle counter
   */
  cycles(): Promise<CycleCosts | undefined>;
}
