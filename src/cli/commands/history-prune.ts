import { stat } from 'node:fs/promises';
import { HilError } from '../../errors/index.ts';
import { historyLines } from '../../report/index.ts';
import type { CliContext } from '../context.ts';
import { openHistory } from './history.ts';

/** Options of `history prune`, as commander hands them over. */
export interface PruneOptions {
  keep?: number;
  olderThan?: number;
  dryRun?: boolean;
}

const DAY_MS = 24 * 3600 * 1000;

const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
const runs = (count: number): string => `${count} run${count === 1 ? '' : 's'}`;

/** @throws HilError (usage): not one of the two */
function limitOf({ keep, olderThan }: PruneOptions) {
  if (keep !== undefined && olderThan === undefined) return { keep };
  if (olderThan !== undefined && keep === undefined) {
    return { before: new Date(Date.now() - olderThan * DAY_MS) };
  }
  const what = keep === undefined ? 'nothing says which runs are old' : '--keep and --older-than';
  throw new HilError('usage', what, 'give one of --keep N and --older-than DAYS');
}

/** `history prune`: removes old runs, or lists those that would go. */
export async function historyPruneCommand(
  context: CliContext,
  options: PruneOptions,
): Promise<number> {
  const limit = limitOf(options);
  using history = openHistory();
  const { path } = history;
  const { gone, kept } = options.dryRun === true ? history.prunable(limit) : history.prune(limit);
  const others =
    kept.length === 0
      ? ''
      : `; as old, but kept as the last that passed of a suite or program and its benches: ${kept.length}`;
  if (options.dryRun === true) {
    for (const line of historyLines(gone, { color: context.color })) context.out(line);
    context.out(`${runs(gone.length)} would go${others}; nothing was changed`);
    return 0;
  }
  context.out(`${runs(gone.length)} removed${others}`);
  const before = (await stat(path)).size;
  try {
    history.shrink();
  } catch (error) {
    if (!(error instanceof HilError)) throw error;
    context.err(`warning: ${path} stays as large as it was: ${error.message}`);
    return 0;
  }
  context.out(`${path}: ${mebibytes((await stat(path)).size)}, before ${mebibytes(before)}`);
  return 0;
}
