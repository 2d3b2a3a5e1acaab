import { DEFAULT_FAIL_ON, failures } from '../../compare/index.ts';
import { oneLine } from '../../report/index.ts';
import { resultView } from '../../results/index.ts';
import type { CliContext } from '../context.ts';
import { findRecord } from '../find-record.ts';
import { writeReport } from '../write-report.ts';
import { compareRecords } from './compare.ts';

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
  { output, against, last }: ReportOptions,
): Promise<number> {
  const { record } = await findRecord(name ?? 'latest');
  if (against === undefined) await writeReport(output, record, { last });
  else {
    const before = await findRecord(against);
    const comparison = await compareRecords(before.record, record, context.signal);
    const failed = failures(comparison, DEFAULT_FAIL_ON);
    await writeReport(output, record, { last, comparison, failed });
  }
  context.out(oneLine(resultView(record)));
  context.out(`report  ${output}`);
  return 0;
}
