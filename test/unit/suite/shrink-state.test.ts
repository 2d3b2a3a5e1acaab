import { describe, expect, it } from 'vitest';
import type { Program } from '../../../src/image/index.ts';
import { disassemble, opcodeByName, type Instruction } from '../../../src/isa/index.ts';
import { ModelReplay, type VmView } from '../../../src/lockstep/index.ts';
import { oneStepPrograms, type OneStep } from '../../../src/suite/shrink-state.ts';

const WORLD = { pins: [], buttons: 0, clock: 'virtual' } as const;

function instruction(name: string, immediate = 0, flags = 0): Instruction {
  return { opcode: opcodeByName(name)?.code ?? -1, flags, immediate };
}

const programOf = (...instructions: Instruction[]): Program => ({
  instructions,
  strings: [],
  entry: 0,
  loop: undefined,
  debug: undefined,
});

function viewAt(program: Program, step: number): VmView {
  const model = new ModelReplay(program, WORLD, []);
  while (model.steps < step && model.step() !== undefined);
  expect(model.steps).toBe(step);
  return model.view();
}

/** The words of some bytes. */
const words = (bytes: Uint8Array): number[] =>
  Array.from({ length: bytes.length / 4 }, (_, index) =>
    new DataView(bytes.buffer, bytes.byteOffset).getInt32(4 * index, true),
  );

/** A state without the numbers of instructions. */
function stateOf({ sp, depth, frameBase, error, memory }: VmView): unknown {
  const bases = words(memory.frames).filter((_, index) => index % 2 === 1);
  const { globals, arrays, lengths, stack } = memory;
  return { sp, depth, frameBase, error, bases, globals, arrays, lengths, stack: words(stack) };
}

const text = ({ program }: OneStep): string[] => program.instructions.map((it) => disassemble(it));

/** The program with the cells alone that the next instruction touches. */
function touchedAt(program: Program, view: VmView): OneStep {
  const [touched] = oneStepPrograms(program, view);
  if (touched === undefined) throw new Error('no program');
  return touched;
}

/** Two frames, a global, an array, negative and wide values. */
const BUSY = programOf(
  instruction('PUSH', 700),
  instruction('STORE_GLOBAL', 63),
  instruction('PUSH', 0xfffe, 1),
  instruction('STORE_GLOBAL', 0),
  instruction('PUSH', 3),
  instruction('CREATE_ARRAY', 5),
  instruction('PUSH', 2),
  instruction('PUSH', 0x1234),
  instruction('PUSH', 0x8765, 2),
  instruction('STORE_ARRAY', 5),
  instruction('PUSH', 1),
  instruction('PUSH', 2),
  instruction('CALL', 13, 1),
  instruction('CALL', 14),
  instruction('PUSH', 9),
  instruction('PUSH', 2),
  instruction('LOAD_ARRAY', 5),
  instruction('SUB'),
  instruction('RET', 0, 1),
);
const LOAD_ARRAY = 16;
const RET = 18;

describe('oneStepPrograms', () => {
  it.each([1, 5, 12, 14, LOAD_ARRAY, 17, RET])(
    'builds the whole state before step %i, and executes its instruction next',
    (step) => {
      const view = viewAt(BUSY, step);
      const [, whole] = oneStepPrograms(BUSY, view);
      if (whole === undefined) throw new Error('no program');
      const built = viewAt(whole.program, whole.step);
      expect(stateOf(built)).toEqual(stateOf(view));
      const next = whole.program.instructions[built.pc];
      expect(next?.opcode).toBe(BUSY.instructions[view.pc]?.opcode);
      expect(next?.flags).toBe(BUSY.instructions[view.pc]?.flags);
    },
  );

  it.each([
    [5, ['PUSH 3', 'CREATE_ARRAY 5', 'HALT']],
    // The cell with the index that is on the stack, and no other.
    [
      LOAD_ARRAY,
      [
        'PUSH 3',
        'CREATE_ARRAY 5',
        'PUSH 2',
        'PUSH 4660',
        'PUSH.WIDE 34661',
        'STORE_ARRAY 5',
        'PUSH 2',
        'LOAD_ARRAY 5',
        'HALT',
      ],
    ],
    // 9 - 0x87651234 is 0x789AEDD5.
    [RET, ['CALL 2, 0', 'HALT', 'PUSH 60885', 'PUSH.WIDE 30874', 'RET.VALUE', 'HALT']],
  ])('at step %i takes only what the instruction touches', (step, expected) => {
    expect(text(touchedAt(BUSY, viewAt(BUSY, step)))).toEqual(expected);
  });

  it('lets a jump land on a HALT of its own, and a wrong target stay wrong', () => {
    const program = programOf(
      instruction('PUSH', 7),
      instruction('JMP_TRUE', 0),
      instruction('JMP', 999),
    );
    const touched = touchedAt(program, viewAt(program, 1));
    expect(touched).toMatchObject({ step: 1 });
    expect(text(touched)).toEqual(['PUSH 7', 'JMP_TRUE 3', 'HALT', 'HALT']);
    const view = { ...viewAt(program, 1), pc: 2 };
    expect(text(touchedAt(program, view))).toContain('JMP 999');
  });

  it('has nothing to execute behind the end of the program', () => {
    expect(oneStepPrograms(BUSY, { ...viewAt(BUSY, 1), pc: 99 })).toEqual([]);
  });
});
