import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import {
  connectBoard,
  loadBench,
  loadBoard,
  openRig,
  pinCapabilities,
} from '../../src/bench/index.ts';
import { Coverage, coverageLines, observe } from '../../src/fuzz/index.ts';
import { parseImage, type Program } from '../../src/image/index.ts';
import { runLockstep, type LockstepResult } from '../../src/lockstep/index.ts';
import { repositoryPath } from '../helpers/paths.ts';

const CORPUS = repositoryPath('test', 'vectors', 'corpus');
/** More than the longest program of the corpus takes. */
const STEPS = 1000;

async function loadCorpus(): Promise<{ file: string; program: Program }[]> {
  const files = (await readdir(CORPUS)).filter((file) => file.endsWith('.cvbc')).sort();
  return Promise.all(
    files.map(async (file) => {
      const parsed = parseImage(await readFile(join(CORPUS, file)));
      if (!parsed.ok) throw new Error(`${file}: ${parsed.reason}, ${parsed.detail}`);
      return { file, program: parsed.program };
    }),
  );
}

/** What is wrong with a run, or undefined. */
function problem(result: LockstepResult): unknown {
  const { mismatch, endMismatch, state } = result;
  if (mismatch !== undefined) return mismatch;
  return endMismatch ?? state?.differences[0];
}

describe("the fuzzer's corpus on the emulated board", () => {
  it('agrees with the model on every step', async () => {
    await using resources = new AsyncDisposableStack();
    const log = pino({ level: 'silent' });
    const signal = new AbortController().signal;
    const bench = await loadBench('emulated');
    const board = await loadBoard(bench.board);
    const rig = await openRig(bench, { board, firmware: undefined, resources, signal, log });
    await rig.probe?.flash();
    const { agent, hello } = await connectBoard(rig, { board, resources, log });
    const pins = pinCapabilities(board, hello);
    const buttons = board.buttons.length;
    const coverage = new Coverage();
    let steps = 0;
    const corpus = await loadCorpus();
    for (const { file, program } of corpus) {
      const result = await runLockstep({
        agent,
        vm: 0,
        program,
        clock: 'virtual',
        steps: STEPS,
        loops: 0,
        pins,
        buttons,
        now: () => performance.now(),
      });
      expect({ file, problem: problem(result) }).toEqual({ file, problem: undefined });
      steps += result.stepsCompared;
      // What was executed follows from the program and what it read.
      const read = result.inputs.map(({ value }) => value);
      observe(program, { pins, buttons, inputs: () => read.shift() ?? 0, steps: STEPS }, coverage);
      expect(read).toEqual([]);
    }
    console.log(`${corpus.length} programs, ${steps} steps compared on the emulated board`);
    for (const line of coverageLines(coverage)) console.log(line);
    expect(corpus.length).toBeGreaterThanOrEqual(24);
    const pairs = coverage.area('pairs');
    // The board has no ADC when it is emulated, so nothing comes after ANALOG_READ; RET and HALT are ends.
    expect(pairs.seen / pairs.possible).toBeGreaterThan(0.85);
  });
});
