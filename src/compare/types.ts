import type { Outcome } from '../results/index.ts';

/** What may be found about a case. `trace` and `state`: both runs passed, but the model did not do the same in them. */
export const FINDING_KINDS = [
  'newly-failing',
  'newly-flaky',
  'missing',
  'trace',
  'state',
  'output',
  'slower',
  'larger',
  'fixed',
  'new',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** One thing that is different about a case, in words. */
export interface Finding {
  readonly kind: FindingKind;
  readonly text: string;
  /** More of it: a diff, the two sides of a step. */
  readonly details: readonly string[];
}

/** A case about which something was found. */
export interface CaseChange {
  readonly id: string;
  /** Undefined where that side has no such case. */
  readonly before: Outcome | undefined;
  readonly after: Outcome | undefined;
  /** In the order of {@link FINDING_KINDS}. */
  readonly findings: readonly Finding[];
}

/** One of the two results. */
export interface Side {
  readonly id: string;
  readonly startedAt: string;
  readonly outcome: Outcome;
  readonly summary: string;
  readonly commit: string | undefined;
  readonly dirty: boolean;
  readonly cases: number;
}

/** Something around the cases that is not the same in both. */
export interface Difference {
  /** `firmware`, `model`, `compiler`, `suite`, `bench`, `toolchain`, `harness`. */
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** A number that is not the same in both. */
export interface Growth {
  readonly name: string;
  /** Undefined where that side has none. */
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** What a bench's firmware takes, where it is known of both and differs. */
export interface FootprintChange {
  readonly bench: string;
  readonly flash: Growth;
  readonly ram: Growth;
  /** The largest changes first. */
  readonly symbols: readonly Growth[];
}

/** The C stack of a bench's board, where its use is known of both and differs. The bytes are the most of any attempt. */
export interface StackChange extends Growth {
  /** Whether it grew by more than chance makes of it. */
  readonly grew: boolean;
}

/** Two results beside each other. */
export interface Comparison {
  readonly before: Side;
  readonly after: Side;
  readonly changed: readonly Difference[];
  readonly cases: readonly CaseChange[];
  /** Cases about which nothing was found. */
  readonly same: number;
  /** Of those, and of the ones above: cases that fail in both. */
  readonly stillFailing: readonly string[];
  readonly footprints: readonly FootprintChange[];
  /** By bench. */
  readonly stacks: readonly StackChange[];
  /** What opcodes cost, where both firmwares' sources were measured: Arm instructions, or cycles on a board. */
  readonly costs: readonly Growth[];
  /** How it was judged what is noise, and what could not be judged. */
  readonly rules: readonly string[];
}
