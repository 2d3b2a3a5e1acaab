import { describe, expect, it } from 'vitest';
import { HilError } from '../../../src/errors/index.ts';
import type { Program } from '../../../src/image/index.ts';
import { opcodeByName, PORTS, type OpcodeName } from '../../../src/isa/index.ts';
import { explainStep, type Explanation, type ReplayedInput } from '../../../src/lockstep/index.ts';

const ins = (name: OpcodeName, immediate = 0, flags = 0) => ({
  opcode: opcodeByName(name)?.code ?? 0,
  flags,
  immediate,
});

function program(...instructions: ReturnType<typeof ins>[]): Program {
  return { instructions, strings: [], entry: 0, loop: undefined, debug: undefined };
}

const WORLD = {
  pins: [{ adc: true, pwm: false, dac: false }],
  buttons: 0,
  clock: 'virtual',
} as const;

function explain(
  of: Program,
  step: number,
  inputs: readonly ReplayedInput[] = [],
): Promise<Explanation> {
  const time = { budgetMs: 1000, now: () => 0 };
  return explainStep({ program: of, settings: WORLD, inputs, step, ...time });
}

/** {what, value, step of the writer, step of the origin} of each operand. */
const summary = ({ operands }: Explanation): unknown[] =>
  operands.map(({ cell, value, writer, origin }) => [
    cell.kind,
    'role' in cell ? cell.role : undefined,
    value,
    writer?.step,
    origin?.step,
  ]);

const int32 = (bytes: Uint8Array): number[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, at) => view.getInt32(4 * at, true));
};

describe('explainStep', () => {
  it('gives the effect, what led there, and the state before and after', async () => {
    const of = program(ins('PUSH', 5), ins('PUSH', 7), ins('SUB'), ins('HALT'));
    const { effect, history, before, after } = await explain(of, 2);
    expect(effect).toMatchObject({ pc: 2, sp: 1, value: -2 });
    expect(history.map(({ step }) => step)).toEqual([0, 1, 2]);
    expect(before).toMatchObject({ pc: 2, sp: 2, depth: 0, frameBase: 0, error: 0 });
    expect(int32(before.memory.stack)).toEqual([5, 7]);
    expect(after).toMatchObject({ pc: 3, sp: 1 });
    expect(int32(after.memory.stack)).toEqual([-2]);
  });

  it('names the step that pushed each operand', async () => {
    // 3 * 4 is computed first, then 20 - 12.
    const of = program(
      ins('PUSH', 20),
      ins('PUSH', 3),
      ins('PUSH', 4),
      ins('MUL'),
      ins('SUB'),
      ins('HALT'),
    );
    expect(summary(await explain(of, 4))).toEqual([
      ['stack', 'a', 20, 0, undefined],
      ['stack', 'b', 12, 3, undefined],
    ]);
  });

  it('names who stored a global, and sees through the load of an operand', async () => {
    const of = program(
      ins('PUSH', 8),
      ins('STORE_GLOBAL', 3),
      ins('LOAD_GLOBAL', 3),
      ins('LOAD_GLOBAL', 4),
      ins('ADD'),
    );
    expect(summary(await explain(of, 2))).toEqual([['global', undefined, 8, 1, undefined]]);
    // Global 4 was never written.
    expect(summary(await explain(of, 3))).toEqual([['global', undefined, 0, undefined, undefined]]);
    expect(summary(await explain(of, 4))).toEqual([
      ['stack', 'a', 8, 2, 1],
      ['stack', 'b', 0, 3, undefined],
    ]);
  });

  it('forgets where a value was loaded from when another is stored over it', async () => {
    // Slot 0 is loaded, and then written as local 0.
    const of = program(
      ins('PUSH', 8),
      ins('STORE_GLOBAL', 3),
      ins('LOAD_GLOBAL', 3),
      ins('PUSH', 7),
      ins('STORE_LOCAL', 0),
      ins('NOT'),
    );
    expect(summary(await explain(of, 5))).toEqual([['stack', 'a', 7, 4, undefined]]);
  });

  it('names who stored an array element, and who created the array', async () => {
    const of = program(
      ins('PUSH', 4),
      ins('CREATE_ARRAY', 0),
      ins('PUSH', 2),
      ins('PUSH', 99),
      ins('STORE_ARRAY', 0),
      ins('PUSH', 2),
      ins('LOAD_ARRAY', 0),
      ins('PUSH', 1),
      ins('LOAD_ARRAY', 0),
    );
    expect(summary(await explain(of, 6))).toEqual([
      ['stack', 'idx', 2, 5, undefined],
      ['array', undefined, 99, 4, undefined],
      ['length', undefined, 4, 1, undefined],
    ]);
    // Element 1 is 0 since the array was created.
    expect(summary(await explain(of, 8))).toEqual([
      ['stack', 'idx', 1, 7, undefined],
      ['array', undefined, 0, 1, undefined],
      ['length', undefined, 4, 1, undefined],
    ]);
  });

  it('follows locals through calls: arguments, stores, the return', async () => {
    // f(6): local 0 = 6 + 1; return local 0.
    const of = program(
      ins('PUSH', 6),
      ins('CALL', 3, 1),
      ins('HALT'),
      ins('LOAD_LOCAL', 0),
      ins('PUSH', 1),
      ins('ADD'),
      ins('STORE_LOCAL', 0),
      ins('LOAD_LOCAL', 0),
      ins('RET', 0, 1),
    );
    // Steps: 0 PUSH, 1 CALL, 2 LOAD_LOCAL, 3 PUSH, 4 ADD, 5 STORE_LOCAL, 6 LOAD_LOCAL, 7 RET.
    expect(summary(await explain(of, 1))).toEqual([['stack', 'argument 0', 6, 0, undefined]]);
    expect(summary(await explain(of, 2))).toEqual([['local', undefined, 6, 0, undefined]]);
    expect(summary(await explain(of, 6))).toEqual([['local', undefined, 7, 5, undefined]]);
    expect(summary(await explain(of, 7))).toEqual([
      ['stack', 'result', 7, 6, 5],
      ['frame', undefined, 2, 1, undefined],
    ]);
  });

  it('gives the operands of the step before, which decided where to go on', async () => {
    const of = program(ins('PUSH', 0), ins('JMP_FALSE', 3), ins('HALT'), ins('PUSH', 9));
    const { effect, operandsBefore } = await explain(of, 2);
    expect(effect?.pc).toBe(3);
    expect(operandsBefore).toMatchObject([{ value: 0, writer: { step: 0, pc: 0 } }]);
  });

  it('gives the model what was read, at the step at which it was read', async () => {
    const of = program(ins('PUSH', 0), ins('ANALOG_READ'), ins('PUSH', 0), ins('ANALOG_READ'));
    const inputs = [
      { step: 1, port: PORTS.ANALOG, value: 1234 },
      { step: 3, port: PORTS.ANALOG, value: 77 },
    ];
    expect((await explain(of, 1, inputs)).effect?.value).toBe(1234);
    expect((await explain(of, 3, inputs)).effect?.value).toBe(77);
    // Another port's value is nobody's either.
    const other = [{ step: 1, port: PORTS.DIGITAL, value: 1 }];
    expect((await explain(of, 1, other)).effect?.value).toBe(0);
    // What belongs to a step that reads nothing is no later step's.
    const early = [{ step: 0, port: PORTS.ANALOG, value: 5 }, ...inputs];
    expect((await explain(of, 3, early)).effect?.value).toBe(77);
  });

  it('keeps 16 steps, whatever came before', async () => {
    const of = program(ins('PUSH', 1), ins('POP'), ins('JMP', 0));
    const { history } = await explain(of, 3000);
    expect(history).toHaveLength(16);
    expect(history[0]?.step).toBe(2985);
    expect(history.at(-1)?.step).toBe(3000);
  });

  it('a fault has its operands', async () => {
    const of = program(ins('PUSH', 1), ins('PUSH', 0), ins('DIV'));
    const explained = await explain(of, 2);
    expect(explained.effect?.value).toBe(6);
    expect(summary(explained)).toEqual([
      ['stack', 'a', 1, 0, undefined],
      ['stack', 'b', 0, 1, undefined],
    ]);
  });

  it('of a step after the end there is no effect', async () => {
    // Its pc stays on the DIV that faulted.
    const explained = await explain(program(ins('PUSH', 1), ins('PUSH', 0), ins('DIV')), 3);
    expect(explained.effect).toBeUndefined();
    expect(explained.operands).toEqual([]);
  });

  it('has a limit', async () => {
    let time = 0;
    const of = program(ins('JMP', 0));
    const request = {
      program: of,
      settings: WORLD,
      inputs: [],
      step: 10_000_000,
      budgetMs: 5,
      now: () => (time += 1),
    };
    await expect(explainStep(request)).rejects.toThrow(HilError);
  });

  it('ends when it is not wanted any more', async () => {
    const of = program(ins('JMP', 0));
    const signal = AbortSignal.abort(new Error('interrupted'));
    const request = {
      program: of,
      settings: WORLD,
      inputs: [],
      step: 10,
      budgetMs: 5,
      now: () => 0,
    };
    await expect(explainStep({ ...request, signal })).rejects.toThrow('interrupted');
  });
});

