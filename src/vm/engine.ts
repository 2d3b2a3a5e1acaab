import type { Program } from '../image/index.ts';
import { LIMITS, VM_ERRORS, type VmError } from '../isa/index.ts';
import { carryOut, handlerOf } from './dispatch.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import type { IOController } from './io.ts';
import type { Handler, Machine } from './machine.ts';
import {
  clearMemory,
  createMemoryContext,
  createMemoryOps,
  type VMMemoryContext,
  type VMMemoryOps,
} from './memory.ts';
import {
  ACTIONS,
  actionOf,
  CONTINUE,
  errorOf,
  jumpAddressOf,
  type HandlerResult,
} from './result.ts';

/** One VM. Anyone may read it between steps; only this file and the handlers write it, and only this file writes pc. */
export interface Engine extends Machine {
  /** Index of the next instruction, 0..instructionCount. */
  pc: number;
  instructionCount: number;
  strings: readonly Uint8Array[];
  /** The program, or undefined when none is loaded. */
  program: Program | undefined;
  /** Instructions as little-endian words: opcode | flags << 8 | immediate << 16. */
  code: Uint32Array;
  /** What carries out each of them. */
  handlers: readonly Handler[];
  /** Instruction that begins a loop() round; -1 = none. */
  loop: number;
  /** HALT was executed. */
  halted: boolean;
  /** Code of the fault that stopped the engine, or 0. */
  error: VmError;
  /** Instructions executed since load or reset; a faulting one isn't. */
  executed: number;
  /** Rounds of loop() begun since load or reset. */
  rounds: number;
  /** Largest `sp` after an executed instruction. */
  maxStackDepth: number;
  /** Instructions executed since load or reset, by opcode. */
  readonly executedByOpcode: Float64Array;
  readonly context: VMMemoryContext;
  readonly memory: VMMemoryOps;
  readonly io: IOController;
  /** Memory and io with a note of the last operation; see stepWithEffect. */
  readonly recorder: Recorder;
}

export interface EngineOptions {
  readonly io: IOController;
  /** Memory of this VM, from a pool; its own when left out. Cleared by load and reset. */
  readonly context?: VMMemoryContext;
  /** Operations on the context; a test's mocks. */
  readonly memory?: VMMemoryOps;
}

/** An engine without a program. */
export function createEngine(options: EngineOptions): Engine {
  const context = options.context ?? createMemoryContext();
  const memory = options.memory ?? createMemoryOps(context);
  return {
    stack: new Int32Array(LIMITS.STACK_DEPTH),
    sp: 0,
    frameBase: 0,
    frames: new Uint32Array(2 * LIMITS.CALL_DEPTH),
    depth: 0,
    pc: 0,
    instructionCount: 0,
    strings: [],
    input: { value: 0 },
    program: undefined,
    code: new Uint32Array(0),
    handlers: [],
    loop: -1,
    halted: false,
    error: VM_ERRORS.NONE,
    executed: 0,
    rounds: 0,
    maxStackDepth: 0,
    executedByOpcode: new Float64Array(256),
    context,
    memory,
    io: options.io,
    recorder: createRecorder(memory, options.io),
  };
}

/**
 * Keeps the program and clears everything else of this VM: stacks, memory, error, counters. Does not reset the io controller;
 * whoever owns that does.
 */
export function resetEngine(engine: Engine): void {
  clearMemory(engine.context);
  engine.stack.fill(0);
  engine.frames.fill(0);
  engine.sp = 0;
  engine.frameBase = 0;
  engine.depth = 0;
  engine.pc = engine.program?.entry ?? 0;
  engine.halted = false;
  engine.error = VM_ERRORS.NONE;
  engine.executed = 0;
  engine.rounds = 0;
  engine.maxStackDepth = 0;
  engine.executedByOpcode.fill(0);
}

