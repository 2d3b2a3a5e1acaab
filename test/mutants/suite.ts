import { effectsOf, type Scene } from './moments.ts';
import type { Effect } from '../../src/isa/index.ts';
import type { Seen } from './observe.ts';
import type { Runner } from './runner.ts';
import { isCaught } from './score.ts';
import type { Mode } from './types.ts';
import { loadUnits, type Unit } from './units.ts';

/** A run of the regression suite, with all that is known of it before any mutant runs. */
export interface Exercise {
  readonly unit: Unit;
  readonly scene: Scene;
  readonly effects: readonly Effect[];
}

/** The good firmware does not pass: nothing that a mutant shows would mean anything. */
export class BaselineError extends Error {
  constructor(unit: Unit, mode: Mode, seen: Seen) {
    super(`the good firmware fails ${unit.id} in mode ${mode}: ${JSON.stringify(seen)}`);
    this.name = 'BaselineError';
  }
}

/**
 * Runs the whole suite on the good firmware, in each of the modes.
 * @returns the runs, with the inputs that the programs read
 * @throws BaselineError when one of them fails, or compares nothing
 */
export async function rehearse(
  runner: Runner,
  modes: readonly Mode[],
  wanted: (unit: Unit) => boolean = () => true,
): Promise<Exercise[]> {
  const exercises: Exercise[] = [];
  const { pins, board } = await runner.station();
  for (const unit of loadUnits().filter(wanted)) {
    let inputs: readonly number[] = [];
    for (const mode of modes) {
      const run = await runner.run(unit, mode);
      if (isCaught(run.seen) || run.seen.kind === 'nothing')
        throw new BaselineError(unit, mode, run.seen);
      if (mode === modes[0]) inputs = run.inputs;
    }
    const scene: Scene = {
      program: unit.program,
      pins,
      buttons: board.buttons.length,
      inputs,
      steps: unit.steps,
      loops: unit.loops,
    };
    exercises.push({ unit, scene, effects: effectsOf(scene) });
  }
  return exercises;
}
