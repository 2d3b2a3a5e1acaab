import { isFull, push, type Handler } from '../machine.ts';
import { CONTINUE } from '../result.ts';
import {
  drop,
  hasOne,
  hasTwo,
  left,
  MEMORY_BOUNDS,
  OVERFLOW,
  replaceOne,
  right,
  UNDERFLOW,
} from './common.ts';

export const loadGlobal: Handler = (machine, _flags, id, memory) => {
  const value = memory.loadGlobal(id);
  if (value === undefined) return MEMORY_BOUNDS;
  if (isFull(machine)) return OVERFLOW;
  push(machine, value);
  return CONTINUE;
};

export const storeGlobal: Handler = (machine, _flags, id, memory) => {
  if (!hasOne(machine)) return UNDERFLOW;
  return memory.storeGlobal(id, right(machine)) ? drop(machine, 1) : MEMORY_BOUNDS;
};

export const loadLocal: Handler = (machine, _flags, offset) => {
  const slot = machine.frameBase + offset;
  if (slot >= machine.sp) return MEMORY_BOUNDS;
  if (isFull(machine)) return OVERFLOW;
  push(machine, machine.stack[slot] ?? 0);
  return CONTINUE;
};

export const storeLocal: Handler = (machine, _flags, offset) => {
  if (!hasOne(machine)) return UNDERFLOW;
  const slot = machine.frameBase + offset;
  if (slot >= machine.sp - 1) return MEMORY_BOUNDS;
  machine.stack[slot] = right(machine);
  return drop(machine, 1);
};

export const loadArray: Handler = (machine, _flags, id, memory) => {
  if (!hasOne(machine)) return UNDERFLOW;
  const index = right(machine);
  const value = index < 0 ? undefined : memory.loadArray(id, index);
  return value === undefined ? MEMORY_BOUNDS : replaceOne(machine, value);
};

export const storeArray: Handler = (machine, _flags, id, memory) => {
  if (!hasTwo(machine)) return UNDERFLOW;
  const index = left(machine);
  if (index < 0 || !memory.storeArray(id, index, right(machine))) return MEMORY_BOUNDS;
  return drop(machine, 2);
};

export const createArray: Handler = (machine, _flags, id, memory) => {
  if (!hasOne(machine)) return UNDERFLOW;
  const size = right(machine);
  return size >= 0 && memory.createArray(id, size) ? drop(machine, 1) : MEMORY_BOUNDS;
};
