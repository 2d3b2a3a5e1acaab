import { loadBench, loadBoard } from '../../bench/index.ts';
import { printable, summaryLines } from '../../report/index.ts';
import { defaultRecordPath, exitCode, writeRunRecord } from '../../results/index.ts';
import { DEFAULT_STEPS, runProgram } from '../../suite/index.ts';
import type { CliContext } from '../context.ts';
import { environment } from '../environment.ts';
import { loadProgram } from '../load-program.ts';
import { createProgress } from '../progress.ts';

/** Options of `run`, as commander hands them over. */
export interface RunOptions {
  bench: string;
  loops?: number;
  steps?: number;
  clock: 'virtual' | 'real';
  firmware?: string;
  json?: string;
}

/** `run FILE --bench NAME`: runs a program in lockstep, prints the verdict and writes the record. */
export async function runCommand(
  context: CliContext,
  file: string,
  options: RunOptions,
): Promise<number> {
  const bench = await loadBench(options.bench);
  const board = await loadBoard(bench.board);
  const { program, sha256 } = await loadProgram(file, context);
  const progress = createProgress(context);
  progress.phase(
    'compile',
    `${file}: ${program.instructions.length} instructions, ${program.strings.length} strings`,
  );
  const record = await runProgram(
    {
      program,
      file,
      sha256,
      bench,
      board,
      firmware: options.firmware,
      clock: options.clock,
      steps: options.steps ?? DEFAULT_STEPS,
      loops: options.loops,
      environment: await environment(),
    },
    {
      resources: context.resources,
      signal: context.signal,
      log: context.log,
      observer: progress,
    },
  );
  progress.end();
  const path = defaultRecordPath(record.id);
  await writeRunRecord(path, record);
  if (options.json !== undefined) await writeRunRecord(options.json, record);
  for (const line of summaryLines(record, options.json ?? path, { color: context.color })) {
    context.out(printable(line));
  }
  return exitCode(record.verdict);
}
