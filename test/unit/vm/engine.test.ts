import { describe, expect, it } from 'vitest';
import {
  createEngine,
  executionMetrics,
  loadProgram,
  resetEngine,
  run,
  snapshot,
  step,
  type Engine,
} from '../../../src/vm/index.ts';
import { AT, engineBefore, mockIo, op, programOf, stackOf, stateOf } from './support.ts';
import type { Program } from '../../../src/image/index.ts';

function loaded(program: Program): Engine {
  const engine = createEngine({ io: mockIo(1) });
  loadProgram(engine, program);
  return engine;
}

/** Counts global 0 up by one in each round: 5 instructions a round after 1 of set-up. */
const counting = programOf(
  [
    op('HALT'),
    op('PUSH', 7),
    op('LOAD_GLOBAL', 0),
    op('PUSH', 1),
    op('ADD'),
    op('STORE_GLOBAL', 0),
    op('JMP', 2),
  ],
  { entry: 1, loop: 2 },
);

describe('an engine without a program', () => {
  it('faults with 10, once', () => {
    const engine = createEngine({ io: mockIo() });
    expect(step(engine)).toBe('fault');
    expect([engine.error, engine.pc, engine.executed]).toEqual([10, 0, 0]);
    expect(step(engine)).toBe('idle');
    expect(engine.error).toBe(10);
  });

  it('can be loaded after that', () => {
    const engine = createEngine({ io: mockIo() });
    step(engine);
    loadProgram(engine, programOf([op('HALT')]));
    expect(engine.error).toBe(0);
    expect(step(engine)).toBe('executed');
  });
});

describe('a step', () => {
  it('begins at the entry', () => {
    const engine = loaded(counting);
    expect(engine.pc).toBe(1);
    step(engine);
    expect([engine.pc, ...stackOf(engine)]).toEqual([2, 7]);
  });

  it('at the end of the program is fault 4, not success', () => {
    const engine = loaded(programOf([op('PUSH', 1)]));
    expect(step(engine)).toBe('executed');
    expect(engine.pc).toBe(1);
    expect(step(engine)).toBe('fault');
    expect([engine.error, engine.pc, engine.executed, engine.halted]).toEqual([4, 1, 1, false]);
    expect(stackOf(engine)).toEqual([1]);
  });

  it('of an opcode that does not exist is fault 5', () => {
    const known = new Set<number>();
    for (let opcode = 0; opcode < 256; opcode += 1) {
      const engine = engineBefore({
        instruction: { opcode, flags: 0, immediate: 0 },
        stack: [1, 1, 1],
        strings: [new Uint8Array()],
        frames: [[AT, 0]],
      });
      const before = stateOf(engine);
      step(engine);
      if (engine.error !== 5) known.add(opcode);
      else expect(stateOf(engine)).toEqual(before);
    }
    expect(known.size).toBe(52);
  });

  it('of an opcode whose flags do not exist is fault 5', () => {
    /** Highest flags value of the opcodes that have any. */
    const highest: Record<number, number> = { 0x01: 2, 0x08: 255, 0x09: 1, 0x18: 8 };
    const engine = createEngine({ io: mockIo() });
    const accepted: string[] = [];
    for (let opcode = 0; opcode < 0x66; opcode += 1) {
      for (let flags = (highest[opcode] ?? 0) + 1; flags < 256; flags += 1) {
        loadProgram(engine, programOf([{ opcode, flags, immediate: 0 }]));
        step(engine);
        if (engine.error !== 5) accepted.push(`opcode ${opcode} flags ${flags}`);
      }
    }
    expect(accepted).toEqual([]);
  });
});

describe('load and reset', () => {
  function used(): Engine {
    const engine = loaded(
      programOf(
        [
          op('PUSH', 3),
          op('CREATE_ARRAY', 2),
          op('PUSH', 9),
          op('STORE_GLOBAL', 4),
          op('PUSH', 5),
          op('CALL', 6, 1),
          op('DIV'),
        ],
        { loop: 2 },
      ),
    );
    run(engine, 100);
    expect([engine.error, engine.depth, engine.sp, engine.rounds]).toEqual([2, 1, 1, 1]);
    return engine;
  }

  it('reset keeps the program and clears the rest', () => {
    const engine = used();
    const { program } = engine;
    resetEngine(engine);
    const fresh = createEngine({ io: mockIo() });
    expect(stateOf(engine)).toEqual(stateOf(fresh));
    expect([engine.error, engine.rounds, engine.program]).toEqual([0, 0, program]);
    run(engine, 100);
    expect([engine.error, engine.executed, engine.rounds]).toEqual([2, 6, 1]);
  });

  it('load replaces the program and clears the rest', () => {
    const engine = used();
    loadProgram(engine, counting);
    expect(stateOf(engine)).toEqual({ ...stateOf(createEngine({ io: mockIo() })), pc: 1 });
    expect([engine.error, engine.rounds]).toEqual([0, 0]);
    expect(run(engine, 11)).toBe('steps');
    expect(engine.context.globals[0]).toBe(2);
  });

  it('end a halt', () => {
    const engine = loaded(programOf([op('HALT')]));
    step(engine);
    resetEngine(engine);
    expect([engine.halted, step(engine)]).toEqual([false, 'executed']);
  });
});

