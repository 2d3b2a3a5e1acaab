import { describe, expect, it } from 'vitest';
import { OPCODES } from '../../../src/isa/index.ts';
import { OPCODE_PROGRAMS, PAIR_PROGRAMS } from '../../../src/measure/opcode-programs.ts';
import { createEngine, createModelIo, loadProgram, run } from '../../../src/vm/index.ts';

const pin = { adc: true, pwm: true, dac: true };

/** Runs a program on the model with pins that can do everything; how it ended and what it executed. */
function execute(program: (typeof OPCODE_PROGRAMS)[number]['programs'][0]) {
  const io = createModelIo({
    pins: [pin, pin],
    buttons: 2,
    clock: 'virtual',
    executed: () => engine.executed,
    inputs: () => 1,
  });
  // The board's pins are configured by the program; here any pin may be written, as in the bench firmware.
  const engine = createEngine({ io: { ...io, digitalWrite: () => 0 } });
  loadProgram(engine, program);
  return { end: run(engine, 1e6), engine };
}

describe('programs that measure one instruction', () => {
  it('there is one for every opcode but HALT', () => {
    const names = new Set(OPCODE_PROGRAMS.map(({ name }) => name.split(/[ .]/)[0]));
    const wanted = OPCODES.map(({ name }) => name).filter((name) => name !== 'HALT');
    expect([...names].toSorted()).toEqual(wanted.toSorted());
  });

  describe.each(OPCODE_PROGRAMS.map((it) => [it.name, it] as const))('%s', (name, it_) => {
    const code = OPCODES.find((it) => it.name === name.split(/[ .]/)[0])?.code ?? -1;

    it('executes it so many times more in the longer program, and nothing else more', () => {
      const [few, many] = it_.programs.map((program) => execute(program));
      expect([few?.end, many?.end]).toEqual(['halted', 'halted']);
      const difference = it_.counts[1] - it_.counts[0];
      const executed = (which: typeof few): number => which?.engine.executedByOpcode[code] ?? 0;
      const after = (which: typeof few, index: 0 | 1): number =>
        (which?.engine.executed ?? 0) - it_.before[index];
      expect(after(many, 1) - after(few, 0)).toBe(difference);
      expect(executed(many) - executed(few)).toBeGreaterThanOrEqual(difference);
    });
  });
});

describe('programs that measure a pair', () => {
  it.each(PAIR_PROGRAMS.map((it) => [it.name, it] as const))(
    '%s: so many pairs more in the longer program, and nothing else more',
    (_, { programs, counts, before }) => {
      const [few, many] = programs.map((program) => execute(program));
      expect([few?.end, many?.end]).toEqual(['halted', 'halted']);
      const after = (which: typeof few, index: 0 | 1): number =>
        (which?.engine.executed ?? 0) - before[index];
      expect(after(many, 1) - after(few, 0)).toBe(2 * (counts[1] - counts[0]));
    },
  );

  // A jump to the next instruction goes there whether it is taken or not: what it does shows only in what it compares.
  it.each(PAIR_PROGRAMS.map((it) => [it.name, it] as const))(
    '%s: as its name says',
    (name, it_) => {
      const compared = name.startsWith('LE_SIGNED') ? 1 : 0;
      const wanted = name.includes('JMP_TRUE') ? 1 : 0;
      expect(compared === wanted).toBe(name.endsWith('(taken)'));
      const program = it_.programs[0];
      const jump = program.instructions.findIndex(
        ({ opcode }) => opcode === 0x31 || opcode === 0x32,
      );
      expect(program.instructions[jump]?.immediate).toBe(jump + 1);
    },
  );
});
