/**
 * Makes test/vectors/corpus: the few dozen small programs, out of tens of thousands that the fuzzer generates, that together
 * execute the most opcode pairs, faults and operand classes. They are chosen on the reference model, with the pins that the
 * emulated board has; test/emulated/corpus.test.ts runs them there.
 *
 *     node scripts/distill-corpus.ts [seed]
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { loadBoard } from '../src/bench/index.ts';
import { Coverage, coverageLines, fuzzCase, observe } from '../src/fuzz/index.ts';
import { buildImage, type Program } from '../src/image/index.ts';

const FOLDER = resolve(import.meta.dirname, '../test/vectors/corpus');
const GENERATED = 60_000;
const CHOSEN = 64;
/** A board needs about 0.1 ms a step on the emulator, and 0.1 s to upload 1 KB. */
const MOST_STEPS = 400;
const MOST_BYTES = 2200;

interface Candidate {
  readonly program: Program;
  readonly image: Uint8Array;
  readonly keys: readonly number[];
}

const seed = Number(process.argv[2] ?? 1);
const board = await loadBoard('nucleo_g474re');
// The emulated board has no ADC, and nothing drives its pins.
const pins = board.pins.map(({ pwm, dac }) => ({
  adc: false,
  pwm: pwm !== undefined,
  dac: dac !== undefined,
}));
const world = { pins, buttons: board.buttons.length, inputs: () => 0, steps: MOST_STEPS };

const candidates: Candidate[] = [];
const seenBefore = new Set<number>();
const coverage = new Coverage();
for (const { program } of fc.sample(fuzzCase, { seed, numRuns: GENERATED })) {
  const image = buildImage(program);
  if (image.length > MOST_BYTES) continue;
  coverage.clear();
  observe(program, world, coverage);
  const { keys } = coverage;
  // One that adds nothing to those before it and is short is no candidate; a long one may still replace several.
  if (keys.length < 150 && keys.every((key) => seenBefore.has(key))) continue;
  for (const key of keys) seenBefore.add(key);
  candidates.push({ program, image, keys });
}

/** Greedy set cover: again and again the one that adds most. */
const covered = new Set<number>();
const chosen: Candidate[] = [];
while (chosen.length < CHOSEN) {
  let best: Candidate | undefined;
  let bestGain = 0;
  for (const candidate of candidates) {
    if (candidate.keys.length <= bestGain) continue;
    const gain = candidate.keys.reduce((sum, key) => sum + (covered.has(key) ? 0 : 1), 0);
    if (gain <= bestGain) continue;
    best = candidate;
    bestGain = gain;
  }
  if (best === undefined) break;
  for (const key of best.keys) covered.add(key);
  chosen.push(best);
}

await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
coverage.clear();
for (const [index, { program, image }] of chosen.entries()) {
  await writeFile(join(FOLDER, `${String(index).padStart(2, '0')}.cvbc`), image);
  observe(program, world, coverage);
}
console.log(
  `${chosen.length} of ${candidates.length} candidates, ${covered.size} of ${seenBefore.size} seen by all`,
);
for (const line of coverageLines(coverage)) console.log(line);
