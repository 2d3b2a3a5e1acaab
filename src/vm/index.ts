/** The reference model: the virtual machine of docs/vm.md, executed on the host. */
export { ENTRY_WORDS, FIRST_HASH, runDigest, stateHash } from './digest.ts';
export { stepWithEffect } from './effects.ts';
export {
  createEngine,
  loadProgram,
  resetEngine,
  run,
  step,
  type Engine,
  type EngineOptions,
  type RunEnd,
  type StepResult,
} from './engine.ts';
export type { IOController, IoStatus, IoValue } from './io.ts';
export {
  createMemoryContext,
  createMemoryOps,
  type VMMemoryContext,
  type VMMemoryOps,
} from './memory.ts';
export { executionMetrics, type ExecutionMetrics } from './metrics.ts';
export {
  createModelIo,
  type ModelIo,
  type ModelIoOptions,
  type PinCapability,
} from './model-io.ts';
export { createMemoryPool, type MemoryPool } from './pool.ts';
export { restoreModel, saveModel, type SavedModel } from './saved.ts';
export { snapshot, type Snapshot } from './snapshot.ts';
