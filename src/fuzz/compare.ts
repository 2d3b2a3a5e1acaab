import { crc32 } from 'node:zlib';
import { EFFECT_KINDS, type Effect, type EffectKind } from '../isa/index.ts';
import {
  createEngine,
  executionMetrics,
  loadProgram,
  run,
  snapshot,
  stepWithEffect,
  type Engine,
  type RunEnd,
} from '../vm/index.ts';
import { EFFECT_BYTES, END_FIELDS, type Answer } from './answer.ts';
import type { FuzzCase } from './case.ts';
import type { Coverage } from './coverage.ts';
import { createWorld, type World } from './world.ts';

/** Where the model and the native engine part. */
export type Divergence =
  | {
      readonly kind: 'effect';
      /** Steps before it, all of which agreed. */
      readonly step: number;
      /** Undefined: that engine took no further step. */
      readonly model: Effect | undefined;
      readonly native: Effect | undefined;
    }
  | {
      readonly kind: 'end';
      readonly after: 'stepping' | 'cvm_run';
      readonly field: string;
      readonly model: number;
      readonly native: number;
    }
  /** The image builder's image is refused. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The process died or hung. */
  | { readonly kind: 'crash'; readonly message: string; readonly report: string };

/** In the end state of the stepped run, where the other one has a cvm_run_result. */
const NOT_CVM_RUN = 0xff;
/** enum cvm_run_result. */
const RUN_RESULTS: Record<RunEnd, number> = { steps: 0, loops: 1, halted: 2, fault: 3 };

interface Model {
  readonly engine: Engine;
  readonly world: World;
}

function startModel({ program, inputs }: FuzzCase): Model {
  const executed = (): number => engine.executed;
  const world = createWorld(inputs, executed);
  const engine = createEngine({ io: world.io });
  loadProgram(engine, program);
  return { engine, world };
}

/** The effect at a byte offset of an answer. */
export function effectAt(view: DataView, at: number): Effect {
  const kind = view.getUint8(at + 4) as EffectKind;
  const effect = {
    pc: view.getUint16(at, true),
    opcode: view.getUint8(at + 2),
    sp: view.getUint8(at + 3),
    kind,
    address: view.getUint16(at + 6, true),
    value: view.getInt32(at + 8, true),
  };
  if (kind !== EFFECT_KINDS.PRINT) return effect;
  const text = new Uint8Array(
    view.buffer,
    view.byteOffset + at + EFFECT_BYTES,
    view.getUint8(at + 5),
  );
  return { ...effect, text: Uint8Array.from(text) };
}

/** Field by field, without making an object of the native side. */
function agrees(model: Effect, view: DataView, at: number): boolean {
  return (
    model.pc === view.getUint16(at, true) &&
    model.opcode === view.getUint8(at + 2) &&
    model.sp === view.getUint8(at + 3) &&
    model.kind === view.getUint8(at + 4) &&
    model.address === view.getUint16(at + 6, true) &&
    model.value === view.getInt32(at + 8, true) &&
    sameText(model.text, view, at)
  );
}

function sameText(text: Uint8Array | undefined, view: DataView, at: number): boolean {
  const length = view.getUint8(at + 5);
  if (text === undefined) return length === 0;
  if (text.length !== length) return false;
  return text.every((byte, index) => byte === view.getUint8(at + EFFECT_BYTES + index));
}

/** END_FIELDS of the model; the metrics are 0 where the native engine isn't traced. */
function endState({ engine, world }: Model, result: number, traced: boolean): number[] {
  const state = snapshot(engine);
  const { totalInstructions, memoryOperations, ioOperations, controlFlow, maxStackDepth } =
    executionMetrics(engine);
  const metrics = [totalInstructions, memoryOperations, ioOperations, controlFlow, maxStackDepth];
  return [
    result,
    engine.pc,
    engine.sp,
    engine.depth,
    engine.error,
    engine.halted ? 1 : 0,
    engine.rounds,
    engine.executed >>> 0,
    Math.floor(engine.executed / 2 ** 32),
    world.requests(),
    engine.context.globalCount,
    crc32(state.globals),
    crc32(state.arrays),
    crc32(state.lengths),
    crc32(state.stack),
    crc32(state.frames),
    ...(traced ? metrics : metrics.map(() => 0)),
  ];
}

function compareEnd(
  after: 'stepping' | 'cvm_run',
  model: readonly number[],
  native: readonly number[],
): Divergence | undefined {
  const index = END_FIELDS.findIndex((_, at) => model[at] !== native[at]);
  const field = END_FIELDS[index];
  if (field === undefined) return undefined;
  return { kind: 'end', after, field, model: model[index] ?? -1, native: native[index] ?? -1 };
}

/** Steps the model along the native effects. */
function compareSteps(
  fuzzCase: FuzzCase,
  model: Model,
  answer: Answer,
  coverage: Coverage | undefined,
): Divergence | undefined {
  const { engine } = model;
  const { effects, count } = answer;
  const { steps, rounds } = fuzzCase;
  let at = 0;
  let step = 0;
  for (; step < steps; step += 1) {
    if (rounds !== 0 && engine.rounds >= rounds && engine.pc === engine.loop) break;
    coverage?.before(engine);
    const expected = stepWithEffect(engine);
    if (expected === undefined) break;
    coverage?.after(expected);
    if (step >= count) {
      return { kind: 'effect', step, model: expected, native: undefined };
    }
    if (!agrees(expected, effects, at)) {
      return { kind: 'effect', step, model: expected, native: effectAt(effects, at) };
    }
    at += EFFECT_BYTES + effects.getUint8(at + 5);
  }
  if (step < count) {
    return { kind: 'effect', step, model: undefined, native: effectAt(effects, at) };
  }
  return undefined;
}

/** What the comparison of one program found. */
export interface Comparison {
  /** Steps that agreed, the last fault included. */
  readonly compared: number;
  readonly divergence: Divergence | undefined;
}

/**
 * Executes a program on the model and compares it with what the native engine did: every step, the state left behind, and the
 * same run again through the loops that don't record effects.
 * @param coverage is told what was executed
 */
export function compareWithModel(
  fuzzCase: FuzzCase,
  answer: Answer,
  coverage?: Coverage,
): Comparison {
  if (answer.reason !== 'ok') {
    return { compared: 0, divergence: { kind: 'refused', reason: answer.reason } };
  }
  const stepped = startModel(fuzzCase);
  coverage?.begin();
  const wrongStep = compareSteps(fuzzCase, stepped, answer, coverage);
  if (wrongStep !== undefined) {
    const compared = wrongStep.kind === 'effect' ? wrongStep.step : 0;
    return { compared, divergence: wrongStep };
  }
  const ran = startModel(fuzzCase);
  const result = RUN_RESULTS[run(ran.engine, fuzzCase.steps, fuzzCase.rounds)];
  const divergence =
    compareEnd('stepping', endState(stepped, NOT_CVM_RUN, true), answer.stepped) ??
    compareEnd('cvm_run', endState(ran, result, false), answer.ran);
  return { compared: answer.count, divergence };
}
