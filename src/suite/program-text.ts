import { namesAt, sourceAround, sourceLocation, type Program } from '../image/index.ts';
import { disassemble } from '../isa/index.ts';
import type { Divergence, StepPlace } from '../results/index.ts';

/** The instruction at `pc` as text, with names where the program has them. */
export function instructionText(program: Program, pc: number): string {
  const instruction = program.instructions[pc];
  if (instruction === undefined) return 'end of program';
  return disassemble(instruction, namesAt(program, pc));
}

/** Where an instruction comes from, as the optional field of a record. */
export function sourceOf(program: Program, pc: number): Pick<StepPlace, 'source'> {
  const source = sourceLocation(program.debug, pc);
  return source === undefined ? {} : { source: { ...source } };
}

/** Lines shown before and after the one in question. */
const CONTEXT_LINES = 4;

/** The source around where an instruction comes from, as the optional field of a record. */
export function contextOf(program: Program, pc: number): Pick<Divergence, 'context'> {
  const context = sourceAround(program.debug, pc, CONTEXT_LINES);
  return context.length === 0 ? {} : { context };
}
