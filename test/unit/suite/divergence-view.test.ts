import { describe, expect, it } from 'vitest';
import type { Program } from '../../../src/image/index.ts';
import {
  EFFECT_KINDS,
  opcodeByName,
  PORTS,
  type Effect,
  type OpcodeName,
} from '../../../src/isa/index.ts';
import { explainStep, type Mismatch } from '../../../src/lockstep/index.ts';
import { divergenceOf, stateDivergenceOf } from '../../../src/suite/divergence-view.ts';
import { replayedInputs } from '../../../src/suite/replayed-inputs.ts';

const ins = (name: OpcodeName, immediate = 0, flags = 0) => ({
  opcode: opcodeByName(name)?.code ?? 0,
  flags,
  immediate,
});
const program = (...instructions: ReturnType<typeof ins>[]): Program => ({
  instructions,
  strings: [],
  entry: 0,
  loop: undefined,
  debug: undefined,
});
const top = (pc: number, name: OpcodeName, sp: number, value: number): Effect => ({
  pc,
  opcode: opcodeByName(name)?.code ?? 0,
  sp,
  kind: EFFECT_KINDS.TOP,
  address: 0,
  value,
});

function mismatchAt(
  step: number,
  expected: Effect,
  effect: Effect,
  change: Partial<Mismatch> = {},
): Mismatch {
  const fields = ['value'];
  const unknowns = { implausible: undefined, epoch: undefined, unknown: undefined };
  return { step, expected, effect, fields, history: [{ step, effect }], ...unknowns, ...change };
}

const explain = (of: Program, step: number) =>
  explainStep({
    program: of,
    settings: { pins: [], buttons: 0, clock: 'virtual' },
    inputs: [],
    step,
    budgetMs: 1000,
    now: () => 0,
  });

const NOTHING = { explanation: undefined, board: undefined, missing: [] };

// 40 - 7.
const SUBTRACT = program(ins('PUSH', 40), ins('PUSH', 7), ins('SUB'), ins('HALT'));
const WRONG = mismatchAt(2, top(2, 'SUB', 1, 33), top(2, 'SUB', 1, -33));

describe('divergenceOf', () => {
  it('a wrong value: the operands of the step itself', async () => {
    const evidence = { ...NOTHING, explanation: await explain(SUBTRACT, 2) };
    const divergence = divergenceOf(WRONG, SUBTRACT, [], evidence);
    expect(divergence).toMatchObject({
      step: 2,
      instruction: 'SUB',
      expected: 'top of stack 33, stack depth 1',
      actual: 'top of stack -33, stack depth 1',
      effects: { expected: { kind: 'TOP', value: 33 }, actual: { kind: 'TOP', value: -33 } },
      operands: {
        of: { step: 2, instruction: 'SUB' },
        list: [
          { what: 'a (stack slot 0)', value: 40, writer: { step: 0, instruction: 'PUSH 40' } },
          { what: 'b (stack slot 1)', value: 7, writer: { step: 1, instruction: 'PUSH 7' } },
        ],
      },
    });
    expect(divergence.state?.stack).toEqual([{ name: 'slot 0', model: 33, differs: false }]);
    expect(divergence.epoch).toBeUndefined();
  });

  it('another instruction: the operands of the step that led there', async () => {
    const jump = program(ins('PUSH', 1), ins('JMP_TRUE', 3), ins('HALT'), ins('PUSH', 9));
    const wrong = mismatchAt(2, top(3, 'PUSH', 1, 9), top(2, 'HALT', 0, 0), {
      fields: ['pc', 'opcode', 'sp', 'value'],
    });
    const evidence = { ...NOTHING, explanation: await explain(jump, 2) };
    expect(divergenceOf(wrong, jump, [], evidence)).toMatchObject({
      instruction: 'PUSH 9',
      expected: 'pc 3, opcode 0x01: top of stack 9, stack depth 1',
      actual: 'pc 2, opcode 0x00: stack empty',
      operands: {
        of: { step: 1, instruction: 'JMP_TRUE 3' },
        list: [{ what: 'c (stack slot 0)', value: 1, writer: { step: 0 } }],
      },
    });
  });

  it('a step after the end, an impossible input, and an effect that a digest does not tell', () => {
    const of = (change: Partial<Mismatch>) =>
      divergenceOf({ ...WRONG, ...change }, SUBTRACT, [], NOTHING);
    const late = of({ fields: ['step'] });
    expect(late.expected).toBe('no further step: the program has ended');
    expect(late.effects.expected).toBeUndefined();
    expect(of({ implausible: '7 is not in 0..1' }).expected).toBe(
      'a value that is possible (7 is not in 0..1)',
    );
    expect(of({ epoch: 4, unknown: 'only its value' })).toMatchObject({
      epoch: 4,
      actual: 'something else (only its value)',
    });
  });

  it('what was read up to the step, the last of many', () => {
    const inputs = Array.from({ length: 20 }, (_, step) => ({
      step,
      port: PORTS.ANALOG + 3,
      value: step * 10,
    }));
    const { inputs: read } = divergenceOf({ ...WRONG, step: 18 }, SUBTRACT, inputs, NOTHING);
    expect(read.count).toBe(19);
    expect(read.last).toHaveLength(16);
    expect(read.last.at(-1)).toEqual({ step: 18, port: 'analog pin 3', value: 180 });
  });

  it('says what could not be had', () => {
    const missing = ["the board's state: no reply"];
    const divergence = divergenceOf(WRONG, SUBTRACT, [], { ...NOTHING, missing });
    expect(divergence.missing).toEqual(missing);
    expect(divergence.operands).toBeUndefined();
    expect(divergence.state).toBeUndefined();
  });
});

