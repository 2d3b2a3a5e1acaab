import type { Handler } from '../machine.ts';
import { DIVISION_BY_ZERO, hasTwo, left, replaceTwo, right, UNDERFLOW } from './common.ts';

export const add: Handler = (machine) =>
  hasTwo(machine) ? replaceTwo(machine, (left(machine) + right(machine)) | 0) : UNDERFLOW;

export const sub: Handler = (machine) =>
  hasTwo(machine) ? replaceTwo(machine, (left(machine) - right(machine)) | 0) : UNDERFLOW;

export const mul: Handler = (machine) =>
  hasTwo(machine) ? replaceTwo(machine, Math.imul(left(machine), right(machine))) : UNDERFLOW;

export const div: Handler = (machine) => {
  if (!hasTwo(machine)) return UNDERFLOW;
  if (right(machine) === 0) return DIVISION_BY_ZERO;
  // Truncates toward zero; INT_MIN / -1 is 2^31, which wraps to INT_MIN.
  return replaceTwo(machine, (left(machine) / right(machine)) | 0);
};

export const mod: Handler = (machine) => {
  if (!hasTwo(machine)) return UNDERFLOW;
  if (right(machine) === 0) return DIVISION_BY_ZERO;
  return replaceTwo(machine, (left(machine) % right(machine)) | 0);
};
