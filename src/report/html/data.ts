import type { Comparison, FindingKind } from '../../compare/index.ts';
import type {
  Attempt,
  BenchView,
  CaseResult,
  Outcome,
  ProgramResult,
  ResultView,
  RunRecord,
} from '../../results/index.ts';
import type { BoardEdges } from '../board-edges.ts';

/** One program of a run, without what only a replay needs. */
export type ProgramData = Omit<ProgramResult, 'image' | 'inputs'> & {
  readonly image?: undefined;
  readonly inputs?: undefined;
  /** How much was compared, and what ended it, in words. */
  readonly compared: string;
  readonly ended: string;
};

/** What a case page shows of a run. */
export interface RunData extends Pick<
  RunRecord,
  'command' | 'forensics' | 'link' | 'pinTiming' | 'pinTimingNotes' | 'clock' | 'world'
> {
  readonly id: string;
  readonly ranOn: string;
  /** What the whole took and its phases, in words. */
  readonly took: string;
  /** What the board said of itself afterwards, and how its run before that start crashed, in words; empty when it didn't say. */
  readonly health: readonly string[];
  readonly programs: readonly ProgramData[];
  /** On one axis with the changes that the model made. */
  readonly edges: BoardEdges;
}

export type AttemptData = Omit<Attempt, 'run'> & { readonly run?: RunData };
export type CaseData = Omit<CaseResult, 'attempts'> & { readonly attempts: readonly AttemptData[] };

/** A bench: how it is and what is to be done about it, in words, and what its board said of itself over all attempts. */
export type BenchData = BenchView & {
  readonly stateText: string;
  readonly health: readonly string[];
};

/** A run or a nightly. */
export type ResultData = Omit<ResultView, 'cases' | 'benches'> & {
  readonly benches: readonly BenchData[];
  /** All in one line, to be copied. */
  readonly line: string;
  readonly cases: readonly CaseData[];
};

/** One run of the past. */
export interface TrendRun {
  readonly id: string;
  readonly startedAt: string;
  readonly outcome: Outcome;
  readonly commit: string;
  readonly cases: number;
  readonly passed: number;
  readonly flaky: number;
  readonly stepsPerSecond: number | null;
  readonly flash: number | null;
  readonly ram: number | null;
}

/** How one case went in the runs of the past. */
export interface CaseTrend {
  /** A letter for each run: the outcome's first, but K for flaky; a dot where the case was not in it. */
  readonly outcomes: string;
  /** Milliseconds. */
  readonly ms: readonly (number | null)[];
}

/** What opcodes cost in one measurement. */
export interface CostTrend {
  readonly measuredAt: string;
  readonly commit: string;
  readonly machine: string;
  /** Of the build that releases have. */
  readonly costs: Readonly<Record<string, number>>;
}

/** The past, oldest first. */
export interface TrendData {
  readonly runs: readonly TrendRun[];
  readonly cases: Readonly<Record<string, CaseTrend>>;
  readonly costs: readonly CostTrend[];
}

/** Everything that a report file shows. */
export interface PageData {
  readonly title: string;
  readonly result?: ResultData;
  readonly trends?: TrendData;
  readonly comparison?: Comparison & {
    readonly line: string;
    readonly failed: readonly FindingKind[];
  };
}
