import { describe, expect, it } from 'vitest';
import { OPCODES } from '../../../src/isa/index.ts';
import { OPCODE_PROGRAMS } from '../../../src/measure/opcode-programs.ts';
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
