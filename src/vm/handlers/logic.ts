import type { Handler } from '../machine.ts';
import { hasOne, hasTwo, left, replaceOne, replaceTwo, right, UNDERFLOW } from './common.ts';

export const and: Handler = (machine) =>
  hasTwo(machine)
    ? replaceTwo(machine, left(machine) !== 0 && right(machine) !== 0 ? 1 : 0)
    : UNDERFLOW;

export const or: Handler = (machine) =>
  hasTwo(machine)
    ? replaceTwo(machine, left(machine) !== 0 || right(machine) !== 0 ? 1 : 0)
    : UNDERFLOW;

export const not: Handler = (machine) =>
  hasOne(machine) ? replaceOne(machine, right(machine) === 0 ? 1 : 0) : UNDERFLOW;
