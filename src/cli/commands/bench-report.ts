import { mkdtempSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compareResults } from '../../compare/index.ts';
import { capture, findExecutable } from '../../process/index.ts';
import { htmlReport } from '../../report/index.ts';
import { History, resultView, writeOutput, type AnyRecord } from '../../results/index.ts';
import { madeUpNightly } from '../bench-nightly.ts';
import type { Aim } from '../../measure/index.ts';
import type { CliContext } from '../context.ts';
import { aimsExitCode, type AimOptions } from '../require-aims.ts';

/** What is aimed at for 2,000 cases and 100 runs. */
const BUILT_MS = 5000;
const USABLE_MS = 1000;

/** Time for Chromium to start, show the page and end: some seconds on a slow machine. */
const CHROMIUM_MS = 60_000;

/** Options of `bench report`, as commander hands them over. */
export interface BenchReportOptions extends AimOptions {
  cases: number;
  runs: number;
}

async function timed<T>(work: () => T | Promise<T>): Promise<{ ms: number; result: T }> {
  const from = performance.now();
  const result = await work();
  return { ms: performance.now() - from, result };
}

/** Milliseconds from asking for a page until it can be used, as the page itself measures; undefined without Chromium. */
async function usableMs(path: string): Promise<number | undefined> {
  if ((await findExecutable('chromium')) === undefined) return undefined;
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const args = ['--headless', ...sandbox, '--dump-dom', pathToFileURL(path).href];
  const { stdout } = await capture('chromium', args, CHROMIUM_MS, 'apt-get install chromium');
  const found = /<html[^>]* data-ready-ms="(\d+)"/.exec(stdout)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Takes the nightlies in, and keeps the last two. */
function fill(history: History, { cases, runs }: BenchReportOptions): AnyRecord[] {
  let kept: AnyRecord[] = [];
  for (let night = 0; night < runs; night += 1) {
    const record = madeUpNightly(cases, night);
    history.add(record);
    kept = [...kept.slice(-1), record];
  }
  return kept;
}

/** @param ms undefined: not measured, which meets nothing */
const aim = (ms: number | undefined, most: number, what: string): Aim => ({
  met: ms !== undefined && ms <= most,
  text: `${what} within ${most / 1000} s`,
});
const verdict = ({ met }: Aim): string => (met ? 'met' : 'MISSED');

/** `bench report`: how long a report of many cases and runs takes to build, and until a browser can use it. */
export async function benchReportCommand(
  context: CliContext,
  options: BenchReportOptions,
): Promise<number> {
  const { cases, runs } = options;
  const folder = mkdtempSync(join(tmpdir(), 'cockpit-hil-'));
  context.resources.defer(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'history.db');
  using history = History.open(path);
  const filled = await timed(() => fill(history, options));
  context.signal.throwIfAborted();
  const [before, after] = filled.result;
  const built = await timed(async () => {
    const view = resultView(history.record(history.find('latest')));
    const comparison =
      before === undefined || after === undefined
        ? undefined
        : await compareResults(resultView(before), resultView(after), {
            durations: () => [],
            costs: [],
            firstStep: () => Promise.resolve(undefined),
          });
    return htmlReport({ view, history, last: runs, comparison });
  });
  const file = join(folder, 'report.html');
  await writeOutput(file, built.result);
  const usable = await usableMs(file);
  const mb = async (name: string): Promise<string> => ((await stat(name)).size / 1e6).toFixed(1);
  const aims = {
    built: aim(built.ms, BUILT_MS, 'built'),
    usable: aim(usable, USABLE_MS, 'usable'),
  };
  const lines = [
    `history  ${runs} nightlies of ${cases} cases: ${(filled.ms / runs).toFixed(0)} ms each to make up and take in, ${await mb(path)} MB`,
    `report   built in ${(built.ms / 1000).toFixed(2)} s, ${await mb(file)} MB; aim: ${BUILT_MS / 1000} s, ${verdict(aims.built)}`,
    usable === undefined
      ? 'page     not measured: no Chromium here'
      : `page     usable ${(usable / 1000).toFixed(2)} s after it was asked for, in headless Chromium; aim: ${USABLE_MS / 1000} s, ${verdict(aims.usable)}`,
  ];
  for (const line of lines) context.out(line);
  return aimsExitCode(context, [aims.built, aims.usable], options);
}
