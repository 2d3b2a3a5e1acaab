import { OPCODES, VM_ERRORS, type FlagRule } from '../isa/index.ts';
import { HANDLERS } from './handlers/index.ts';
import type { Handler } from './machine.ts';
import { fault } from './result.ts';

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
export const LEGAL: Uint8Array = (() => {
  const legal = new Uint8Array(0x1_0000);
  for (const { code, flags: rule } of OPCODES) {
    for (let flags = 0; flags <= 0xff; flags += 1) {
      if (allows(rule, flags)) legal[code | (flags << 8)] = 1;
    }
  }
  return legal;
})();
