import type { Comparison, FindingKind } from '../../compare/index.ts';
import type {
  Attempt,
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
};

/** What a case page shows of a run. */
export interface RunData extends Pick<
  RunRecord,
  | 'command'
  | 'forensics'
  | 'link'
  | 'pinTiming'
  | 'pinTimingNotes'
  | 'timing'
  | 'board'
  | 'clock'
  | 'world'
> {
  readonly id: string;
  readonly ranOn: string;
  readonly programs: readonly ProgramData[];
  /** On one axis with the changes that the model made. */
  readonly edges: BoardEdges;
}

export type AttemptData = Omit<Attempt, 'run'> & { readonly run?: RunData };
export type CaseData = Omit<CaseResult, 'attempts'> & { readonly attempts: readonly AttemptData[] };

/** A run or a nightly. */
export type ResultData = Omit<ResultView, 'cases'> & {
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
