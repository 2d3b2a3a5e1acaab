import type { Effect } from '../../src/isa/index.ts';
import { stepWithEffect, type Engine } from '../../src/vm/index.ts';
import { momentOf, plantedStep, roundsAreOver, startModel, type Scene } from './moments.ts';
import type { Differs, Sight, Spoil } from './types.ts';

/** What a run must show of a mutant. */
export type Prediction =
  | { readonly kind: 'agreed' }
  /**
   * The effect of `step` is the first that is wrong. `since`: the first step after which the state is, an earlier one when what made
   * the effect wrong was left behind, else `step` itself.
   */
  | { readonly kind: 'step'; readonly step: number; readonly since: number }
  /** All effects are right, but the state is wrong from this step on, and at the end. */
  | { readonly kind: 'state'; readonly since: number }
  | { readonly kind: 'end' }
  /** This step reads a wrong value. */
  | { readonly kind: 'read'; readonly step: number }
  /** The board hangs or dies in this step. */
  | { readonly kind: 'silent'; readonly step: number };

const AGREED = { kind: 'agreed' } as const;

function sameBytes(
  one: Uint8Array = new Uint8Array(),
  other: Uint8Array = new Uint8Array(),
): boolean {
  return Buffer.compare(one, other) === 0;
}

function sameEffect(one: Effect, other: Effect): boolean {
  return (
    one.pc === other.pc &&
    one.opcode === other.opcode &&
    one.sp === other.sp &&
    one.kind === other.kind &&
    one.address === other.address &&
    one.value === other.value &&
    sameBytes(one.text, other.text)
  );
}

type Words = Int32Array | Uint32Array | Uint8Array;

function sameWords(one: Words, other: Words, count = one.length): boolean {
  for (let at = 0; at < count; at += 1) if (one[at] !== other[at]) return false;
  return true;
}

/** What the state hash covers; docs/lockstep.md. Called after each step, so it copies nothing. */
function sameState(one: Engine, other: Engine): boolean {
  return (
    one.pc === other.pc &&
    one.sp === other.sp &&
    one.depth === other.depth &&
    one.error === other.error &&
    sameWords(one.stack, other.stack, one.sp) &&
    sameWords(one.frames, other.frames, 2 * one.depth) &&
    sameWords(one.context.globals, other.context.globals) &&
    sameWords(one.context.arrayLengths, other.context.arrayLengths) &&
    sameWords(one.context.arrays, other.context.arrays)
  );
}

/** How the second of two models is spoiled. */
interface Spoiling {
  readonly after: Spoil;
  readonly load?: (machine: Engine) => void;
  readonly differs?: Differs | undefined;
}

/** Runs two models side by side, the second one spoiled after each step, and says where they part. */
function predictSpoiled(scene: Scene, { after, load, differs }: Spoiling): Prediction {
  const good = startModel(scene);
  const bad = startModel(scene);
  load?.(bad);
  let overran = false;
  let since: number | undefined;
  for (let number = 0; number < scene.steps; number += 1) {
    if (roundsAreOver(scene, bad)) {
      if (overran || !roundsAreOver(scene, good)) return { kind: 'end' };
      break;
    }
    // A board that goes on is compared with a model that goes on.
    overran ||= roundsAreOver(scene, good);
    const expected = stepWithEffect(good);
    // The moment's fields are those before the step.
    const before = expected === undefined ? undefined : momentOf(bad, number, expected);
    if (before !== undefined && differs?.(before) === true) {
      return { kind: 'step', step: number, since: since ?? number };
    }
    const actual = stepWithEffect(bad);
    if (expected === undefined || before === undefined || actual === undefined) {
      if (expected === actual) break;
      return { kind: 'end' };
    }
    if (!sameEffect(expected, actual)) {
      return { kind: 'step', step: number, since: since ?? number };
    }
    after(bad, before);
    if (since === undefined && !sameState(good, bad)) since = number;
  }
  const counted = good.rounds === bad.rounds && good.executed === bad.executed;
  if (overran || !counted) return { kind: 'end' };
  // A change that was undone again is gone at the end, but an epoch may have ended in between.
  return since === undefined || sameState(good, bad) ? AGREED : { kind: 'state', since };
}

/** Says what each run must show of one mutant, run after run in the order of the suite. */
export type Predictor = (scene: Scene, effects: readonly Effect[]) => Prediction;

function predictStep(kind: 'step' | 'read' | 'silent', sight: Sight): Predictor {
  return (scene, effects) => {
    if (!('differs' in sight) || sight.kind === 'end') return AGREED;
    const step = plantedStep(scene, effects, sight.differs());
    if (step === undefined) return AGREED;
    return kind === 'step' ? { kind, step, since: step } : { kind, step };
  };
}

/** How to predict what runs show of a mutant. */
export function predictorOf(sight: Sight): Predictor {
  switch (sight.kind) {
    case 'step':
    case 'read':
    case 'silent':
      return predictStep(sight.kind, sight);
    case 'hidden':
      return (scene) => predictSpoiled(scene, { after: sight.spoil(), differs: sight.differs?.() });
    case 'carried': {
      // What survives a load is kept from one run to the next.
      const { load, after } = sight.spoil();
      return (scene) => predictSpoiled(scene, { load, after });
    }
    case 'end':
      return (scene, effects) => {
        const engine = startModel(scene);
        while (engine.executed < effects.length && stepWithEffect(engine) !== undefined);
        const stopped = engine.halted || engine.error !== 0;
        const faulted = engine.error !== 0 && engine.pc < engine.instructionCount;
        const { steps: stepLimit, loops } = scene;
        const ending = { steps: effects.length, stepLimit, loops, stopped, faulted };
        return sight.differs(ending) ? { kind: 'end' } : AGREED;
      };
    case 'leg':
    case 'equivalent':
      return () => AGREED;
  }
}
