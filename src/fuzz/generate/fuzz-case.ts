import fc from 'fast-check';
import type { Instruction } from '../../isa/index.ts';
import type { Program } from '../../image/index.ts';
import type { FuzzCase } from '../case.ts';
import { edgeProgram, rawProgram, soupProgram } from './soup.ts';
import { structuredProgram } from './structured.ts';

/** One field of one instruction, made another. */
const change = fc.record({
  at: fc.nat(0xffff),
  field: fc.constantFrom('immediate' as const, 'flags' as const, 'opcode' as const),
  value: fc.oneof(fc.nat(70), fc.nat(0xffff)),
});

const changes = fc.oneof(
  { weight: 5, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(change, { minLength: 1, maxLength: 3 }) },
);

function damage(
  program: Program,
  list: readonly { at: number; field: keyof Instruction; value: number }[],
): Program {
  if (list.length === 0) return program;
  const instructions = [...program.instructions];
  for (const { at, field, value } of list) {
    const index = at % instructions.length;
    const instruction = instructions[index];
    if (instruction === undefined) continue;
    instructions[index] = {
      ...instruction,
      [field]: field === 'immediate' ? value : value & 0xff,
    };
  }
  return { ...program, instructions };
}

const program = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(structuredProgram, changes).map(([it, list]) => damage(it, list)),
  },
  { weight: 4, arbitrary: fc.tuple(soupProgram, changes).map(([it, list]) => damage(it, list)) },
  { weight: 1, arbitrary: rawProgram },
  { weight: 4, arbitrary: edgeProgram },
);

/** Programs of all kinds with the inputs they read and how long they run. */
export const fuzzCase: fc.Arbitrary<FuzzCase> = fc.record({
  program,
  inputs: fc.noBias(fc.nat(0xffff_ffff)),
  steps: fc.integer({ min: 1, max: 3000 }).map((steps) => 3001 - steps),
  rounds: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(20) }),
});
