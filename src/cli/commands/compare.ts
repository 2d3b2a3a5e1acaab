import { existsSync } from 'node:fs';
import {
  compareResults,
  DEFAULT_FAIL_ON,
  failures,
  parseFailOn,
  type Comparison,
  type FindingKind,
  type Sources,
} from '../../compare/index.ts';
import { comparisonJunit, comparisonLines, comparisonMarkdown } from '../../report/index.ts';
import {
  History,
  historyPath,
  lastRun,
  resultView,
  writeOutput,
  type AnyRecord,
  type CaseResult,
  type CaseRow,
} from '../../results/index.ts';
import { firstDifference } from '../../suite/index.ts';
import type { CliContext } from '../context.ts';
import { findRecord } from '../find-record.ts';
import { writeReport } from '../write-report.ts';

/** Earlier runs of a case that its duration is judged by. */
const RUNS_ASKED = 50;
/** Measurements of opcodes that are looked through for the two firmwares'. */
const MEASUREMENTS_ASKED = 200;
/** Share by which the steps of two runs may differ, so that their durations can be compared. */
const STEPS_SHARE = 0.05;

/** Options of `compare`, as commander hands them over. */
export interface CompareOptions {
  failOn?: string;
  json?: string;
  markdown?: string;
  junit?: string;
  html?: string;
}

/** Whether an earlier run of a case took the same way to about the same end. */
function isLike(row: CaseRow, one: CaseResult, steps: number): boolean {
  return (
    row.outcome === 'passed' &&
    row.mode === one.mode &&
    row.clock === one.clock &&
    row.bench === one.attempts.at(-1)?.bench &&
    Math.abs(row.steps - steps) <= STEPS_SHARE * steps
  );
}

/** Durations of earlier runs like this one. */
function durationsOf(history: History, one: CaseResult, after: AnyRecord): number[] {
  const programs = lastRun(one)?.programs ?? [];
  const steps = programs.reduce((sum, { stepsCompared }) => sum + stepsCompared, 0);
  return history
    .caseRuns(one.id, RUNS_ASKED, after.startedAt)
    .filter((row) => isLike(row, one, steps))
    .map(({ ms }) => ms);
}

/** What is different in the newer of two records. */
export async function compareRecords(
  before: AnyRecord,
  after: AnyRecord,
  signal: AbortSignal,
): Promise<Comparison> {
  // Records from files can be compared without a history; nothing is then known of what is usual.
  using history = existsSync(historyPath()) ? History.open() : undefined;
  const sources: Sources = {
    durations: (one) => (history === undefined ? [] : durationsOf(history, one, after)),
    costs: history?.costs(MEASUREMENTS_ASKED) ?? [],
    firstStep: (was, is) => firstDifference(was, is, signal),
  };
  return await compareResults(resultView(before), resultView(after), sources);
}

/** `compare A B`: what is different in B. @returns 1 when something is that the comparison is to fail on */
export async function compareCommand(
  context: CliContext,
  first: string,
  second: string,
  options: CompareOptions,
): Promise<number> {
  const failOn: readonly FindingKind[] =
    options.failOn === undefined ? DEFAULT_FAIL_ON : parseFailOn(options.failOn);
  const [before, after] = [await findRecord(first), await findRecord(second)];
  const comparison = await compareRecords(before.record, after.record, context.signal);
  const failed = failures(comparison, failOn);
  const outputs: readonly (readonly [string | undefined, () => string])[] = [
    [options.json, () => `${JSON.stringify({ ...comparison, failed }, null, 2)}\n`],
    [options.markdown, () => comparisonMarkdown(comparison, failed)],
    [options.junit, () => comparisonJunit(comparison, failOn)],
  ];
  for (const [path, text] of outputs) if (path !== undefined) await writeOutput(path, text());
  if (options.html !== undefined) {
    await writeReport(options.html, after.record, { last: 0, comparison, failed });
  }
  for (const line of comparisonLines(comparison, failed, { color: context.color })) {
    context.out(line);
  }
  return failed.length === 0 ? 0 : 1;
}
