import { describe, expect, it } from 'vitest';
import { step } from '../../../../src/vm/index.ts';
import { AT, engineBefore, op, stackOf } from '../support.ts';
import { expectFault, expectStack, filled } from '../expect.ts';

describe('HALT', () => {
  it('stops, counts, and leaves pc where it is', () => {
    const engine = engineBefore({ instruction: op('HALT'), stack: [3] });
    expect(step(engine)).toBe('executed');
    expect([engine.halted, engine.pc, engine.executed, engine.error]).toEqual([true, AT, 1, 0]);
    expect(step(engine)).toBe('idle');
    expect([engine.halted, engine.pc, engine.executed, engine.error]).toEqual([true, AT, 1, 0]);
    expect(stackOf(engine)).toEqual([3]);
  });

  it('has no flags', () => {
    expectFault({ instruction: op('HALT', 0, 1) }, 5);
  });
});

describe('PUSH', () => {
  it.each([
    [0, 0, 0],
    [0, 0x7fff, 32_767],
    [0, 0xffff, 65_535],
    [1, 0x7fff, 32_767],
    [1, 0x8000, -32_768],
    [1, 0xffff, -1],
  ])('flags %i immediate %i pushes %i', (flags, immediate, value) => {
    expectStack({ instruction: op('PUSH', immediate, flags), stack: [9] }, [9, value]);
  });

  it.each([
    [0x1234, 0x5678, 0x12345678],
    [0x8000, 0, -2_147_483_648],
    [0xffff, -1, -1],
    [0x0001, -1, 0x1ffff],
    [0, -1, 0xffff],
  ])('WIDE 0x%x joins onto %i and gives %i', (immediate, below, value) => {
    expectStack({ instruction: op('PUSH', immediate, 2), stack: [9, below] }, [9, value]);
  });

  it('fills the stack to 128 values and no further', () => {
    expectStack({ instruction: op('PUSH', 5), stack: filled(127) }, [...filled(127), 5]);
    expectFault({ instruction: op('PUSH', 5), stack: filled(128) }, 1);
    expectFault({ instruction: op('PUSH', 5, 1), stack: filled(128) }, 1);
  });

  it('WIDE needs a value of its own frame, and no room', () => {
    expectFault({ instruction: op('PUSH', 5, 2) }, 2);
    expectFault({ instruction: op('PUSH', 5, 2), stack: [1], frames: [[0, 1]] }, 2);
    const stack = filled(128);
    expectStack({ instruction: op('PUSH', 0, 2), stack }, stack);
  });

  it('has no other flags, and says so before anything else', () => {
    expectFault({ instruction: op('PUSH', 5, 3) }, 5);
    expectFault({ instruction: op('PUSH', 5, 255), stack: filled(128) }, 5);
  });
});

describe('POP', () => {
  it('drops the top value', () => {
    expectStack({ instruction: op('POP'), stack: [1, 2] }, [1]);
  });

  it('needs a value of its own frame', () => {
    expectFault({ instruction: op('POP') }, 2);
    expectFault({ instruction: op('POP'), stack: [1, 2], frames: [[0, 2]] }, 2);
    expectFault({ instruction: op('POP', 0, 1), stack: [1] }, 5);
  });
});
