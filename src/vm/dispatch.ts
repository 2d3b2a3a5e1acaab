import { OPCODES, VM_ERRORS, type FlagRule } from '../isa/index.ts';
import { HANDLERS, loadLocal, push } from './handlers/index.ts';
import type { IOController } from './io.ts';
import type { Handler, Machine } from './machine.ts';
import type { VMMemoryOps } from './memory.ts';
import { fault, type HandlerResult } from './result.ts';

const invalidOpcode: Handler = () => fault(VM_ERRORS.INVALID_OPCODE);

/** The one dispatch table: a handler for each of the 256 opcode numbers; empty slots fault. */
export const DISPATCH: readonly Handler[] = (() => {
  const table = new Array<Handler>(256).fill(invalidOpcode);
  for (const { code, name } of OPCODES) table[code] = HANDLERS[name];
  return table;
})();

function allows(rule: FlagRule, flags: number): boolean {
  switch (rule.kind) {
    case 'none':
      return flags === 0;
    case 'choice':
      return flags in rule.names;
    case 'count':
      return flags <= rule.max;
  }
}

/** 1 at `opcode | flags << 8` when that opcode exists and takes those flags, else 0. */
const LEGAL: Uint8Array = (() => {
  const legal = new Uint8Array(0x1_0000);
  for (const { code, flags: rule } of OPCODES) {
    for (let flags = 0; flags <= 0xff; flags += 1) {
      if (allows(rule, flags)) legal[code | (flags << 8)] = 1;
    }
  }
  return legal;
})();

/** What carries out the instruction `word`: its opcode's handler, or a fault when it has none or doesn't take these flags. */
export function handlerOf(word: number): Handler {
  return LEGAL[word & 0xffff] === 1 ? (DISPATCH[word & 0xff] ?? invalidOpcode) : invalidOpcode;
}

/**
 * Has a handler carry out its instruction. The two that are most frequent are called by name: a function that V8 knows it puts in
 * the place of the call. It stops doing that when there are many of them, and then no call is cheap.
 */
export function carryOut(
  machine: Machine,
  word: number,
  handler: Handler,
  memory: VMMemoryOps,
  io: IOController,
): HandlerResult {
  const flags = (word >>> 8) & 0xff;
  const immediate = word >>> 16;
  if (handler === push) return push(machine, flags, immediate, memory, io);
  if (handler === loadLocal) return loadLocal(machine, flags, immediate, memory, io);
  return handler(machine, flags, immediate, memory, io);
}
