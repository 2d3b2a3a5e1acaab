import type { Handler } from '../machine.ts';
import { hasTwo, left, replaceTwo, right, UNDERFLOW } from './common.ts';

// Equality is the same for signed and unsigned values; order needs the operands as uint32 or as int32.

export const eq: Handler = (machine) =>
  hasTwo(machine) ? replaceTwo(machine, left(machine) === right(machine) ? 1 : 0) : UNDERFLOW;

export const ne: Handler = (machine) =>
  hasTwo(machine) ? replaceTwo(machine, left(machine) !== right(machine) ? 1 : 0) : UNDERFLOW;

export const lt: Handler = (machine) =>
  hasTwo(machine)
    ? replaceTwo(machine, left(machine) >>> 0 < right(machine) >>> 0 ? 1 : 0)
    : UNDERFLOW;

export const gt: Handler = (machine) =>
  hasTwo(machine)
    ? replaceTwo(machine, left(machine) >>> 0 > right(machine) >>> 0 ? 1 : 0)
    : UNDERFLOW;

export const le: Handler = (machine) =>
  hasTwo(machine)
    ? replaceTwo(machine, left(machine) >>> 0 <= right(machine) >>> 0 ? 1 : 0)
    : UNDERFLOW;

export const ge: Handler = (machine) =>
  hasTwo(machine)
    ? replaceTwo(machine, left(machine) >>> 0 >= right(machine) >>> 0 ? 1 : 0)
    : UNDERFLOW;

export const ltSigned: Handler = (machine) =>
  hasTwo(machine) ? replaceTwo(machine, left(machine) < right(machine) ? 1 : 0) : UNDERFLOW;

export const gtSigned: Handler = (machine) =>
  hasTwo(machine) ? replaceTwo(machine, left(machine) > right(machine) ? 1 : 0) : UNDERFLOW;

export const leSigned: Handler = (machine) =>
  hasTwo(machine) ? replaceTwo(machine, left(machine) <= right(machine) ? 1 : 0) : UNDERFLOW;

export const geSigned: Handler = (machine) =>
  hasTwo(machine) ? replaceTwo(machine, left(machine) >= right(machine) ? 1 : 0) : UNDERFLOW;
