import { OPCODES, type Opcode } from './opcodes.ts';
import { VM_ERRORS, type VmError, type VmErrorName } from './limits.ts';

const byCode: readonly (Opcode | undefined)[] = (() => {
  const slots = new Array<Opcode | undefined>(256).fill(undefined);
  for (const opcode of OPCODES) slots[opcode.code] = opcode;
  return slots;
})();

const byName: ReadonlyMap<string, Opcode> = new Map(OPCODES.map((opcode) => [opcode.name, opcode]));

const errorNames: ReadonlyMap<number, VmErrorName> = new Map(
  (Object.entries(VM_ERRORS) as [VmErrorName, VmError][]).map(([name, code]) => [code, name]),
);

/** The row of an opcode number, or undefined when the instruction set has no such opcode. */
export function opcodeByCode(code: number): Opcode | undefined {
  return byCode[code];
}

/** The row of an opcode name such as `PUSH` (upper case), or undefined. */
export function opcodeByName(name: string): Opcode | undefined {
  return byName.get(name);
}

/** Name of a VM error code, e.g. `DIVISION_BY_ZERO` for 6; `ERROR_<code>` for a code that is none. */
export function errorName(code: number): string {
  return errorNames.get(code) ?? `ERROR_${code}`;
}
