import type { DisassemblyContext } from '../isa/index.ts';
import type { Program } from './program.ts';
import { functionAt } from './source.ts';

/**
 * Names of a program's functions, variables and strings, for the disassembler.
 * @param pc the instruction whose function's locals apply
 */
export function namesAt(program: Program, pc: number): DisassemblyContext {
  const { debug } = program;
  return {
    target: (target) => debug?.functions.find((f) => f.start === target)?.name,
    global: (id) => debug?.globals.find((g) => g.id === id)?.name,
    array: (id) => debug?.arrays.find((a) => a.id === id)?.name,
    local: (slot) => functionAt(debug, pc)?.locals.find((l) => l.slot === slot)?.name,
    string: (id) => program.strings[id],
  };
}
