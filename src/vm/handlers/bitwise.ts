import type { Handler } from '../machine.ts';
import {
  hasOne,
  hasTwo,
  INVALID_ARGUMENT,
  left,
  replaceOne,
  replaceTwo,
  right,
  UNDERFLOW,
} from './common.ts';

const isShiftCount = (count: number): boolean => count >= 0 && count <= 31;

export const bitwiseAnd: Handler = (machine) =>
  hasTwo(machine) ? replaceTwo(machine, left(machine) & right(machine)) : UNDERFLOW;

export const bitwiseOr: Handler = (machine) =>
  hasTwo(machine) ? replaceTwo(machine, left(machine) | right(machine)) : UNDERFLOW;

export const bitwiseXor: Handler = (machine) =>
  hasTwo(machine) ? replaceTwo(machine, left(machine) ^ right(machine)) : UNDERFLOW;

export const bitwiseNot: Handler = (machine) =>
  hasOne(machine) ? replaceOne(machine, ~right(machine)) : UNDERFLOW;

export const shiftLeft: Handler = (machine) => {
  if (!hasTwo(machine)) return UNDERFLOW;
  if (!isShiftCount(right(machine))) return INVALID_ARGUMENT;
  return replaceTwo(machine, left(machine) << right(machine));
};

export const shiftRight: Handler = (machine) => {
  if (!hasTwo(machine)) return UNDERFLOW;
  if (!isShiftCount(right(machine))) return INVALID_ARGUMENT;
  return replaceTwo(machine, left(machine) >> right(machine));
};
