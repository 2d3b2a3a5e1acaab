import { describe, expect, it } from 'vitest';
import type { FuzzCase } from '../../../src/fuzz/index.ts';
import { disassemble, opcodeByName, PORTS, type Instruction } from '../../../src/isa/index.ts';
import { ModelReplay, type ReplayedInput } from '../../../src/lockstep/index.ts';
import { shrink, type Diverged, type Shrunk } from '../../../src/suite/shrink.ts';
import type { Trial, Wrong } from '../../../src/suite/shrink-trial.ts';

const SETTINGS = {
  pins: Array.from({ length: 8 }, () => ({ adc: false, pwm: false, dac: false })),
  buttons: 0,
  clock: 'virtual',
} as const;
const BOUND = {
  tries: 5,
  budgetMs: 60_000,
  now: () => 0,
  signal: new AbortController().signal,
};

function instruction(name: string, immediate = 0, flags = 0): Instruction {
  return { opcode: opcodeByName(name)?.code ?? -1, flags, immediate };
}

function diverged(
  step: number,
  instructions: Instruction[],
  inputs: ReplayedInput[] = [],
): Diverged {
  const program = { instructions, strings: [], entry: 0, loop: undefined, debug: undefined };
  const run = { program, settings: SETTINGS, inputs, steps: step + 1, rounds: 0 };
  return { run, step, strayed: false, brokeOff: false };
}

/** A bench on which an instruction goes wrong as soon as `when` says so of the opcodes executed before it. */
function benchOf(name: string, when: (before: readonly number[]) => boolean): Trial {
  const wrongOpcode = opcodeByName(name)?.code;
  return ({ program, steps }) => {
    const model = new ModelReplay(program, SETTINGS, []);
    const before: number[] = [];
    while (model.steps < steps) {
      const effect = model.step();
      if (effect === undefined) break;
      if (effect.opcode === wrongOpcode && effect.kind !== 5 && when(before)) {
        const step = model.steps - 1;
        return Promise.resolve(wrongAt(step, effect.opcode));
      }
      before.push(effect.opcode);
    }
    return Promise.resolve(undefined);
  };
}

const wrongAt = (step: number, opcode: number): Wrong => ({
  finding: { kind: 'step', step, effect: undefined, fields: ['value'] },
  opcode,
  lines: [],
});

function smaller(shrunk: Shrunk): Extract<Shrunk, { kind: 'smaller' }> {
  if (shrunk.kind !== 'smaller') throw new Error(`it is ${shrunk.kind}`);
  return shrunk;
}

const text = ({ program }: FuzzCase): string[] => program.instructions.map((it) => disassemble(it));

const LONG = [
  instruction('PUSH', 300),
  instruction('NOT'),
  instruction('POP'),
  instruction('PUSH', 40),
  instruction('PUSH', 7),
  instruction('SUB'),
  instruction('HALT'),
];

