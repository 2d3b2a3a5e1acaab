import { expect, it } from 'vitest';
import {
  createEngine,
  createMemoryPool,
  loadProgram,
  stepWithEffect,
  step,
} from '../../../src/vm/index.ts';
import { mockIo, op, programOf } from './support.ts';

it('four VMs running interleaved never reach each other', () => {
  const pool = createMemoryPool();
  const engines = [0, 1, 2, 3].map((id) => {
    const context = pool.acquire(id);
    if (context === undefined) throw new Error(`no context ${id}`);
    const engine = createEngine({ io: mockIo(), context });
    const value = 100 + id;
    // Writes its own value to every global and array element it has, over and over, and leaves it on its stack.
    loadProgram(
      engine,
      programOf([
        op('PUSH', 64),
        op('CREATE_ARRAY', id),
        op('PUSH', value),
        op('STORE_GLOBAL', id),
        op('PUSH', id),
        op('PUSH', value),
        op('STORE_ARRAY', id),
        op('PUSH', value),
        op('PUSH', value),
        op('CALL', 10, 1),
        op('PUSH', value),
        op('POP'),
        op('RET'),
      ]),
    );
    return engine;
  });
  for (let round = 0; round < 13; round += 1) {
    for (const engine of round % 2 === 0 ? engines : engines.toReversed()) {
      if (round % 3 === 0) stepWithEffect(engine);
      else step(engine);
    }
  }
  for (const [id, engine] of engines.entries()) {
    const value = 100 + id;
    const { globals, arrays, arrayLengths } = engine.context;
    expect([engine.error, engine.executed, engine.sp, engine.depth]).toEqual([0, 13, 1, 0]);
    expect(engine.stack[0]).toBe(value);
    expect([...globals].filter((word) => word !== 0)).toEqual([value]);
    expect(globals[id]).toBe(value);
    expect([...arrays].filter((word) => word !== 0)).toEqual([value]);
    expect(arrays[id * 64 + id]).toBe(value);
    expect([...arrayLengths].filter((length) => length !== 0)).toEqual([64]);
  }
});
