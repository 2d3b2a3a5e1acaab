import { mergeNightlies } from '../../nightly/index.ts';
import { defaultNightlyFolder, readNightlyRecord } from '../../results/index.ts';
import type { CliContext } from '../context.ts';
import { finishNightly, takeOutFolder } from './nightly.ts';

/** Options of `merge`, as commander hands them over. */
export interface MergeOptions {
  strict?: boolean;
  junit?: string;
  json?: string;
  out?: string;
}

/** `merge RECORD…`: joins the parts of a nightly that ran with --shard, and shows them as one. */
export async function mergeCommand(
  context: CliContext,
  files: readonly string[],
  options: MergeOptions,
): Promise<number> {
  await takeOutFolder(context, options.out);
  const records = [];
  for (const file of files) records.push(await readNightlyRecord(file));
  const record = mergeNightlies(records);
  return finishNightly(context, record, {
    ...options,
    out: options.out ?? defaultNightlyFolder(record.id),
  });
}
