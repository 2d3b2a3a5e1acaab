import { existsSync } from 'node:fs';
import { DEFAULT_FAIL_ON, failures } from '../../compare/index.ts';
import { htmlReport, oneLine } from '../../report/index.ts';
import { History, historyPath, resultView, writeOutput } from '../../results/index.ts';
import type { CliContext } from '../context.ts';
import { findRecord } from '../find-record.ts';
import { compareRecords } from './compare.ts';

/** Runs of the past in a report when the user gives no number. */
export const DEFAULT_TRENDS = 100;

/** Options of `report`, as commander hands them over. */
export interface ReportOptions {
  output: string;
  against?: string;
  last?: number;
}

/** `report [RUN]`: one HTML file of a run or a nightly, with its past, and compared with an older one if asked for. */
export async function reportCommand(
  context: CliContext,
  name: string | undefined,
  options: ReportOptions,
): Promise<number> {
  const { record } = await findRecord(name ?? 'latest');
  const before = options.against === undefined ? undefined : await findRecord(options.against);
  const comparison =
    before === undefined ? undefined : await compareRecords(before.record, record, context.signal);
  using history = existsSync(historyPath()) ? History.open() : undefined;
  const view = resultView(record);
  const html = await htmlReport({
    view,
    history,
    last: options.last ?? DEFAULT_TRENDS,
    comparison,
    failed: comparison === undefined ? [] : failures(comparison, DEFAULT_FAIL_ON),
  });
  await writeOutput(options.output, html);
  context.out(oneLine(view));
  context.out(`report  ${options.output}`);
  return 0;
}
