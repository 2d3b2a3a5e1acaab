import { randomInt } from 'node:crypto';
import { appendFile, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { loadBench, loadBoard, type BenchFile, type Board } from '../../bench/index.ts';
import { errorText, HilError } from '../../errors/index.ts';
import {
  BenchStation,
  listCases,
  loadSuite,
  nightlyExitCode,
  planNightly,
  runNightly,
  type Shard,
  type SourceProgram,
} from '../../nightly/index.ts';
import { acquireLock, own } from '../../process/index.ts';
import {
  attemptFile,
  githubAnnotations,
  githubSummary,
  junitXml,
  nightlyLines,
} from '../../report/index.ts';
import {
  checkRecordPath,
  defaultNightlyFolder,
  recordInHistory,
  runId,
  writeNightlyFile,
  writeNightlyRecord,
  writeRunRecord,
  type NightlyRecord,
} from '../../results/index.ts';
import { commandLine } from '../../suite/index.ts';
import type { CliContext } from '../context.ts';
import { environment, ROOT } from '../environment.ts';
import { findRecord } from '../find-record.ts';
import { loadProgram } from '../load-program.ts';
import { createNightlyProgress } from '../nightly-progress.ts';
import { writeEach } from '../write-each.ts';
import { writeReport } from '../write-report.ts';

/** Options of `nightly`, as commander hands them over. */
export interface NightlyOptions {
  bench: readonly string[];
  seed?: number;
  shard?: Shard;
  only: readonly string[];
  tag: readonly string[];
  retries?: number;
  strict?: boolean;
  list?: boolean;
  durations?: string;
  validatedWithin?: number;
  junit?: string;
  json?: string;
  out?: string;
}

/** Largest seed that is drawn: nine digits are easily typed again. */
const SEEDS = 1_000_000_000;

/** A bench to be used, under a name that no other has. */
interface NamedBench {
  readonly name: string;
  readonly file: string;
  readonly bench: BenchFile;
  readonly board: Board;
}

/** @throws HilError (usage): no bench, or a real one twice */
async function loadBenches(files: readonly string[]): Promise<NamedBench[]> {
  if (files.length === 0) {
    throw new HilError('usage', 'no bench to run on', 'name one: --bench emulated');
  }
  const benches: NamedBench[] = [];
  for (const file of files) {
    const bench = await loadBench(file);
    const before = benches.filter((one) => one.bench.name === bench.name).length;
    if (before > 0 && bench.kind === 'nucleo') {
      const what = `bench ${file} is named twice, and there is one board of it`;
      throw new HilError('usage', what, 'name each real bench once');
    }
    const name = before === 0 ? bench.name : `${bench.name}-${before + 1}`;
    benches.push({ name, file, bench, board: await loadBoard(bench.board) });
  }
  return benches;
}

/** Milliseconds that an attempt of each case took in an earlier nightly. @throws HilError (usage): no such record, or of a run */
async function durationsOf(name: string | undefined): Promise<ReadonlyMap<string, number>> {
  if (name === undefined) return new Map();
  const { record } = await findRecord(name);
  if (record.schema !== 'cockpit-hil/nightly') {
    const what = `${record.id} is the record of a single run`;
    throw new HilError('usage', what, 'name the record of a nightly for --durations');
  }
  return new Map(
    record.cases.flatMap(({ id, ms, attempts }) =>
      attempts.length === 0 ? [] : [[id, ms / attempts.length] as const],
    ),
  );
}

async function loadSource(file: string, context: CliContext): Promise<SourceProgram> {
  const { program, sha256 } = await loadProgram(file, context);
  const source = file.endsWith('.ino') ? await readFile(file, 'utf8') : '';
  return { file, program, sha256, source };
}

/** The command that makes such a nightly again, the seed included. */
function commandOf(suite: string, seed: number, options: NightlyOptions): string {
  const { bench, shard, only, tag, retries, strict, durations, validatedWithin } = options;
  return commandLine([
    'cockpit-hil',
    'nightly',
    suite,
    ...bench.flatMap((one) => ['--bench', one]),
    ...['--seed', String(seed)],
    ...(shard === undefined ? [] : ['--shard', `${shard.index}/${shard.of}`]),
    ...only.flatMap((one) => ['--only', one]),
    ...tag.flatMap((one) => ['--tag', one]),
    ...(retries === undefined ? [] : ['--retries', String(retries)]),
    ...(durations === undefined ? [] : ['--durations', durations]),
    ...(validatedWithin === undefined ? [] : ['--validated-within', String(validatedWithin)]),
    ...(strict === true ? ['--strict'] : []),
  ]);
}

/** The log beside the record. A disk that fills up costs lines of it, and never the run. */
async function openLog(folder: string): Promise<Logger> {
  const path = join(folder, 'log.ndjson');
  await checkRecordPath(path);
  const destination = pino.destination({ dest: path, sync: true });
  destination.on('error', () => undefined);
  return pino({ level: 'debug' }, destination);
}

/**
 * Takes a folder for outputs until the command ends, before anything is done whose record would replace another.
 * @throws HilError (usage): it holds a record; (rig): another process, which is named, is about to write one there
 */
export async function takeOutFolder(
  { resources }: Pick<CliContext, 'resources'>,
  folder: string | undefined,
): Promise<void> {
  if (folder === undefined) return;
  const path = join(folder, 'record.json');
  await checkRecordPath(path);
  await own(resources, acquireLock(await realpath(folder), `cockpit-hil --out ${folder}`));
  // Only now: who had it before may have left one.
  const there = await stat(path).catch(() => undefined);
  if (there === undefined) return;
  const what = `--out ${folder} holds a record already: ${path}`;
  throw new HilError('usage', what, 'name another folder, or move this one away');
}

/** `nightly SUITE --bench NAME…`: runs a suite over benches and leaves a record, JUnit XML and a log. */
export async function nightlyCommand(
  context: CliContext,
  suiteName: string,
  options: NightlyOptions,
): Promise<number> {
  const suite = await loadSuite(suiteName);
  const selection = { only: options.only, tags: options.tag };
  if (options.list === true) {
    for (const line of listCases(suite, selection)) context.out(line);
    return 0;
  }
  if (options.shard !== undefined && options.seed === undefined) {
    const fix = 'give every part the same, such as --seed 42';
    throw new HilError(
      'usage',
      '--shard without --seed: parts whose seeds are drawn apart do not join',
      fix,
    );
  }
  await takeOutFolder(context, options.out);
  const benches = await loadBenches(options.bench);
  const seed = options.seed ?? randomInt(SEEDS);
  for (const path of [options.junit, options.json]) {
    if (path !== undefined) await checkRecordPath(path);
  }
  const plan = await planNightly(suite, {
    ...selection,
    shard: options.shard,
    seed,
    retries: options.retries,
    durations: await durationsOf(options.durations),
    boards: benches.map(({ board }) => board),
    kinds: benches.map(({ bench }) => bench.kind),
    load: (file) => loadSource(file, context),
  });
  const startedAt = new Date();
  const names = benches.map(({ name }) => name).join('+');
  const id = runId(startedAt, suite.name, names, process.pid);
  const folder = options.out ?? defaultNightlyFolder(id);
  const log = await openLog(folder);
  const around = await environment();
  const validatedWithin = options.validatedWithin ?? suite['validated-within'];
  const shared = { environment: around, log, validatedWithin };
  const stations = benches.map(({ name, file, bench, board }) =>
    context.resources.use(new BenchStation({ name, file, bench, board, ...shared })),
  );
  const part =
    options.shard === undefined ? '' : `, part ${options.shard.index}/${options.shard.of}`;
  const count = `${plan.cases.length} of ${plan.ids.length} cases`;
  context.out(`nightly ${suite.name}: ${count}${part}, on ${names}, seed ${seed}`);
  const progress = createNightlyProgress(context, plan.cases.length);
  const record = await runNightly({
    plan,
    stations,
    id,
    seed,
    startedAt,
    command: commandOf(suiteName, seed, options),
    environment: around,
    observer: progress,
    signal: context.signal,
    clock: () => new Date(),
    now: () => performance.now(),
  });
  progress.end();
  return finishNightly(context, record, { ...options, out: folder });
}

/** Where a nightly's outputs go, besides the folder. */
interface Outputs {
  readonly out: string;
  readonly junit?: string;
  readonly json?: string;
  readonly strict?: boolean;
}

/**
 * Shows a nightly and writes what it leaves behind. Shown also when the record can't be written: a disk that is full keeps nobody from
 * reading it, and it names the files that are there.
 * @returns the exit code
 * @throws HilError (rig) when something can't be written
 */
export async function finishNightly(
  context: CliContext,
  record: NightlyRecord,
  { out, junit, json, strict = false }: Outputs,
): Promise<number> {
  const main = join(out, 'record.json');
  const records = [main, ...(json === undefined ? [] : [json])];
  const style = { color: context.color };
  const { written, failure } = await writeEach(records, (path) => writeNightlyRecord(path, record));
  for (const line of nightlyLines(record, written, style)) context.out(line);
  const { outcome } = record.verdict;
  if (outcome === 'flaky' && !strict) {
    context.err('warning: cases passed only when they were tried again; --strict fails on that');
  }
  await tellGitHub(context, record);
  if (failure !== undefined) throw failure;
  for (const { id, attempts } of record.cases) {
    for (const attempt of attempts) {
      if (attempt.run === undefined || attempt.verdict.outcome === 'passed') continue;
      await writeRunRecord(join(out, attemptFile(id, attempt)), attempt.run);
    }
  }
  const xml = junitXml(record, ROOT);
  for (const path of [join(out, 'junit.xml'), ...(junit === undefined ? [] : [junit])]) {
    await writeNightlyFile(path, xml);
  }
  const warning = recordInHistory(record);
  if (warning !== undefined) context.err(warning);
  await tellBrowsers(context, record, join(out, 'report.html'));
  return nightlyExitCode(record.verdict, strict);
}

/** The HTML report. Whatever is wrong with that, the nightly stands. */
async function tellBrowsers(
  context: CliContext,
  record: NightlyRecord,
  path: string,
): Promise<void> {
  try {
    await writeReport(path, record);
  } catch (error) {
    context.err(
      `warning: no ${path}: ${error instanceof HilError ? error.line : errorText(error)}`,
    );
  }
}

/** Annotations and the job's summary, where this is a job of GitHub's (docs.github.com: GITHUB_ACTIONS, GITHUB_STEP_SUMMARY). */
async function tellGitHub(context: CliContext, record: NightlyRecord): Promise<void> {
  if (process.env.GITHUB_ACTIONS !== 'true') return;
  for (const line of githubAnnotations(record, ROOT)) context.out(line);
  const summary = process.env.GITHUB_STEP_SUMMARY ?? '';
  if (summary === '') return;
  try {
    await appendFile(summary, githubSummary(record));
  } catch (error) {
    context.err(`warning: cannot write the job's summary ${summary}: ${errorText(error)}`);
  }
}