describe('shrink', () => {
  it('finds a fault of one instruction by executing it alone', async () => {
    const found = smaller(
      await shrink(
        diverged(5, LONG),
        benchOf('SUB', () => true),
        BOUND,
      ),
    );
    expect(found.oneStep).toBe('the cells that it touches');
    expect(text(found.smallest.fuzzCase)).toEqual(['PUSH 0', 'PUSH 0', 'SUB']);
    expect(found).toMatchObject({
      before: 7,
      cut: undefined,
      original: { diverged: 2, runs: 2 },
      again: { diverged: 5, runs: 5 },
    });
  });

  it('reduces the program where the fault needs what came before', async () => {
    const not = opcodeByName('NOT')?.code ?? -1;
    const bench = benchOf('SUB', (before) => before.includes(not));
    const found = smaller(await shrink(diverged(5, LONG), bench, BOUND));
    expect(found.oneStep).toBeUndefined();
    expect(text(found.smallest.fuzzCase)).toEqual(['PUSH 0', 'NOT', 'PUSH 0', 'SUB']);
  });

  it('puts constants in the place of what is read, and drops what nobody needs then', async () => {
    const [not, read] = ['NOT', 'DIGITAL_READ'].map((name) => opcodeByName(name)?.code ?? -1);
    const program = [
      instruction('PUSH', 4),
      instruction('DIGITAL_READ'),
      instruction('NOT'),
      instruction('PUSH', 7),
      instruction('SUB'),
    ];
    const needs = [not];
    const bench = benchOf('SUB', (before) => needs.every((it) => before.includes(it ?? -1)));
    const inputs = [{ step: 1, port: PORTS.DIGITAL + 4, value: 1 }];
    const found = smaller(await shrink(diverged(4, program, inputs), bench, BOUND));
    expect(found.smallest.fuzzCase.program.instructions.map(({ opcode }) => opcode)).not.toContain(
      read,
    );
    // One that is part of it stays.
    needs.push(read);
    const kept = smaller(await shrink(diverged(4, program, inputs), bench, BOUND));
    expect(kept.smallest.fuzzCase.program.instructions.map(({ opcode }) => opcode)).toContain(read);
  });

  it('says how often a fault did not come again', async () => {
    const found = await shrink(diverged(5, LONG), () => Promise.resolve(undefined), BOUND);
    expect(found).toEqual({
      kind: 'gone',
      original: { diverged: 0, runs: 5 },
      runs: 5,
      cut: undefined,
    });
  });

  it('gives a fault that comes and goes several runs', async () => {
    let run = 0;
    const sub = benchOf('SUB', () => true);
    const fickle: Trial = (it) => ((run += 1) % 2 === 0 ? sub(it) : Promise.resolve(undefined));
    const found = smaller(await shrink(diverged(5, LONG), fickle, BOUND));
    expect(found.original).toEqual({ diverged: 2, runs: 5 });
    expect(text(found.smallest.fuzzCase)).toEqual(['PUSH 0', 'PUSH 0', 'SUB']);
    expect(found.again.diverged).toBeLessThan(found.again.runs);
  });

  it('does not take another divergence for the one it looks for', async () => {
    const sub = benchOf('SUB', (before) => before.includes(opcodeByName('NOT')?.code ?? -1));
    const mul = benchOf('PUSH', (before) => before.length === 0);
    // Without NOT, the first PUSH is wrong.
    const both: Trial = async (it) => (await sub(it)) ?? (await mul(it));
    const found = smaller(await shrink(diverged(5, LONG), both, BOUND));
    expect(found.smallest.wrong.opcode).toBe(opcodeByName('SUB')?.code);
  });

  it('keeps the smallest so far when the time is over, it is interrupted, or the bench fails', async () => {
    const needsNot = benchOf('SUB', (before) => before.includes(opcodeByName('NOT')?.code ?? -1));
    const stop = new AbortController();
    const ways = [
      { bound: { budgetMs: 9 }, cut: /^the 0.009 s were over$/, atEnd: () => undefined },
      {
        bound: { signal: stop.signal },
        cut: /^it was interrupted$/,
        atEnd: () => {
          stop.abort();
        },
      },
      {
        bound: {},
        cut: /^the bench failed: gone dark$/,
        atEnd: () => {
          throw new Error('gone dark');
        },
      },
    ];
    for (const { bound, cut, atEnd } of ways) {
      let runs = 0;
      const bench: Trial = async (it) => {
        runs += 1;
        if (runs > 9) atEnd();
        return needsNot(it);
      };
      const settings = { ...BOUND, ...bound, now: () => runs };
      const found = smaller(await shrink(diverged(5, LONG), bench, settings));
      expect(found.cut).toMatch(cut);
      expect(found.smallest.fuzzCase.program.instructions.length).toBeLessThan(LONG.length);
      expect(found.smallest.wrong.opcode).toBe(opcodeByName('SUB')?.code);
    }
  });

  describe('a bench that dies', () => {
    const dies: Wrong = {
      finding: { kind: 'break-off', how: 'silent' },
      opcode: undefined,
      lines: ['the board fell silent'],
    };
    const [not = -1, sub = -1] = ['NOT', 'SUB'].map((name) => opcodeByName(name)?.code);
    const opcodes = ({ program }: FuzzCase): number[] =>
      program.instructions.map(({ opcode }) => opcode);

    it('of a smaller program does not end the search, nor count as the divergence', async () => {
      // SUB is wrong behind a NOT; without one it kills the board.
      const wrongBehindNot = benchOf('SUB', (before) => before.includes(not));
      const bench: Trial = async (it) => {
        const found = await wrongBehindNot(it);
        return found === undefined && opcodes(it).includes(sub) ? dies : found;
      };
      const found = smaller(await shrink(diverged(5, LONG), bench, BOUND));
      expect(found.cut).toBeUndefined();
      expect(text(found.smallest.fuzzCase)).toEqual(['PUSH 0', 'NOT', 'PUSH 0', 'SUB']);
    });

    it('of the recorded one is what is looked for then', async () => {
      const bench: Trial = (it) => Promise.resolve(opcodes(it).includes(sub) ? dies : undefined);
      const found = smaller(await shrink({ ...diverged(5, LONG), brokeOff: true }, bench, BOUND));
      expect(text(found.smallest.fuzzCase)).toContain('SUB');
      expect(opcodes(found.smallest.fuzzCase)).not.toContain(not);
      expect(found.smallest.wrong.lines).toEqual(['the board fell silent']);
      expect(found.original).toEqual({ diverged: 2, runs: 2 });
    });

    it('where a divergence was recorded has not shown it', async () => {
      const bench: Trial = () => Promise.resolve(dies);
      const found = await shrink(diverged(5, LONG), bench, BOUND);
      expect(found).toMatchObject({ kind: 'gone', original: { diverged: 0, runs: 5 } });
    });
  });
});
