import { VM_ERRORS } from '../../isa/index.ts';
import type { Machine } from '../machine.ts';
import { CONTINUE, fault, type HandlerResult } from '../result.ts';

/** The faults, packed once. */
export const OVERFLOW = fault(VM_ERRORS.STACK_OVERFLOW);
export const UNDERFLOW = fault(VM_ERRORS.STACK_UNDERFLOW);
export const INVALID_JUMP = fault(VM_ERRORS.INVALID_JUMP);
export const DIVISION_BY_ZERO = fault(VM_ERRORS.DIVISION_BY_ZERO);
export const MEMORY_BOUNDS = fault(VM_ERRORS.MEMORY_BOUNDS);
export const PRINTF_ERROR = fault(VM_ERRORS.PRINTF_ERROR);
export const INVALID_ARGUMENT = fault(VM_ERRORS.INVALID_ARGUMENT);

export function hasOne(machine: Machine): boolean {
  return machine.sp - machine.frameBase >= 1;
}

export function hasTwo(machine: Machine): boolean {
  return machine.sp - machine.frameBase >= 2;
}

/** Operand `b` of `a b -- r`. */
export function right(machine: Machine): number {
  return machine.stack[machine.sp - 1] ?? 0;
}

/** Operand `a` of `a b -- r`. */
export function left(machine: Machine): number {
  return machine.stack[machine.sp - 2] ?? 0;
}

/** Ends `a -- r`. */
export function replaceOne(machine: Machine, result: number): HandlerResult {
  machine.stack[machine.sp - 1] = result;
  return CONTINUE;
}

/** Ends `a b -- r`; the result is taken modulo 2^32. */
export function replaceTwo(machine: Machine, result: number): HandlerResult {
  machine.sp -= 1;
  machine.stack[machine.sp - 1] = result;
  return CONTINUE;
}

/** Ends an instruction that only takes values. */
export function drop(machine: Machine, count: number): HandlerResult {
  machine.sp -= count;
  return CONTINUE;
}
