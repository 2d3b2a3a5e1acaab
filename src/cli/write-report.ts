import { existsSync } from 'node:fs';
import type { Comparison, FindingKind } from '../compare/index.ts';
import { htmlReport } from '../report/index.ts';
import { History, historyPath, resultView, writeOutput, type AnyRecord } from '../results/index.ts';

/** Runs of the past in a report when nobody gives a number. */
export const DEFAULT_TRENDS = 100;

/** What a report shows besides the record. */
interface ReportSettings {
  /** Most runs of the past; 0: none. */
  readonly last?: number | undefined;
  readonly comparison?: Comparison;
  /** What the comparison fails on. */
  readonly failed?: readonly FindingKind[];
}

/**
 * Writes the HTML report of a record, with its past where there is a history.
 * @throws HilError (rig) when the history can't be used or the file can't be written
 */
export async function writeReport(
  path: string,
  record: AnyRecord,
  { last = DEFAULT_TRENDS, ...others }: ReportSettings = {},
): Promise<void> {
  using history = last > 0 && existsSync(historyPath()) ? History.open() : undefined;
  const html = await htmlReport({ view: resultView(record), history, last, ...others });
  await writeOutput(path, html);
}
