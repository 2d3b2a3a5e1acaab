import type { Handler, Machine } from '../machine.ts';
import { CONTINUE, jumpTo, type HandlerResult } from '../result.ts';
import { hasOne, INVALID_JUMP, right, UNDERFLOW } from './common.ts';

/** Pops the condition and jumps if `taken`; the target is judged only then, and before the pop. */
function branch(machine: Machine, taken: boolean, target: number): HandlerResult {
  if (taken && target >= machine.instructionCount) return INVALID_JUMP;
  machine.sp -= 1;
  return taken ? jumpTo(target) : CONTINUE;
}

export const jmp: Handler = (machine, _flags, target) =>
  target < machine.instructionCount ? jumpTo(target) : INVALID_JUMP;

export const jmpTrue: Handler = (machine, _flags, target) =>
  hasOne(machine) ? branch(machine, right(machine) !== 0, target) : UNDERFLOW;

export const jmpFalse: Handler = (machine, _flags, target) =>
  hasOne(machine) ? branch(machine, right(machine) === 0, target) : UNDERFLOW;
