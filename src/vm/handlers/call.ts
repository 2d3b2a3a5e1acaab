import { LIMITS } from '../../isa/index.ts';
import { available, push, type Handler } from '../machine.ts';
import { jumpTo } from '../result.ts';
import { hasOne, INVALID_JUMP, OVERFLOW, right, UNDERFLOW } from './common.ts';

/** Flags of RET. */
const VALUE = 1;

export const call: Handler = (machine, argumentCount, target) => {
  if (available(machine) < argumentCount) return UNDERFLOW;
  if (target >= machine.instructionCount) return INVALID_JUMP;
  if (machine.depth >= LIMITS.CALL_DEPTH) return OVERFLOW;
  const frameBase = machine.sp - argumentCount;
  machine.frames[2 * machine.depth] = machine.pc + 1;
  machine.frames[2 * machine.depth + 1] = frameBase;
  machine.depth += 1;
  machine.frameBase = frameBase;
  return jumpTo(target);
};

export const ret: Handler = (machine, flags) => {
  if (machine.depth === 0) return UNDERFLOW;
  const withValue = flags === VALUE;
  if (withValue && !hasOne(machine)) return UNDERFLOW;
  const result = right(machine);
  machine.depth -= 1;
  machine.sp = machine.frameBase;
  machine.frameBase = machine.depth === 0 ? 0 : (machine.frames[2 * machine.depth - 1] ?? 0);
  if (withValue) push(machine, result);
  return jumpTo(machine.frames[2 * machine.depth] ?? 0);
};
