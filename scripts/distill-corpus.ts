/**
 * Makes test/vectors/corpus: a few dozen small programs that together execute nearly all opcode pairs and operand classes, each
 * ending in another fault. They are grown on the reference model with the pins that the emulated board has, a piece at a time,
 * keeping what adds coverage. test/emulated/corpus.test.ts runs them on the board.
 *
 *     node scripts/distill-corpus.ts [seed]
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadBoard } from '../src/bench/index.ts';
import {
  Coverage,
  coverageLines,
  lowerSoup,
  observe,
  soupNumber,
  withOperands,
  type ObservedWorld,
} from '../src/fuzz/index.ts';
import { buildImage, type Program } from '../src/image/index.ts';
import { EFFECT_KINDS, OPCODES, type Instruction } from '../src/isa/index.ts';

const FOLDER = resolve(import.meta.dirname, '../test/vectors/corpus');
const PROGRAMS = 40;
/** A piece is tried this often for each program. */
const TRIES = 6000;
const ENDINGS = 1500;
const MOST_STEPS = 700;
const MOST_INSTRUCTIONS = 500;

const board = await loadBoard('nucleo_g474re');
// The emulated board has no ADC.
const pins = board.pins.map(({ pwm, dac }) => ({
  adc: false,
  pwm: pwm !== undefined,
  dac: dac !== undefined,
}));

/** What the pins read isn't known, so a program must go on whatever it is. */
const WORLDS: readonly ObservedWorld[] = [0, 1].map((level) => ({
  pins,
  buttons: board.buttons.length,
  inputs: () => level,
  steps: MOST_STEPS,
}));

/** A linear congruential generator, its high half first: what a seed gives must not change with a library. */
let state = Number(process.argv[2] ?? 1) >>> 0;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return ((state >>> 16) | (state << 16)) >>> 0;
}
const pick = <T>(list: readonly T[]): T | undefined => list[random() % list.length];

const total = new Coverage();
const covered = new Set<number>();
const trial = new Coverage();

/** What a program would add, and whether it ends in a fault, in the worse of the worlds. */
function tryOut(program: Program): { gain: number; faults: boolean } {
  let gain = Infinity;
  let faults = false;
  for (const world of WORLDS) {
    trial.clear();
    observe(program, world, trial);
    const { keys, last } = trial;
    gain = Math.min(
      gain,
      keys.reduce((sum, key) => sum + (covered.has(key) ? 0 : 1), 0),
    );
    faults ||= last?.kind === EFFECT_KINDS.ERROR;
  }
  return { gain, faults };
}

/** Two instructions that were not executed one after the other, or one with operands of its own. */
function piece(missing: readonly (readonly [number, number])[]): number[] {
  const pair = random() % 4 === 0 ? undefined : pick(missing);
  if (pair === undefined)
    return [withOperands(soupNumber(pick(OPCODES)?.code ?? 0, random()), true)];
  const [first, second] = pair;
  return [soupNumber(first, random()), withOperands(soupNumber(second, random()), false)];
}

/** Any opcode, with flags and immediate that are mostly wrong. */
function ending(): Instruction {
  const opcode = pick(OPCODES)?.code ?? 0;
  return { opcode, flags: random() % 4, immediate: random() % 2 === 0 ? 0xffff : 0 };
}

/** Grows one program. */
function grow(): Program {
  let numbers: number[] = [];
  let best = 0;
  const missing = total.missingPairs();
  for (let tries = 0; tries < TRIES; tries += 1) {
    const longer = [...numbers, ...piece(missing)];
    const program = lowerSoup(longer);
    if (program.instructions.length > MOST_INSTRUCTIONS) break;
    const { gain, faults } = tryOut(program);
    if (faults || gain <= best) continue;
    numbers = longer;
    best = gain;
  }
  let ended = lowerSoup(numbers);
  for (let tries = 0; tries < ENDINGS; tries += 1) {
    const program = lowerSoup(numbers, ending());
    const { gain } = tryOut(program);
    if (gain <= best) continue;
    best = gain;
    ended = program;
  }
  return ended;
}

await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
for (let index = 0; index < PROGRAMS; index += 1) {
  const program = grow();
  for (const world of WORLDS) observe(program, world, total);
  for (const key of total.keys) covered.add(key);
  await writeFile(join(FOLDER, `${String(index).padStart(2, '0')}.cvbc`), buildImage(program));
}
for (const line of coverageLines(total)) console.log(line);