describe('the locals of an explanation', () => {
  // outer(x = 5) calls inner(), whose local is `n`.
  const of: Program = {
    ...program(
      ins('PUSH', 5), // 0: x
      ins('CALL', 3), // 1
      ins('HALT'), // 2
      ins('PUSH', 7), // 3: n
      ins('PUSH', 8), // 4: m
      ins('RET', 0, 1), // 5
    ),
    debug: {
      files: [],
      lines: [],
      globals: [],
      arrays: [],
      functions: [
        { name: 'outer', start: 0, end: 3, locals: [{ name: 'x', slot: 0, start: 0, end: 3 }] },
        {
          name: 'inner',
          start: 3,
          end: 6,
          locals: [
            { name: 'n', slot: 0, start: 3, end: 6 },
            { name: 'm', slot: 1, start: 3, end: 6 },
          ],
        },
      ],
    },
  };

  it('are those of every running function that have room on the stack, innermost first', async () => {
    // Step 2 is PUSH 7: n is there, m isn't yet.
    expect((await explain(of, 2)).locals).toEqual([
      { name: 'n', function: 'inner', frame: 1, offset: 0, slot: 1 },
      { name: 'x', function: 'outer', frame: 0, offset: 0, slot: 0 },
    ]);
    expect((await explain(of, 3)).locals.map(({ name }) => name)).toEqual(['n', 'm', 'x']);
  });

  it('have the name that the slot has at this place', async () => {
    const debug = of.debug;
    const again = { name: 'later', slot: 0, start: 5, end: 6 };
    const functions = debug?.functions.map((entry) =>
      entry.name === 'inner'
        ? { ...entry, locals: [{ name: 'n', slot: 0, start: 4, end: 5 }, again] }
        : entry,
    );
    const reused = { ...of, debug: debug && { ...debug, functions: functions ?? [] } };
    expect((await explain(reused, 2)).locals.map(({ name }) => name)).toEqual(['n', 'x']);
    expect((await explain(reused, 3)).locals.map(({ name }) => name)).toEqual(['later', 'x']);
  });

  it('after a return are the caller’s', async () => {
    expect((await explain(of, 4)).locals.map(({ name }) => name)).toEqual(['x']);
  });
});
