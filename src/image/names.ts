import type { DisassemblyContext } from '../isa/index.ts';
import type { Program } from './program.ts';
import { functionAt } from './source.ts';

/** A local variable or parameter. */
export interface LocalName {
  readonly name: string;
  /** Offset from the frame base. */
  readonly slot: number;
}

/** The named slots of the frame when an instruction is about to be executed; none without debug information. */
export function localsAt({ debug }: Program, pc: number): readonly LocalName[] {
  const locals = functionAt(debug, pc)?.locals ?? [];
  return locals
    .filter(({ start, end }) => pc >= start && pc < end)
    .map(({ name, slot }) => ({ name, slot }));
}

/**
 * Names of a program's functions, variables and strings, for the disassembler.
 * @param pc the instruction at which the names of locals apply
 */
export function namesAt(program: Program, pc: number): DisassemblyContext {
  const { debug } = program;
  return {
    target: (target) => debug?.functions.find((f) => f.start === target)?.name,
    global: (id) => debug?.globals.find((g) => g.id === id)?.name,
    array: (id) => debug?.arrays.find((a) => a.id === id)?.name,
    local: (slot) => localsAt(program, pc).find((l) => l.slot === slot)?.name,
    string: (id) => program.strings[id],
  };
}
