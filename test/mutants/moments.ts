import type { Program } from '../../src/image/index.ts';
import { EFFECT_KINDS, OPCODES, type Effect, type OpcodeName } from '../../src/isa/index.ts';
import {
  createEngine,
  createModelIo,
  loadProgram,
  step,
  stepWithEffect,
  type Engine,
  type PinCapability,
} from '../../src/vm/index.ts';
import type { Differs, Moment } from './types.ts';

/** A program, and what its steps depend on besides. */
export interface Scene {
  readonly program: Program;
  /** By logical pin number. */
  readonly pins: readonly (PinCapability | undefined)[];
  readonly buttons: number;
  /** What the program read on the good firmware, in order. */
  readonly inputs: readonly number[];
  /** Most steps, and rounds of loop(); 0 = no such limit. */
  readonly steps: number;
  readonly loops: number;
}

const NAMES: readonly (OpcodeName | undefined)[] = (() => {
  const names = new Array<OpcodeName | undefined>(256).fill(undefined);
  for (const { code, name } of OPCODES) names[code] = name;
  return names;
})();

/** The reference model with a scene's program loaded. */
export function startModel(scene: Scene): Engine {
  const inputs = [...scene.inputs];
  const engine: Engine = createEngine({
    io: createModelIo({
      pins: scene.pins,
      buttons: scene.buttons,
      clock: 'virtual',
      executed: () => engine.executed,
      inputs: () => inputs.shift() ?? 0,
    }),
  });
  loadProgram(engine, scene.program);
  return engine;
}

/** Whether the scene's rounds are over before the engine's next step. */
export function roundsAreOver({ loops }: Scene, engine: Engine): boolean {
  return loops > 0 && engine.rounds >= loops && engine.pc === engine.loop;
}

/** What each step of a scene does on the reference model. */
export function effectsOf(scene: Scene): Effect[] {
  const engine = startModel(scene);
  const effects: Effect[] = [];
  while (effects.length < scene.steps && !roundsAreOver(scene, engine)) {
    const effect = stepWithEffect(engine);
    if (effect === undefined) break;
    effects.push(effect);
  }
  return effects;
}

/** The step that an engine is about to take. @param effect what it will do */
export function momentOf(engine: Engine, number: number, effect: Effect): Moment {
  const { pc, sp, stack, frameBase: base } = engine;
  const word = engine.code[pc] ?? 0;
  return {
    step: number,
    op: (pc < engine.instructionCount ? NAMES[word & 0xff] : undefined) ?? 'NONE',
    flags: (word >>> 8) & 0xff,
    immediate: word >>> 16,
    a: sp < 2 ? 0 : (stack[sp - 2] ?? 0),
    b: sp < 1 ? 0 : (stack[sp - 1] ?? 0),
    sp,
    base,
    own: sp - base,
    depth: engine.depth,
    machine: engine,
    effect,
    fault: effect.kind === EFFECT_KINDS.ERROR ? effect.value : 0,
  };
}

/**
 * The first step at which a mutant's effect differs, from the reference model and the mutant's own description alone.
 * @param effects what effectsOf() gave for the same scene
 * @returns undefined when it never does
 */
export function plantedStep(
  scene: Scene,
  effects: readonly Effect[],
  differs: Differs,
): number | undefined {
  const engine = startModel(scene);
  for (const [number, effect] of effects.entries()) {
    if (differs(momentOf(engine, number, effect))) return number;
    step(engine);
  }
  return undefined;
}
