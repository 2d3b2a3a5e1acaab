import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { didYouMean, errorText, HilError } from '../../errors/index.ts';
import { caseHistoryLines, historyLines } from '../../report/index.ts';
import {
  costsDocument,
  exportHistory,
  History,
  historyPath,
  importHistory,
} from '../../results/index.ts';
import type { CliContext } from '../context.ts';

/** Runs listed when the user gives no number. */
const DEFAULT_LAST = 20;

/** Options of `history`, as commander hands them over. */
export interface HistoryOptions {
  last?: number;
  case?: string;
  export?: string;
  import?: string;
  costs?: string;
}

/**
 * The history that is there.
 * @throws HilError (usage) when there is none: asking about the past makes none
 */
export function openHistory(): History {
  const path = historyPath();
  if (existsSync(path)) return History.open(path);
  const what = `there is no history at ${path}`;
  throw new HilError('usage', what, 'run something first, or name the file with COCKPIT_HISTORY');
}

function listCase(history: History, id: string, last: number, context: CliContext): void {
  const rows = history.caseRuns(id, last);
  if (rows.length === 0) {
    const near = didYouMean(id, history.caseIds(), 'cockpit-hil show latest lists cases');
    throw new HilError('usage', `the history has no case ${id}`, near);
  }
  for (const line of caseHistoryLines(id, rows, { color: context.color })) context.out(line);
}

async function readCosts(path: string) {
  try {
    return costsDocument.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    const what = `${path} is not what bench vm --json writes: ${errorText(error)}`;
    throw new HilError('usage', what, 'cockpit-hil bench vm --json FILE');
  }
}

/** `history`: lists the newest runs, or one case's, or carries the history over to another file. */
export async function historyCommand(
  context: CliContext,
  options: HistoryOptions,
): Promise<number> {
  if (options.import !== undefined || options.costs !== undefined) {
    using history = History.open();
    if (options.costs !== undefined) history.addCosts(await readCosts(options.costs));
    if (options.import === undefined) return 0;
    const { added, known } = await importHistory(history, options.import);
    context.out(`${added} taken in, ${known} were in the history already: ${history.path}`);
    return 0;
  }
  using history = openHistory();
  if (options.export !== undefined) {
    const count = await exportHistory(history, options.export);
    context.out(`${count} records written to ${options.export}`);
    return 0;
  }
  const last = options.last ?? DEFAULT_LAST;
  if (options.case !== undefined) listCase(history, options.case, last, context);
  else {
    for (const line of historyLines(history.runs(last), { color: context.color })) {
      context.out(line);
    }
  }
  return 0;
}
