import { loadBench, loadBoard } from '../../bench/index.ts';
import { HilError } from '../../errors/index.ts';
import { VM_NAMES } from '../../isa/index.ts';
import { summaryLines } from '../../report/index.ts';
import {
  checkRecordPath,
  defaultRecordPath,
  exitCode,
  recordInHistory,
  writeRunRecord,
  type RunRecord,
} from '../../results/index.ts';
import {
  DEFAULT_RERUNS,
  DEFAULT_STEPS,
  readInputScript,
  runPrograms,
  type LoadedProgram,
} from '../../suite/index.ts';
import type { CliContext } from '../context.ts';
import { environment } from '../environment.ts';
import { writeEach } from '../write-each.ts';
import { loadProgram } from '../load-program.ts';
import { createProgress } from '../progress.ts';

/** Rounds of loop() in real time when the user gives no bound: a million steps of delays would take days. */
const REAL_TIME_LOOPS = 10;

/** Options of `run`, as commander hands them over. */
export interface RunOptions {
  bench: string;
  vm: readonly string[];
  loops?: number;
  steps?: number;
  mode: 'digest' | 'trace' | 'free';
  clock: 'virtual' | 'real';
  firmware?: string;
  json?: string;
  reruns?: number;
  inputs?: string;
}

/** Which file each VM gets: `file` is SOS's, `assignments` are `NAME=FILE`. */
function assign(file: string | undefined, assignments: readonly string[]): Map<number, string> {
  const files = new Map<number, string>();
  const give = (vm: number, path: string): void => {
    if (files.has(vm)) {
      const name = (VM_NAMES[vm] ?? '').toLowerCase();
      throw new HilError('usage', `VM ${name} is given two programs`, 'give each VM one');
    }
    files.set(vm, path);
  };
  if (file !== undefined) give(0, file);
  for (const assignment of assignments) {
    const [name = '', ...rest] = assignment.split('=');
    const vm = VM_NAMES.findIndex((known) => known.toLowerCase() === name.toLowerCase());
    if (vm === -1 || rest.length === 0) {
      const names = VM_NAMES.map((known) => known.toLowerCase()).join(', ');
      throw new HilError(
        'usage',
        `--vm ${assignment} is not NAME=FILE`,
        `use a name of ${names}, as in --vm sos=sketch.ino`,
      );
    }
    give(vm, rest.join('='));
  }
  if (files.size === 0) {
    throw new HilError('usage', 'no program to run', 'name a sketch, or use --vm sos=sketch.ino');
  }
  return files;
}

/**
 * Writes a run's record, also where the user wants it and into the history, and prints the summary: of a record that can't be written too.
 * @returns the run's exit code
 * @throws HilError (rig) when a record can't be written
 */
export async function finishRun(
  context: CliContext,
  record: RunRecord,
  json: string | undefined,
): Promise<number> {
  const paths = [defaultRecordPath(record.id), ...(json === undefined ? [] : [json])];
  const { written, failure } = await writeEach(paths, (path) => writeRunRecord(path, record));
  const warning = recordInHistory(record);
  if (warning !== undefined) context.err(warning);
  for (const line of summaryLines(record, written, { color: context.color })) context.out(line);
  if (failure !== undefined) throw failure;
  return exitCode(record.verdict);
}

/** `run [FILE] [--vm NAME=FILE]… --bench NAME`: runs programs in lockstep, prints the verdict and writes the record. */
export async function runCommand(
  context: CliContext,
  file: string | undefined,
  options: RunOptions,
): Promise<number> {
  const files = assign(file, options.vm);
  if (options.json !== undefined) await checkRecordPath(options.json);
  const bench = await loadBench(options.bench);
  const board = await loadBoard(bench.board);
  const given = options.inputs;
  const scripted =
    given === undefined ? undefined : { given, script: await readInputScript(given, [board]) };
  const progress = createProgress(context, files.size > 1);
  const endless = options.clock === 'real' && options.loops === undefined;
  const loops = endless && options.steps === undefined ? REAL_TIME_LOOPS : options.loops;
  if (loops !== options.loops) progress.phase('budget', `${loops ?? 0} rounds of loop()`);
  const programs: LoadedProgram[] = [];
  for (const [vm, path] of files) {
    const { program, sha256 } = await loadProgram(path, context);
    const size = `${program.instructions.length} instructions, ${program.strings.length} strings`;
    progress.phase('compile', `${path}: ${size}`);
    if (program.loop === undefined && options.loops !== undefined) {
      progress.phase('budget', `${path} has no loop(): --loops means nothing to it`);
    }
    programs.push({ vm, program, file: path, sha256 });
  }
  const record = await runPrograms(
    {
      programs,
      bench,
      benchFile: options.bench,
      board,
      firmware: options.firmware,
      mode: options.mode,
      clock: options.clock,
      steps: options.steps ?? DEFAULT_STEPS,
      loops,
      scripted,
      reruns: options.reruns ?? DEFAULT_RERUNS,
      environment: await environment(),
    },
    { ...context, observer: progress },
  );
  progress.end();
  context.signal.throwIfAborted();
  return finishRun(context, record, options.json);
}
