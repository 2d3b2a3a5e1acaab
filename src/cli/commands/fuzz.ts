import { access } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { HilError } from '../../errors/index.ts';
import {
  compareCase,
  coverageLines,
  divergenceLines,
  listing,
  NativeExecutor,
  readFinding,
  runCampaign,
  writeFinding,
} from '../../fuzz/index.ts';
import type { CliContext } from '../context.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** The executor of the native builds, the one with sanitizers first. */
const EXECUTORS = ['native-asan', 'native'].map((preset) =>
  resolve(ROOT, 'build/firmware', preset, 'cvm-effects'),
);
const FOUND_FOLDER = '.cockpit-hil/found';
const DEFAULT_SECONDS = 60;

/** Options of `fuzz`, as commander hands them over. */
export interface FuzzOptions {
  seed?: number;
  time?: number;
  steps?: number;
  native?: string;
  output?: string;
  replay?: string;
}

async function findExecutor(given: string | undefined): Promise<string> {
  for (const path of given === undefined ? EXECUTORS : [resolve(given)]) {
    const found = await access(path).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  throw new HilError(
    'usage',
    `there is no native executor ${given ?? EXECUTORS.join(' or ')}`,
    'build it: cd firmware && cmake --preset native-asan && cmake --build --preset native-asan',
  );
}

/** `fuzz`: generated programs on the reference model and the native C engine, until time or steps are over or the two part. */
export async function fuzzCommand(context: CliContext, options: FuzzOptions): Promise<number> {
  const path = await findExecutor(options.native);
  const executor = context.resources.use(new NativeExecutor(path));
  if (options.replay !== undefined) return replay(context, executor, options.replay);

  const seed = options.seed ?? Date.now() % 0x8000_0000;
  const seconds = options.time ?? (options.steps === undefined ? DEFAULT_SECONDS : Infinity);
  context.out(`fuzz: seed ${seed}, native engine ${relative('', path)}`);
  const began = performance.now();
  const { programs, steps, coverage, finding } = await runCampaign({
    executor,
    seed,
    budget: { steps: options.steps ?? Infinity, ms: seconds * 1000 },
    now: () => performance.now(),
    signal: context.signal,
    onProgress: (done) => {
      if (context.terminal)
        process.stdout.write(`\r${done.programs} programs, ${done.steps} steps `);
    },
  });
  if (context.terminal) process.stdout.write('\r');
  const took = ((performance.now() - began) / 1000).toFixed(1);
  for (const line of coverageLines(coverage)) context.out(line);
  context.out(`${programs} programs, ${steps} steps compared in ${took} s`);
  if (finding === undefined) {
    if (steps === 0) throw new HilError('harness', 'no step was compared', 'give it more time');
    context.out('PASSED: model and native engine agree on every step');
    return 0;
  }
  const file = await writeFinding(options.output ?? FOUND_FOLDER, finding);
  context.out('FAILED: model and native engine part');
  for (const line of divergenceLines(finding.divergence)) context.out(line);
  context.out(`smallest program that shows it (found with ${finding.foundWith} instructions):`);
  for (const line of listing(finding.fuzzCase.program)) context.out(line);
  context.out(
    `written to ${relative('', file)}; run it again with: fuzz --replay ${relative('', file)}`,
  );
  return 1;
}

async function replay(
  context: CliContext,
  executor: NativeExecutor,
  path: string,
): Promise<number> {
  const { compared, divergence } = await compareCase(executor, await readFinding(path));
  if (divergence === undefined) {
    context.out(`PASSED: model and native engine agree on all ${compared} steps`);
    return 0;
  }
  context.out('FAILED: model and native engine part');
  for (const line of divergenceLines(divergence)) context.out(line);
  return 1;
}
