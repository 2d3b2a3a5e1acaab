import { relative } from 'node:path';
import { HilError } from '../../errors/index.ts';
import { own } from '../../process/index.ts';
import {
  HostCompiler,
  judgeSketches,
  readSketch,
  runJudge,
  writeSketchFinding,
  type JudgeResult,
} from '../../judge/index.ts';
import type { CliContext } from '../context.ts';

const FOUND_FOLDER = '.cockpit-hil/found';
const DEFAULT_SECONDS = 60;
const PASSED = 'PASSED: every sketch does what it does in the C++ of g++ -fwrapv';

/** Options of `fuzz compiler`, as commander hands them over. */
export interface FuzzCompilerOptions {
  seed?: number;
  time?: number;
  programs?: number;
  output?: string;
  replay?: string;
}

/** `fuzz compiler`: generated sketches through g++ and through our compiler, until time or number are over or the two differ. */
export async function fuzzCompilerCommand(
  context: CliContext,
  options: FuzzCompilerOptions,
): Promise<number> {
  const host = await own(context.resources, HostCompiler.open());
  if (options.replay !== undefined) return replay(context, host, options.replay);

  const seed = options.seed ?? Date.now() % 0x8000_0000;
  const { programs = Infinity } = options;
  const seconds = options.time ?? (programs === Infinity ? DEFAULT_SECONDS : Infinity);
  context.out(`fuzz compiler: seed ${seed}`);
  const began = performance.now();
  const result = await runJudge({
    ...{ host, seed, signal: context.signal, now: () => performance.now() },
    budget: { programs, ms: seconds * 1000 },
    onProgress: (done) => {
      if (context.terminal) process.stdout.write(`\r${done} sketches `);
    },
  });
  if (context.terminal) process.stdout.write('\r');
  for (const line of summary(result, performance.now() - began)) context.out(line);
  const { finding } = result;
  if (finding === undefined) {
    if (result.events === 0) {
      throw new HilError('harness', 'nothing was compared', 'give it more time');
    }
    context.out(PASSED);
    return 0;
  }
  const file = await writeSketchFinding(options.output ?? FOUND_FOLDER, finding);
  context.out('FAILED: the two differ');
  for (const line of finding.lines) context.out(line);
  context.out(`smallest sketch that shows it (found with ${finding.foundWith} lines):`);
  context.out(finding.sketch.source.trimEnd());
  const path = relative('', file);
  context.out(`written to ${path}; run it again with: fuzz compiler --replay ${path}`);
  return 1;
}

/** How many sketches had what, and what they did. */
function summary(result: JudgeResult, ms: number): string[] {
  const { programs, events, instructions, reached, limits, constructs } = result;
  const share = instructions === 0 ? 0 : Math.floor((100 * reached) / instructions);
  const { missing } = constructs;
  return [
    ...constructs.lines(),
    ...(missing.length === 0 ? [] : [`missing    ${missing.join(', ')}`]),
    ...[...limits].map(([what, count]) => `${count} too large for the machine: ${what}`),
    `${programs} sketches in ${(ms / 1000).toFixed(1)} s, ${events} events compared; ` +
      `${share} % of ${instructions} instructions were executed`,
  ];
}

async function replay(context: CliContext, host: HostCompiler, path: string): Promise<number> {
  const [judged] = await judgeSketches(host, [await readSketch(path)]);
  const verdict = judged?.verdict;
  if (verdict?.kind === 'agree') {
    context.out(PASSED);
    return 0;
  }
  if (verdict?.kind === 'limit') {
    throw new HilError('usage', `${path} is too large for the machine: ${verdict.what}`);
  }
  context.out('FAILED: the two differ');
  for (const line of verdict?.lines ?? []) context.out(line);
  return 1;
}
