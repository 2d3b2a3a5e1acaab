import { LIMITS, PIN_MODES, VM_ERRORS } from '../../isa/index.ts';
import type { IoStatus } from '../io.ts';
import { available, isFull, push, type Handler, type Machine } from '../machine.ts';
import { formatText } from '../printf.ts';
import { CONTINUE, fault, type HandlerResult } from '../result.ts';
import {
  drop,
  hasOne,
  hasTwo,
  INVALID_ARGUMENT,
  left,
  OVERFLOW,
  PRINTF_ERROR,
  replaceOne,
  right,
  UNDERFLOW,
} from './common.ts';

const HIGHEST_PIN_MODE: number = PIN_MODES.INPUT_PULLDOWN;

/** Ends an output: its operands go when the controller did it. */
function finishOutput(machine: Machine, status: IoStatus, operands: number): HandlerResult {
  return status === VM_ERRORS.NONE ? drop(machine, operands) : fault(status);
}

/** Ends a read of the port named by the top value, which the value read replaces. */
function finishRead(machine: Machine, status: IoStatus, value: number): HandlerResult {
  return status === VM_ERRORS.NONE ? replaceOne(machine, value) : fault(status);
}

export const digitalWrite: Handler = (machine, _flags, _immediate, _memory, io) => {
  if (!hasTwo(machine)) return UNDERFLOW;
  const level = right(machine) === 0 ? 0 : 1;
  return finishOutput(machine, io.digitalWrite(left(machine), level), 2);
};

export const digitalRead: Handler = (machine, _flags, _immediate, _memory, io) => {
  if (!hasOne(machine)) return UNDERFLOW;
  const status = io.digitalRead(right(machine), machine.input);
  return finishRead(machine, status, machine.input.value);
};

export const analogWrite: Handler = (machine, _flags, _immediate, _memory, io) => {
  if (!hasTwo(machine)) return UNDERFLOW;
  const value = right(machine);
  if (value < 0 || value > LIMITS.ANALOG_WRITE_MAX) return INVALID_ARGUMENT;
  return finishOutput(machine, io.analogWrite(left(machine), value), 2);
};

export const analogRead: Handler = (machine, _flags, _immediate, _memory, io) => {
  if (!hasOne(machine)) return UNDERFLOW;
  const status = io.analogRead(right(machine), machine.input);
  return finishRead(machine, status, machine.input.value);
};

export const delay: Handler = (machine, _flags, _immediate, _memory, io) => {
  if (!hasOne(machine)) return UNDERFLOW;
  const ms = right(machine);
  if (ms < 0) return INVALID_ARGUMENT;
  return finishOutput(machine, io.delay(ms), 1);
};

export const buttonPressed: Handler = (machine, _flags, _immediate, _memory, io) => {
  if (!hasOne(machine)) return UNDERFLOW;
  const status = io.button(right(machine), machine.input);
  return finishRead(machine, status, machine.input.value === 0 ? 0 : 1);
};

export const buttonReleased: Handler = (machine, _flags, _immediate, _memory, io) => {
  if (!hasOne(machine)) return UNDERFLOW;
  const status = io.button(right(machine), machine.input);
  return finishRead(machine, status, machine.input.value === 0 ? 1 : 0);
};

export const pinMode: Handler = (machine, _flags, _immediate, _memory, io) => {
  if (!hasTwo(machine)) return UNDERFLOW;
  const mode = right(machine);
  if (mode < 0 || mode > HIGHEST_PIN_MODE) return INVALID_ARGUMENT;
  return finishOutput(machine, io.pinMode(left(machine), mode), 2);
};

export const printf: Handler = (machine, argumentCount, stringId, _memory, io) => {
  if (available(machine) < argumentCount) return UNDERFLOW;
  const values = machine.stack.subarray(machine.sp - argumentCount, machine.sp);
  const text = formatText(machine.strings, stringId, values);
  if (text === undefined) return PRINTF_ERROR;
  return finishOutput(machine, io.print(text), argumentCount);
};

// The time must not be asked for before it is certain that the stack takes it: a faulting instruction consumes no input.
export const millis: Handler = (machine, _flags, _immediate, _memory, io) => {
  if (isFull(machine)) return OVERFLOW;
  const status = io.millis(machine.input);
  if (status !== VM_ERRORS.NONE) return fault(status);
  push(machine, machine.input.value);
  return CONTINUE;
};

export const micros: Handler = (machine, _flags, _immediate, _memory, io) => {
  if (isFull(machine)) return OVERFLOW;
  const status = io.micros(machine.input);
  if (status !== VM_ERRORS.NONE) return fault(status);
  push(machine, machine.input.value);
  return CONTINUE;
};
