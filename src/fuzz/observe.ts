import type { Program } from '../image/index.ts';
import {
  createEngine,
  createModelIo,
  loadProgram,
  stepWithEffect,
  type PinCapability,
} from '../vm/index.ts';
import type { Coverage } from './coverage.ts';

/** A board as the model sees it, for one run. */
export interface ObservedWorld {
  readonly pins: readonly (PinCapability | undefined)[];
  readonly buttons: number;
  /** What the program reads. */
  readonly inputs: (port: number) => number;
  readonly steps: number;
}

/**
 * Runs a program on the model alone, on the virtual clock, to see what it executes.
 * @returns steps taken, the last fault included
 */
export function observe(program: Program, world: ObservedWorld, coverage: Coverage): number {
  const { steps, ...controller } = world;
  const executed = (): number => engine.executed;
  const io = createModelIo({ ...controller, clock: 'virtual', executed });
  const engine = createEngine({ io });
  loadProgram(engine, program);
  coverage.begin();
  for (let step = 0; step < steps; step += 1) {
    coverage.before(engine);
    const effect = stepWithEffect(engine);
    if (effect === undefined) return step;
    coverage.after(effect);
  }
  return steps;
}
