import { describe, expect, it } from 'vitest';
import type { Instruction } from '../../../../src/isa/index.ts';
import { step, type Engine } from '../../../../src/vm/index.ts';
import { AT, COUNT, engineBefore, op, stackOf, type Situation } from '../support.ts';
import { expectFault, expectStack, filled } from '../expect.ts';

/** Executes the instruction and expects pc there. */
function expectJump(situation: Situation, pc: number, stack: readonly number[]): Engine {
  const engine = engineBefore(situation);
  expect(step(engine)).toBe('executed');
  expect([engine.pc, engine.error, engine.executed]).toEqual([pc, 0, 1]);
  expect(stackOf(engine)).toEqual(stack);
  return engine;
}

describe('JMP', () => {
  it('goes to any instruction, itself included', () => {
    for (const target of [0, AT, COUNT - 1]) {
      expectJump({ instruction: op('JMP', target), stack: [7] }, target, [7]);
    }
  });

  it('takes its target as absolute and refuses one outside', () => {
    expectFault({ instruction: op('JMP', COUNT) }, 4);
    expectFault({ instruction: op('JMP', 0xffff) }, 4);
    expectFault({ instruction: op('JMP', 0, 1) }, 5);
  });
});

describe.each([
  ['JMP_TRUE', 1],
  ['JMP_FALSE', 0],
] as const)('%s', (name, whenTaken) => {
  const taken = whenTaken === 1 ? [1, -1, -2_147_483_648] : [0];
  const notTaken = whenTaken === 1 ? [0] : [1, -1, -2_147_483_648];

  it('pops the condition and jumps', () => {
    for (const condition of taken) {
      expectJump({ instruction: op(name, 4), stack: [7, condition] }, 4, [7]);
    }
  });

  it('pops the condition and goes on', () => {
    for (const condition of notTaken) {
      expectStack({ instruction: op(name, 4), stack: [7, condition] }, [7]);
    }
  });

  it('judges its target only when it is taken', () => {
    for (const condition of taken) {
      expectFault({ instruction: op(name, COUNT), stack: [condition] }, 4);
    }
    for (const condition of notTaken) {
      expectStack({ instruction: op(name, 0xffff), stack: [condition] }, []);
    }
  });

  it('needs a condition of its own frame, before the target is judged', () => {
    expectFault({ instruction: op(name, COUNT) }, 2);
    expectFault({ instruction: op(name, COUNT), stack: taken.slice(0, 1), frames: [[0, 1]] }, 2);
    expectFault({ instruction: op(name, 0, 1), stack: [1] }, 5);
  });
});

describe('CALL', () => {
  const call = (target: number, count: number): Instruction => op('CALL', target, count);

  it('keeps the arguments as the first locals of the new frame', () => {
    const engine = expectJump({ instruction: call(4, 2), stack: [7, 8, 9] }, 4, [7, 8, 9]);
    expect([engine.depth, engine.frameBase]).toEqual([1, 1]);
    expect([...engine.frames.subarray(0, 2)]).toEqual([AT + 1, 1]);
  });

  it('without arguments begins its frame at sp', () => {
    const engine = expectJump({ instruction: call(0, 0), stack: [7] }, 0, [7]);
    expect([engine.depth, engine.frameBase]).toEqual([1, 1]);
  });

  it('nests', () => {
    const frames = [[9, 1]] as const;
    const engine = expectJump({ instruction: call(1, 1), stack: [7, 8, 9], frames }, 1, [7, 8, 9]);
    expect([engine.depth, engine.frameBase]).toEqual([2, 2]);
    expect([...engine.frames.subarray(0, 4)]).toEqual([9, 1, AT + 1, 2]);
  });

  it('works on a full operand stack', () => {
    expectJump({ instruction: call(1, 128), stack: filled(128) }, 1, filled(128));
  });

  it('needs its arguments in the frame of the caller', () => {
    expectFault({ instruction: call(4, 2), stack: [1] }, 2);
    expectFault({ instruction: call(4, 2), stack: [1, 2, 3], frames: [[0, 2]] }, 2);
    expectFault({ instruction: call(4, 255), stack: filled(128) }, 2);
  });

  it('needs a target in the program', () => {
    expectFault({ instruction: call(COUNT, 0) }, 4);
  });

  it('has 24 frames', () => {
    const frames = (count: number): [number, number][] =>
      Array.from({ length: count }, () => [3, 0]);
    expectJump({ instruction: call(1, 0), frames: frames(23) }, 1, []);
    expectFault({ instruction: call(1, 0), frames: frames(24) }, 1);
  });

  it('judges underflow, then the target, then overflow', () => {
    const frames = Array.from({ length: 24 }, () => [3, 0] as const);
    expectFault({ instruction: call(COUNT, 1), frames }, 2);
    expectFault({ instruction: call(COUNT, 0), frames }, 4);
  });
});

describe('RET', () => {
  it('drops its frame, arguments included, and returns', () => {
    const frames = [[4, 1]] as const;
    const engine = expectJump({ instruction: op('RET'), stack: [7, 8, 9], frames }, 4, [7]);
    expect([engine.depth, engine.frameBase]).toEqual([0, 0]);
  });

  it('VALUE keeps the top value', () => {
    const frames = [[4, 1]] as const;
    expectJump({ instruction: op('RET', 0, 1), stack: [7, 8, 9], frames }, 4, [7, 9]);
  });

  it('restores the frame base of the caller', () => {
    const frames = [
      [9, 1],
      [4, 2],
    ] as const;
    const engine = expectJump({ instruction: op('RET'), stack: [7, 8, 9], frames }, 4, [7, 8]);
    expect([engine.depth, engine.frameBase]).toEqual([1, 1]);
  });

  it('VALUE cannot overflow', () => {
    const frames = [[4, 127]] as const;
    expectJump({ instruction: op('RET', 0, 1), stack: filled(128), frames }, 4, filled(128));
  });

  it('without a frame underflows', () => {
    expectFault({ instruction: op('RET'), stack: [1] }, 2);
    expectFault({ instruction: op('RET', 0, 1), stack: [1] }, 2);
  });

  it('VALUE does not take a value of its caller', () => {
    expectFault({ instruction: op('RET', 0, 1), stack: [7], frames: [[4, 1]] }, 2);
  });

  it('to the end of the program faults at the step after it', () => {
    const engine = expectJump({ instruction: op('RET'), frames: [[COUNT, 0]] }, COUNT, []);
    expect(step(engine)).toBe('fault');
    expect([engine.error, engine.pc]).toEqual([4, COUNT]);
  });

  it('has no other flags', () => {
    expectFault({ instruction: op('RET', 0, 2), stack: [1], frames: [[4, 0]] }, 5);
  });
});
