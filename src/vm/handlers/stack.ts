import { isFull, push as pushValue, type Handler } from '../machine.ts';
import { CONTINUE, HALT } from '../result.ts';
import { drop, hasOne, OVERFLOW, replaceOne, right, UNDERFLOW } from './common.ts';

/** Flags of PUSH. */
const SIGNED = 1;
const WIDE = 2;

export const halt: Handler = () => HALT;

export const push: Handler = (machine, flags, immediate) => {
  if (flags === WIDE) {
    if (!hasOne(machine)) return UNDERFLOW;
    return replaceOne(machine, (immediate << 16) | (right(machine) & 0xffff));
  }
  if (isFull(machine)) return OVERFLOW;
  pushValue(machine, flags === SIGNED ? (immediate << 16) >> 16 : immediate);
  return CONTINUE;
};

export const pop: Handler = (machine) => (hasOne(machine) ? drop(machine, 1) : UNDERFLOW);
