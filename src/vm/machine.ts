import { LIMITS } from '../isa/index.ts';
import type { IOController, IoValue } from './io.ts';
import type { VMMemoryOps } from './memory.ts';
import type { HandlerResult } from './result.ts';

/** The part of an engine that a handler sees. The program counter is read-only: only the dispatcher moves it. */
export interface Machine {
  /** 128 int32; the values on it are 0..sp-1. */
  readonly stack: Int32Array;
  /** Values on the whole operand stack, 0..128. */
  sp: number;
  /** Where the running function's values begin, 0..sp. Values below belong to its callers. */
  frameBase: number;
  /** Pairs {return pc, frame base of the called function}; 24 of them. */
  readonly frames: Uint32Array;
  /** Call frames in use, 0..24. */
  depth: number;
  readonly pc: number;
  readonly instructionCount: number;
  readonly strings: readonly Uint8Array[];
  /** Scratch for reads from the io controller. */
  readonly input: IoValue;
}

/**
 * Executes one instruction. Checks everything before it changes anything, so that a fault leaves stack, frames, memory and I/O
 * as they were. `flags` were judged by the dispatcher.
 */
export type Handler = (
  machine: Machine,
  flags: number,
  immediate: number,
  memory: VMMemoryOps,
  io: IOController,
) => HandlerResult;

/** Values of the current frame: what an instruction may pop. */
export function available(machine: Machine): number {
  return machine.sp - machine.frameBase;
}

export function isFull(machine: Machine): boolean {
  return machine.sp >= LIMITS.STACK_DEPTH;
}

/** Puts a value on the stack, modulo 2^32. The caller has checked that there is room. */
export function push(machine: Machine, value: number): void {
  machine.stack[machine.sp] = value;
  machine.sp += 1;
}