describe('run', () => {
  it('executes as many instructions as allowed and goes on from there', () => {
    const engine = loaded(counting);
    expect(run(engine, 0)).toBe('steps');
    expect(engine.executed).toBe(0);
    expect(run(engine, 3)).toBe('steps');
    expect(engine.executed).toBe(3);
    expect(run(engine, 1_000)).toBe('steps');
    expect(engine.executed).toBe(1_003);
  });

  it('is not bounded by the size of the program', () => {
    const engine = loaded(counting);
    run(engine, 1 + 5 * 10_000);
    expect(engine.context.globals[0]).toBe(10_000);
  });

  it('stops before the round after the last', () => {
    const engine = loaded(counting);
    expect(run(engine, 1_000, 3)).toBe('loops');
    expect([engine.pc, engine.rounds, engine.executed]).toEqual([2, 3, 16]);
    expect(engine.context.globals[0]).toBe(3);
    expect(run(engine, 1_000, 3)).toBe('loops');
    expect(engine.executed).toBe(16);
    expect(run(engine, 1_000, 4)).toBe('loops');
    expect(engine.executed).toBe(21);
  });

  it('ends at HALT and at a fault, and stays there', () => {
    const halting = loaded(programOf([op('PUSH', 1), op('HALT')]));
    expect([run(halting, 9), halting.executed]).toEqual(['halted', 2]);
    expect([run(halting, 9), halting.executed]).toEqual(['halted', 2]);
    const faulting = loaded(programOf([op('PUSH', 1), op('ADD')]));
    expect([run(faulting, 9), faulting.executed, faulting.error]).toEqual(['fault', 1, 2]);
    expect([run(faulting, 9), faulting.executed, faulting.error]).toEqual(['fault', 1, 2]);
  });

  it('counts a round that faults at once as begun', () => {
    const engine = loaded(programOf([op('POP')], { loop: 0 }));
    run(engine, 5);
    expect([engine.rounds, engine.executed, engine.error]).toEqual([1, 0, 2]);
  });
});

describe('a program with calls', () => {
  it('computes a factorial by recursion', () => {
    const engine = loaded(
      programOf([
        op('PUSH', 10),
        op('CALL', 4, 1),
        op('STORE_GLOBAL', 0),
        op('HALT'),
        // int f(int n) { return n < 2 ? 1 : n * f(n - 1); }
        op('LOAD_LOCAL', 0),
        op('PUSH', 2),
        op('LT_SIGNED'),
        op('JMP_FALSE', 10),
        op('PUSH', 1),
        op('RET', 0, 1),
        op('LOAD_LOCAL', 0),
        op('LOAD_LOCAL', 0),
        op('PUSH', 1),
        op('SUB'),
        op('CALL', 4, 1),
        op('MUL'),
        op('RET', 0, 1),
      ]),
    );
    expect(run(engine, 1_000)).toBe('halted');
    expect(engine.context.globals[0]).toBe(3_628_800);
    expect([engine.sp, engine.depth, engine.frameBase]).toEqual([0, 0, 0]);
  });

  it('faults precisely at the 25th nested call', () => {
    const engine = loaded(programOf([op('CALL', 0)]));
    expect(run(engine, 1_000)).toBe('fault');
    expect([engine.error, engine.executed, engine.depth, engine.pc]).toEqual([1, 24, 24, 0]);
  });
});

describe('executionMetrics', () => {
  it('counts what was executed, by kind', () => {
    const engine = loaded(
      programOf([
        op('MILLIS'),
        op('STORE_GLOBAL', 0),
        op('PUSH', 1),
        op('PUSH', 1),
        op('JMP_TRUE', 5),
        op('CALL', 6),
        op('RET'),
      ]),
    );
    run(engine, 7);
    // RET comes back to itself, now without a frame: a fault, which isn't counted.
    run(engine, 1);
    expect(engine.error).toBe(2);
    expect(executionMetrics(engine)).toEqual({
      totalInstructions: 7,
      memoryOperations: 1,
      ioOperations: 1,
      controlFlow: 3,
      maxStackDepth: 2,
    });
  });
});

describe('snapshot', () => {
  it('is little-endian, with the used part of the stacks', () => {
    const engine = loaded(
      programOf([
        op('PUSH', 2),
        op('CREATE_ARRAY', 1),
        op('PUSH', 1),
        op('PUSH', 0xfffe, 1),
        op('STORE_ARRAY', 1),
        op('PUSH', 0x1234),
        op('STORE_GLOBAL', 63),
        op('PUSH', 0x0102),
        op('PUSH', 0x0304, 2),
        op('PUSH', 0xffff, 1),
        op('CALL', 0, 1),
      ]),
    );
    run(engine, 11);
    const { globals, arrays, lengths, stack, frames } = snapshot(engine);
    expect([globals.length, arrays.length, lengths.length]).toEqual([256, 4096, 16]);
    expect([...globals.subarray(252)]).toEqual([0x34, 0x12, 0, 0]);
    expect([...arrays.subarray(256, 268)]).toEqual([0, 0, 0, 0, 0xfe, 255, 255, 255, 0, 0, 0, 0]);
    expect([...lengths.subarray(0, 3)]).toEqual([0, 2, 0]);
    expect([...stack]).toEqual([0x02, 0x01, 0x04, 0x03, 255, 255, 255, 255]);
    expect([...frames]).toEqual([11, 0, 0, 0, 1, 0, 0, 0]);
    expect([...arrays, ...globals].filter((byte) => byte !== 0)).toHaveLength(6);
  });
});
