import { describe, expect, it } from 'vitest';
import { disassemble, opcodeByName, type Instruction } from '../../../src/isa/index.ts';
import type { FuzzCase } from '../../../src/fuzz/index.ts';
import { minimise } from '../../../src/fuzz/minimise.ts';

function instruction(name: string, immediate = 0, flags = 0): Instruction {
  return { opcode: opcodeByName(name)?.code ?? -1, flags, immediate };
}

function caseOf(...instructions: Instruction[]): FuzzCase {
  const program = {
    instructions,
    strings: [Uint8Array.of(65)],
    entry: 1,
    loop: 0,
    debug: undefined,
  };
  return { program, inputs: 99, steps: 3000, rounds: 4 };
}

const text = ({ program }: FuzzCase): string[] => program.instructions.map((it) => disassemble(it));

describe('minimise', () => {
  it('keeps only the instructions that are needed, and makes the rest plain', async () => {
    const start = caseOf(
      instruction('NOT'),
      instruction('PUSH', 700, 1),
      instruction('PUSH', 3),
      instruction('SUB'),
      instruction('HALT'),
    );
    const holds = ({ program }: FuzzCase) =>
      Promise.resolve(program.instructions.some(({ opcode }) => opcode === 4));
    const minimal = await minimise(start, holds);
    expect(text(minimal)).toEqual(['SUB']);
    expect(minimal).toMatchObject({
      inputs: 0,
      rounds: 0,
      steps: 1,
      program: { strings: [], entry: 0, loop: undefined },
    });
  });

  it('moves jump targets with the code', async () => {
    const start = caseOf(
      instruction('NOT'),
      instruction('JMP', 3),
      instruction('NOT'),
      instruction('SUB'),
    );
    // A jump that leads to SUB.
    const holds = ({ program: { instructions } }: FuzzCase) =>
      Promise.resolve(
        instructions.some(
          ({ opcode, immediate }) => opcode === 0x30 && instructions[immediate]?.opcode === 4,
        ),
      );
    expect(text(await minimise(start, holds))).toEqual([expect.stringMatching(/^JMP 1\b/), 'SUB']);
  });

  it('takes away two that can only go together', async () => {
    const start = caseOf(
      instruction('PUSH'),
      instruction('NOT'),
      instruction('PUSH'),
      instruction('NOT'),
    );
    // As many NOT as PUSH... and an even number of each, so that none can go alone.
    const holds = ({ program: { instructions } }: FuzzCase) => {
      const nots = instructions.filter(({ opcode }) => opcode === 0x42).length;
      return Promise.resolve(nots % 2 === 0 && instructions.length - nots > 0);
    };
    expect(text(await minimise(start, holds))).toEqual([expect.stringMatching(/^PUSH 0/)]);
  });

  it('leaves alone what cannot be smaller', async () => {
    const start = caseOf(instruction('SUB'), instruction('MUL'));
    const same = await minimise(start, (it) => Promise.resolve(it === start));
    expect(same).toBe(start);
  });
});
