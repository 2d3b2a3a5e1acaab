import type { OpcodeName } from '../../isa/index.ts';
import type { Handler } from '../machine.ts';
import * as arithmetic from './arithmetic.ts';
import * as bitwise from './bitwise.ts';
import * as call from './call.ts';
import * as compare from './compare.ts';
import * as io from './io.ts';
import * as jump from './jump.ts';
import * as logic from './logic.ts';
import * as memory from './memory.ts';
import * as stack from './stack.ts';

/** The handler of every opcode; the compiler refuses a table with one missing or one too many. */
export const HANDLERS: Readonly<Record<OpcodeName, Handler>> = {
  HALT: stack.halt,
  PUSH: stack.push,
  POP: stack.pop,
  ADD: arithmetic.add,
  SUB: arithmetic.sub,
  MUL: arithmetic.mul,
  DIV: arithmetic.div,
  MOD: arithmetic.mod,
  CALL: call.call,
  RET: call.ret,
  DIGITAL_WRITE: io.digitalWrite,
  DIGITAL_READ: io.digitalRead,
  ANALOG_WRITE: io.analogWrite,
  ANALOG_READ: io.analogRead,
  DELAY: io.delay,
  BUTTON_PRESSED: io.buttonPressed,
  BUTTON_RELEASED: io.buttonReleased,
  PIN_MODE: io.pinMode,
  PRINTF: io.printf,
  MILLIS: io.millis,
  MICROS: io.micros,
  EQ: compare.eq,
  NE: compare.ne,
  LT: compare.lt,
  GT: compare.gt,
  LE: compare.le,
  GE: compare.ge,
  EQ_SIGNED: compare.eq,
  NE_SIGNED: compare.ne,
  LT_SIGNED: compare.ltSigned,
  GT_SIGNED: compare.gtSigned,
  LE_SIGNED: compare.leSigned,
  GE_SIGNED: compare.geSigned,
  JMP: jump.jmp,
  JMP_TRUE: jump.jmpTrue,
  JMP_FALSE: jump.jmpFalse,
  AND: logic.and,
  OR: logic.or,
  NOT: logic.not,
  LOAD_GLOBAL: memory.loadGlobal,
  STORE_GLOBAL: memory.storeGlobal,
  LOAD_LOCAL: memory.loadLocal,
  STORE_LOCAL: memory.storeLocal,
  LOAD_ARRAY: memory.loadArray,
  STORE_ARRAY: memory.storeArray,
  CREATE_ARRAY: memory.createArray,
  BITWISE_AND: bitwise.bitwiseAnd,
  BITWISE_OR: bitwise.bitwiseOr,
  BITWISE_XOR: bitwise.bitwiseXor,
  BITWISE_NOT: bitwise.bitwiseNot,
  SHIFT_LEFT: bitwise.shiftLeft,
  SHIFT_RIGHT: bitwise.shiftRight,
};

export { loadLocal } from './memory.ts';
export { push } from './stack.ts';