/** Installs a program and clears everything else of this VM, as reset does. */
export function loadProgram(engine: Engine, program: Program): void {
  engine.program = program;
  engine.code = Uint32Array.from(
    program.instructions,
    ({ opcode, flags, immediate }) => opcode | (flags << 8) | (immediate << 16),
  );
  engine.handlers = Array.from(engine.code, handlerOf);
  engine.instructionCount = program.instructions.length;
  engine.strings = program.strings;
  engine.loop = program.loop ?? -1;
  resetEngine(engine);
}

/** `executed`: an instruction, HALT included. `fault`: this step failed and changed nothing. `idle`: halted or faulted before. */
export type StepResult = 'executed' | 'fault' | 'idle';

function stop(engine: Engine, error: VmError): 'fault' {
  engine.error = error;
  return 'fault';
}

/** A step for which there is no instruction at pc. */
function stopWithoutInstruction(engine: Engine): 'fault' {
  const error = engine.program === undefined ? 'PROGRAM_NOT_LOADED' : 'INVALID_JUMP';
  return stop(engine, VM_ERRORS[error]);
}

/** Carries out a verdict other than CONTINUE. False when it is an error: then there was no step. */
function conclude(engine: Engine, result: HandlerResult): boolean {
  const action = actionOf(result);
  if (action === ACTIONS.ERROR) {
    engine.error = errorOf(result);
    return false;
  }
  if (action === ACTIONS.JUMP) engine.pc = jumpAddressOf(result);
  else engine.halted = true;
  return true;
}

/**
 * Executes the instruction `word` at pc, which is `handler`'s, with given operations: the dispatcher, and the only place that moves
 * pc. False when it faulted.
 */
function dispatch(
  engine: Engine,
  word: number,
  handler: Handler,
  memory: VMMemoryOps,
  io: IOController,
): boolean {
  const result = carryOut(engine, word, handler, memory, io);
  if (result === CONTINUE) engine.pc += 1;
  else if (!conclude(engine, result)) return false;
  const opcode = word & 0xff;
  engine.executed += 1;
  engine.executedByOpcode[opcode] = (engine.executedByOpcode[opcode] ?? 0) + 1;
  if (engine.sp > engine.maxStackDepth) engine.maxStackDepth = engine.sp;
  return true;
}

/** One step with given operations. */
export function execute(engine: Engine, memory: VMMemoryOps, io: IOController): StepResult {
  if (engine.error !== VM_ERRORS.NONE || engine.halted) return 'idle';
  if (engine.pc === engine.loop) engine.rounds += 1;
  const word = engine.code[engine.pc];
  const handler = engine.handlers[engine.pc];
  if (word === undefined || handler === undefined) return stopWithoutInstruction(engine);
  return dispatch(engine, word, handler, memory, io) ? 'executed' : 'fault';
}

/** Executes at most one instruction. */
export function step(engine: Engine): StepResult {
  return execute(engine, engine.memory, engine.io);
}

/** Why a run ended: a budget, or the engine itself. */
export type RunEnd = 'steps' | 'loops' | 'halted' | 'fault';

/**
 * Executes until a budget is used up or the engine stops.
 * @param maxSteps instructions executed from now on
 * @param maxRounds rounds of loop() since load or reset; 0 = no limit. Stops before the step that would begin one more
 */
export function run(engine: Engine, maxSteps: number, maxRounds = 0): RunEnd {
  const { memory, io, code, handlers, loop } = engine;
  const lastRound = maxRounds === 0 ? Infinity : maxRounds;
  if (engine.error !== VM_ERRORS.NONE) return 'fault';
  for (let count = 0; !engine.halted; count += 1) {
    if (count >= maxSteps) return 'steps';
    if (engine.pc === loop) {
      if (engine.rounds >= lastRound) return 'loops';
      engine.rounds += 1;
    }
    const word = code[engine.pc];
    const handler = handlers[engine.pc];
    if (word === undefined || handler === undefined) return stopWithoutInstruction(engine);
    if (!dispatch(engine, word, handler, memory, io)) return 'fault';
  }
  return 'halted';
}
