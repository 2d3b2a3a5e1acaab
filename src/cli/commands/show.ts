import { didYouMean, HilError } from '../../errors/index.ts';
import { oneLine, resultLines, summaryLines, vcdText } from '../../report/index.ts';
import {
  resultView,
  writeOutput,
  type ProgramTimeline,
  type RunRecord,
} from '../../results/index.ts';
import { timelineOf } from '../../suite/index.ts';
import type { CliContext } from '../context.ts';
import { findRecord, type FoundRecord } from '../find-record.ts';

/** Options of `show`, as commander hands them over. */
export interface ShowOptions {
  case?: string;
  vcd?: string;
  json?: string;
}

/** The run that a case of a nightly is judged by. @throws HilError (usage) when there is none */
function runOfCase({ record }: FoundRecord, id: string): RunRecord {
  const { cases } = resultView(record);
  const found = cases.find((one) => one.id === id);
  const run = found?.attempts.findLast((attempt) => attempt.run !== undefined)?.run;
  if (run !== undefined) return run;
  const near = didYouMean(
    id,
    cases.map((one) => one.id),
    'leave --case out to see its cases',
  );
  if (found === undefined) throw new HilError('usage', `${record.id} has no case ${id}`, near);
  throw new HilError('usage', `case ${id} of ${record.id} was never run: ${found.summary}`);
}

/** Writes a run's waveforms. */
async function writeVcd(path: string, run: RunRecord, signal: AbortSignal): Promise<void> {
  const timelines: ProgramTimeline[] = [];
  for (const program of run.programs) timelines.push(await timelineOf(run, program, signal));
  await writeOutput(path, vcdText(run, timelines));
}

/** `show RUN`: a run or a nightly as it ended, or one case of a nightly. Its verdict is none of this command's exit code. */
export async function showCommand(
  context: CliContext,
  name: string,
  options: ShowOptions,
): Promise<number> {
  const found = await findRecord(name);
  const { record } = found;
  const style = { color: context.color };
  const run =
    record.schema === 'cockpit-hil/run' && options.case === undefined
      ? record
      : options.case === undefined
        ? undefined
        : runOfCase(found, options.case);
  const view = resultView(run ?? record);
  const lines =
    run === undefined
      ? resultLines(view, style)
      : [...summaryLines(run, [found.path ?? run.id], style), '', oneLine(view)];
  for (const line of lines) context.out(line);
  if (options.json !== undefined) {
    await writeOutput(options.json, `${JSON.stringify(run ?? record, null, 2)}\n`);
  }
  if (options.vcd !== undefined) {
    if (run === undefined) {
      throw new HilError(
        'usage',
        `${record.id} has more than one run`,
        'choose one with --case ID',
      );
    }
    await writeVcd(options.vcd, run, context.signal);
  }
  return 0;
}
