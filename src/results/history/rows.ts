import { z } from 'zod';
import { nightlyRecordSchema } from '../nightly-record.ts';

const text = z.string();
const textOrNone = z.string().nullable();
const { outcome } = nightlyRecordSchema.shape.cases.element.shape;

/** A run as the history lists it. */
export const runRow = z.object({
  key: z.number(),
  id: text,
  kind: z.enum(['run', 'nightly']),
  startedAt: text,
  wallMs: z.number(),
  outcome,
  cause: textOrNone,
  summary: text,
  suite: textOrNone,
  command: text,
  commit: textOrNone,
  dirty: z
    .number()
    .nullable()
    .transform((dirty) => dirty === 1),
  /** Names of its benches. */
  benches: text,
  /** Steps compared, and the milliseconds in which they were. */
  steps: z.number(),
  comparedMs: z.number(),
  cases: z.number(),
  passed: z.number(),
  flaky: z.number(),
  failed: z.number(),
  errored: z.number(),
});

/** A case in one run. */
export const caseRow = z.object({
  run: z.number(),
  runId: text,
  startedAt: text,
  commit: textOrNone,
  outcome,
  cause: textOrNone,
  summary: text,
  ms: z.number(),
  mode: text,
  clock: text,
  /** Of the last attempt; null when there was none. */
  bench: textOrNone,
  attempts: z.number(),
  steps: z.number(),
  digest: textOrNone,
});

/** One case's outcome and duration in one run, as the trend takes in many of. */
export const trendRow = z.object({
  run: z.number(),
  id: text,
  outcome,
  ms: z.number(),
});

export type RunRow = z.infer<typeof runRow>;
export type CaseRow = z.infer<typeof caseRow>;
export type TrendRow = z.infer<typeof trendRow>;

/** Columns of {@link runRow}. */
export const RUN_COLUMNS = `
  runs.key, runs.id, runs.kind, started_at AS startedAt, wall_ms AS wallMs, runs.outcome, runs.cause, runs.summary, suite, command,
  git_commit AS "commit", git_dirty AS dirty, runs.steps, compared_ms AS comparedMs,
  (SELECT coalesce(group_concat(name, ', '), '') FROM benches WHERE benches.run = runs.key) AS benches,
  (SELECT count(*) FROM cases WHERE cases.run = runs.key) AS cases,
  (SELECT count(*) FROM cases WHERE cases.run = runs.key AND outcome = 'passed') AS passed,
  (SELECT count(*) FROM cases WHERE cases.run = runs.key AND outcome = 'flaky') AS flaky,
  (SELECT count(*) FROM cases WHERE cases.run = runs.key AND outcome = 'failed') AS failed,
  (SELECT count(*) FROM cases WHERE cases.run = runs.key AND outcome = 'errored') AS errored`;

/** Columns of {@link caseRow}, from cases and runs. */
export const CASE_COLUMNS = `
  cases.run, runs.id AS runId, started_at AS startedAt, git_commit AS "commit", cases.outcome, cases.cause, cases.summary, cases.ms,
  mode, clock, cases.attempts, cases.steps, cases.digest,
  (SELECT bench FROM attempts WHERE attempts.run = cases.run AND attempts.name = cases.name ORDER BY number DESC LIMIT 1) AS bench`;
