import type { Engine } from './engine.ts';
import { createMemoryContext, type VMMemoryContext } from './memory.ts';
import type { ModelIo } from './model-io.ts';

interface CopiedArrays {
  readonly context: VMMemoryContext;
  readonly stack: Int32Array;
  readonly frames: Uint32Array;
  readonly executedByOpcode: Float64Array;
}

/** A model as it was between two steps: everything but the program. */
export interface SavedModel extends CopiedArrays {
  readonly registers: ReturnType<typeof registersOf>;
  readonly io: ReturnType<ModelIo['save']>;
}

/** The fields of an engine that are plain values. */
function registersOf(engine: Engine) {
  const { sp, frameBase, depth, pc, halted, error, executed, rounds, maxStackDepth } = engine;
  return { sp, frameBase, depth, pc, halted, error, executed, rounds, maxStackDepth };
}

function copyMemory(from: VMMemoryContext, to: VMMemoryContext): void {
  to.globals.set(from.globals);
  to.arrays.set(from.arrays);
  to.arrayLengths.set(from.arrayLengths);
  to.globalCount = from.globalCount;
}

function emptyCopy({ stack, frames, executedByOpcode }: Engine): CopiedArrays {
  return {
    context: createMemoryContext(),
    stack: new Int32Array(stack.length),
    frames: new Uint32Array(frames.length),
    executedByOpcode: new Float64Array(executedByOpcode.length),
  };
}

/**
 * A copy of a model's state.
 * @param reuse a copy that isn't needed any more, whose arrays are overwritten
 */
export function saveModel(engine: Engine, io: ModelIo, reuse?: SavedModel): SavedModel {
  const { context, stack, frames, executedByOpcode } = reuse ?? emptyCopy(engine);
  copyMemory(engine.context, context);
  stack.set(engine.stack);
  frames.set(engine.frames);
  executedByOpcode.set(engine.executedByOpcode);
  const registers = registersOf(engine);
  return { context, stack, frames, executedByOpcode, registers, io: io.save() };
}

/** Puts a model back to where it was saved; the program must be the same. */
export function restoreModel(engine: Engine, io: ModelIo, saved: SavedModel): void {
  copyMemory(saved.context, engine.context);
  engine.stack.set(saved.stack);
  engine.frames.set(saved.frames);
  engine.executedByOpcode.set(saved.executedByOpcode);
  Object.assign(engine, saved.registers);
  io.restore(saved.io);
}
