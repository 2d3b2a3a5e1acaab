import { access } from 'node:fs/promises';
import { relative } from 'node:path';
import { loadBench, loadBoard } from '../../bench/index.ts';
import { listing, MAX_STEPS } from '../../fuzz/index.ts';
import type { RunRecord } from '../../results/index.ts';
import {
  divergedProgram,
  NATIVE_REPLAY,
  runCommandLine,
  shrinkRecord,
  writeShrunk,
  type ShrinkPlace,
  type Shrunk,
} from '../../suite/index.ts';
import type { CliContext } from '../context.ts';
import { findRun } from '../find-record.ts';
import { createProgress } from '../progress.ts';

const FOUND_FOLDER = '.cockpit-hil/found';
/** A program of 1,000 instructions takes some thousand runs of some 10 ms. */
const DEFAULT_SECONDS = 120;

/** Options of `shrink`, as commander hands them over. */
export interface ShrinkOptions {
  on?: string;
  firmware?: string;
  time?: number;
  output?: string;
}

type Smaller = Extract<Shrunk, { kind: 'smaller' }>;

/** The board that a record's program is run on. */
async function boardPlace(
  record: RunRecord,
  { on, firmware }: ShrinkOptions,
): Promise<Extract<ShrinkPlace, { kind: 'board' }> & { readonly file: string }> {
  const same = on === undefined || on === record.bench.file;
  const file = on ?? record.bench.file;
  const bench = await loadBench(file);
  const board = await loadBoard(bench.board);
  const chosen = firmware ?? (same ? record.bench.firmware : undefined);
  return { kind: 'board', bench, board, firmware: chosen, file };
}

/** `shrink RECORD [--on WHERE]`: the smallest program that diverges as the one of a record did. */
export async function shrinkCommand(
  context: CliContext,
  path: string,
  options: ShrinkOptions,
): Promise<number> {
  const record = await findRun(path);
  const progress = createProgress(context, false);
  const { vmName, file } = divergedProgram(record);
  if (record.programs.length > 1) {
    progress.phase(
      'shrink',
      `${file} alone, the first of ${record.programs.length} that diverged (VM ${vmName})`,
    );
  }
  const seconds = options.time ?? DEFAULT_SECONDS;
  const settings = {
    budgetMs: seconds * 1000,
    now: () => performance.now(),
    signal: context.signal,
    onRun: ({ runs, instructions }: { runs: number; instructions: number }) => {
      if (context.terminal)
        process.stdout.write(`\rshrink  ${instructions} instructions, ${runs} runs\u001b[K`);
    },
  };
  const attempt = async (place: ShrinkPlace, where: string): Promise<Shrunk> => {
    const onDiverged = (original: Smaller['again']): void => {
      progress.phase(
        'shrink',
        `${where} ${rateText(record, original)}: looking for a smaller program`,
      );
    };
    const all = { ...settings, onDiverged };
    const shrunk = await shrinkRecord(record, place, all, { ...context, observer: progress });
    if (context.terminal) process.stdout.write('\r\u001b[K');
    return shrunk;
  };
  const from = performance.now();
  const output = options.output ?? FOUND_FOLDER;
  const native = 'native C on this machine';
  const took = (): string => `${((performance.now() - from) / 1000).toFixed(1)} s`;

  if (options.on === 'native' || (options.on === undefined && (await hasNative()))) {
    const shrunk = await attempt({ kind: 'native' }, native);
    if (shrunk.kind === 'smaller') {
      const files = await finish(context, record, shrunk, { where: native, took: took(), output });
      context.out(`run it again: cockpit-hil fuzz --replay ${files.json}`);
      return 1;
    }
    progress.phase('shrink', `${native} ${rateText(record, shrunk.original)} here`);
    if (options.on !== undefined || context.signal.aborted)
      return notAgain(context, record, shrunk);
  }
  const place = await boardPlace(record, options);
  const where = `the bench ${place.bench.name}`;
  const shrunk = await attempt(place, where);
  if (shrunk.kind === 'gone') return notAgain(context, record, shrunk);
  const files = await finish(context, record, shrunk, { where, took: took(), output });
  const { steps, rounds } = shrunk.smallest.fuzzCase;
  const { vm } = divergedProgram(record);
  const command = runCommandLine({
    programs: [{ vm, file: files.image }],
    bench: place.file,
    mode: record.mode === 'free' ? 'digest' : record.mode,
    clock: record.clock,
    steps,
    loops: rounds === 0 ? undefined : rounds,
    inputs: record.scripted?.given,
    firmware: place.firmware,
  });
  context.out(`run it again: ${command}`);
  context.out(`on native C:  cockpit-hil fuzz --replay ${files.json}`);
  return 1;
}

const hasNative = (): Promise<boolean> =>
  access(NATIVE_REPLAY).then(
    () => true,
    () => false,
  );

/** How often what a record shows was seen again. */
function rateText(record: RunRecord, { diverged, runs }: Smaller['again']): string {
  const { divergence, lastSteps } = divergedProgram(record);
  const did = divergence === undefined && lastSteps !== undefined ? 'broke off' : 'diverged';
  return `${did} in ${diverged} of ${runs} run${runs === 1 ? '' : 's'}`;
}

/** Says that nothing could be shrunk. @returns 0: nothing was found wrong; 2 when it couldn't be run often enough to say so */
function notAgain(context: CliContext, record: RunRecord, { original, cut }: Shrunk): number {
  const so = `the recorded program ${rateText(record, original)}`;
  if (cut !== undefined || original.runs === 0) {
    context.out(`NOT SHRUNK: ${so}: ${cut ?? 'it could not be run'}`);
    return 2;
  }
  context.out(`NOT SHRUNK: ${so}: the fault is a passing one, or mended`);
  return 0;
}

/** Writes the case and tells what it is. */
async function finish(
  context: CliContext,
  record: RunRecord,
  shrunk: Smaller,
  { where, took, output }: { where: string; took: string; output: string },
): Promise<{ readonly json: string; readonly image: string }> {
  const { smallest, before, oneStep, runs, cut, again } = shrunk;
  const { program, steps } = smallest.fuzzCase;
  const files = await writeShrunk(output, smallest, { run: record.id, bench: where });
  const { divergence, lastSteps } = divergedProgram(record);
  const known = divergence !== undefined || lastSteps !== undefined;
  const why = known ? 'one step alone does not show it' : 'which step it was is not known';
  context.out(
    oneStep === undefined
      ? `${why}: the program was reduced`
      : `one step shows it, from a program that builds ${oneStep}`,
  );
  context.out(
    `${before} -> ${program.instructions.length} instructions in ${runs} runs, ${took}` +
      (cut === undefined ? '' : `; not to the end: ${cut}`),
  );
  for (const line of listing(program)) context.out(line);
  for (const line of smallest.wrong.lines) context.out(line);
  if (again.runs > 0) context.out(`the smallest program ${rateText(record, again)}`);
  const json = relative('', files.json) || files.json;
  const image = relative('', files.image) || files.image;
  context.out(`written to ${json} and ${image}`);
  if (steps > MAX_STEPS) {
    context.out(`it takes ${steps} steps to diverge; the corpus runs ${MAX_STEPS} of them`);
  }
  return { json, image };
}
