import type { ValidationStep } from '../results/index.ts';
import type { ValidationBench } from './bench.ts';
import type { Person } from './person.ts';

/** What came of a step. */
export type Finding = Pick<ValidationStep, 'outcome' | 'measured' | 'reason'>;

/** What a step works with. */
export interface StepTools {
  readonly bench: ValidationBench;
  readonly person: Person;
  /** Host's monotonic clock, milliseconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** One thing to be validated. */
export interface Step {
  /** `identity`, `pin/D0`, … */
  readonly id: string;
  readonly title: string;
  /** What must be seen for it to pass. */
  readonly expects: string;
  /** The time it gets, milliseconds; what a person takes to answer is not counted. */
  readonly limitMs: number;
  /** Whatever it throws is its failure. */
  run(tools: StepTools): Promise<Finding>;
}

export const passed = (measured: string): Finding => ({ outcome: 'passed', measured });
export const failed = (reason: string, measured = ''): Finding => ({
  outcome: 'failed',
  measured,
  reason,
});
export const skipped = (reason: string, measured = ''): Finding => ({
  outcome: 'skipped',
  measured,
  reason,
});

/** `at 921600 baud`; the line of some benches has no rate. */
export const atRate = ({ baud }: Pick<ValidationBench, 'baud'>): string =>
  baud === undefined ? 'without a rate' : `at ${baud} baud`;

/** Failed with all that is wrong, or passed when nothing is. */
export const judged = (wrong: readonly string[], measured: string): Finding =>
  wrong.length === 0 ? passed(measured) : failed(wrong.join('; '), measured);