describe('stateDivergenceOf', () => {
  it('names the cells that a step changed behind the VM', async () => {
    const explanation = await explain(SUBTRACT, 2);
    const { memory, ...registers } = explanation.after;
    const globals = Uint8Array.from(memory.globals);
    globals[4 * 63] = 1;
    const change = {
      step: 2,
      located: 'stepped' as const,
      board: { view: { ...registers, memory: { ...memory, globals } }, from: 'here' },
      differences: [
        { region: 'globals', index: 63, name: undefined, expected: 0, actual: 1 },
        { region: 'globals', index: 1, name: 'total', expected: 5, actual: 6 },
        { region: 'stack', index: 9, name: undefined, expected: undefined, actual: 6 },
        { region: 'stack', index: 10, name: undefined, expected: undefined, actual: 6 },
      ],
    };
    expect(stateDivergenceOf(change, SUBTRACT, explanation)).toMatchObject({
      step: 2,
      located: 'stepped',
      instruction: 'SUB',
      fields: ['state'],
      expected: 'globals[63] = 0, globals[1] (total) = 5, stack[9] = not there and 1 more after it',
      actual:
        'globals[63] = 1, globals[1] (total) = 6, stack[9] = 6 and 1 more after it, though its effect is right',
      state: { boardSide: 'here', globals: [{ name: 'global 63', differs: true }] },
    });
  });
});

describe('replayedInputs', () => {
  const read = (step: number) => ({ step, port: PORTS.DIGITAL + 4, value: 1 });
  const input: Effect = { ...top(2, 'DIGITAL_READ', 1, 1), kind: EFFECT_KINDS.INPUT, address: 4 };

  it('ends before the wrong step, with what the model was given there', () => {
    const inputs = [read(0), read(1), read(2), read(3)];
    expect(replayedInputs(inputs, undefined)).toEqual(inputs);
    expect(replayedInputs(inputs, WRONG)).toEqual([read(0), read(1)]);
    const wrong = { ...WRONG, effect: input };
    expect(replayedInputs(inputs, wrong)).toEqual([read(0), read(1), read(2)]);
    // What can't be true was not given to the model.
    expect(replayedInputs(inputs, { ...wrong, implausible: 'no' })).toEqual([read(0), read(1)]);
  });
});
