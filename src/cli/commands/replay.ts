import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { loadBench, loadBoard } from '../../bench/index.ts';
import { replayLines } from '../../report/index.ts';
import { checkRecordPath, exitCode, type RunRecord } from '../../results/index.ts';
import {
  DEFAULT_RERUNS,
  OTHER_FIRMWARE,
  recordedPrograms,
  replayOnModel,
  replayOnNative,
  runPrograms,
  scriptOfRecord,
  type ReplayVerdict,
} from '../../suite/index.ts';
import type { CliContext } from '../context.ts';
import { environment } from '../environment.ts';
import { findRun } from '../find-record.ts';
import { createProgress } from '../progress.ts';
import { finishRun } from './run.ts';

/** Most time for a replay without a board: 1,000,000 steps, the default budget, take under 2 s in either engine. */
const REPLAY_MS = 60_000;

/** Options of `replay`, as commander hands them over. */
export interface ReplayOptions {
  /** `model`, `native` (the C engine with the recorded inputs), `board` (as recorded), or a bench. */
  on: string;
  firmware?: string;
  json?: string;
  reruns?: number;
}

/** `replay RECORD [--on WHERE]`: the run of a record once more. */
export async function replayCommand(
  context: CliContext,
  path: string,
  options: ReplayOptions,
): Promise<number> {
  const record = await findRun(path);
  if (options.json !== undefined) await checkRecordPath(options.json);
  const bound = {
    budgetMs: REPLAY_MS,
    now: () => performance.now(),
    signal: context.signal,
  };
  switch (options.on) {
    case 'model':
      return finishReplay(context, record, await replayOnModel(record, bound));
    case 'native':
      return finishReplay(context, record, await replayOnNative(record, bound));
    default:
      return replayOnBoard(context, { record, path }, options);
  }
}

/** Prints what a replay without a board found. @returns the worst exit code */
function finishReplay(
  context: CliContext,
  record: RunRecord,
  verdicts: readonly ReplayVerdict[],
): number {
  for (const line of replayLines(record, verdicts, { color: context.color })) context.out(line);
  const codes = verdicts.map(({ verdict }) => exitCode(verdict));
  return codes.find((code) => code === 1) ?? Math.max(...codes);
}

/** What a board is to give the programs of a recorded run in place of its pins; undefined: the pins. */
function scriptedAgain(
  record: RunRecord,
  path: string,
  say: (text: string) => void,
): RunRecord['scripted'] {
  const count = record.programs.reduce((sum, { inputs }) => sum + inputs.length, 0);
  if (record.scripted !== undefined || count === 0) return record.scripted;
  const read = `the recorded run read ${count} value${count === 1 ? '' : 's'} live`;
  const found = scriptOfRecord(record);
  if ('why' in found) {
    say(`${read}, and so does this one: ${found.why}`);
    return undefined;
  }
  say(`${read}; the board is given those of its pins as a script`);
  return { given: `record:${path}`, script: found.script };
}

async function replayOnBoard(
  context: CliContext,
  { record, path }: { readonly record: RunRecord; readonly path: string },
  { on, firmware, json, reruns }: ReplayOptions,
): Promise<number> {
  const same = on === 'board';
  const benchFile = same ? record.bench.file : on;
  const bench = await loadBench(benchFile);
  const board = await loadBoard(bench.board);
  const progress = createProgress(context, record.programs.length > 1);
  const chosen = firmware ?? (same ? record.bench.firmware : undefined);
  if (chosen !== undefined && (await sha256Of(chosen)) !== record.bench.firmwareSha256) {
    progress.phase('replay', OTHER_FIRMWARE);
  }
  const scripted = scriptedAgain(record, path, (text) => {
    progress.phase('replay', text);
  });
  const again = await runPrograms(
    {
      programs: recordedPrograms(record),
      bench,
      benchFile,
      board,
      firmware: chosen,
      mode: record.mode,
      clock: record.clock,
      steps: record.budget.steps,
      loops: record.budget.loops,
      scripted,
      reruns: reruns ?? DEFAULT_RERUNS,
      environment: await environment(),
    },
    { ...context, observer: progress },
  );
  progress.end();
  context.signal.throwIfAborted();
  return finishRun(context, again, json);
}

/** A file's SHA-256; undefined when there is no such file, which the run then says. */
async function sha256Of(path: string): Promise<string | undefined> {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch {
    return undefined;
  }
}
