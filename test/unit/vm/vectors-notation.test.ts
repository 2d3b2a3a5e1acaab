import { beforeAll, describe, expect, it } from 'vitest';
import { disassemble, EFFECT_KINDS } from '../../../src/isa/index.ts';
import { assemble, pathOf } from '../../helpers/vectors/assemble.ts';
import { vectorPins } from '../../helpers/vectors/boards.ts';
import { coverageOf, vectorHoles } from '../../helpers/vectors/coverage.ts';
import { EXECUTORS } from '../../helpers/vectors/executors.ts';
import { judge, type Observation } from '../../helpers/vectors/judge.ts';
import { runOnModel } from '../../helpers/vectors/model-executor.ts';
import { parseEffect, parseFrames } from '../../helpers/vectors/notation.ts';
import { loadVectors, type Vector } from '../../helpers/vectors/vectors.ts';
import { parseValues } from '../../helpers/vectors/values.ts';

const listing = (code: string): string[] =>
  assemble(code).instructions.map((instruction) => disassemble(instruction));

describe('the notation of the vectors', () => {
  it('pushes values with the shortest instructions', () => {
    expect(listing('0 65535 -1 -32768')).toEqual([
      'PUSH 0',
      'PUSH 65535',
      'PUSH.SIGNED -1',
      'PUSH.SIGNED -32768',
    ]);
    expect(listing('INT_MIN -32769')).toEqual([
      'PUSH 0',
      'PUSH.WIDE 32768',
      'PUSH 32767',
      'PUSH.WIDE 65535',
    ]);
    expect(listing('FILL 2')).toEqual(['PUSH 1', 'PUSH 2']);
  });

  it('writes instructions as the disassembler does', () => {
    const code = [
      'ADD',
      'PUSH.SIGNED -5',
      'PUSH.WIDE 1',
      'CALL 7, 2',
      'PRINTF 0, 3',
      'RET.VALUE',
      '.word 0x0A010203',
    ];
    expect(listing(code.join('; '))).toEqual(code);
    expect(listing('NEST 2; SKIP 1')).toEqual(['CALL 1, 0', 'CALL 2, 0', 'JMP 3']);
    expect(assemble('ADD/255 9').instructions).toEqual([{ opcode: 3, flags: 255, immediate: 9 }]);
  });

  it('knows labels, marks and the way to the last mark', () => {
    const assembly = assemble('JMP a; f: > POP; RET; a: b: 5; CALL f, 1; > HALT');
    expect([...assembly.labels]).toEqual([
      ['f', 1],
      ['a', 3],
      ['b', 3],
    ]);
    expect(assembly.marks).toEqual([1, 5]);
    expect(pathOf(assembly)).toEqual([0, 3, 4, 1, 2, 5]);
    expect(pathOf(assemble('1; >'))).toEqual([0, 1]);
  });

  it.each([
    'NOPE',
    'ADD.SIGNED',
    'JMP nowhere',
    'CALL',
    '5 six',
    '4294967296',
    'push 5',
    'ADD 1, 2, 3',
  ])('refuses %s', (code) => {
    // CALL without a target is call 0 without arguments: legal, but it leads nowhere.
    expect(() => pathOf(assemble(`${code}; > HALT`))).toThrow(Error);
  });

  it('refuses a condition on the way', () => {
    expect(() => pathOf(assemble('1; JMP_TRUE 0; > HALT'))).toThrow('condition');
  });

  it('reads values, effects and frames', () => {
    expect(parseValues('FILL 3 0x80000000 ZEROS 2')).toEqual([1, 2, 3, -2_147_483_648, 0, 0]);
    expect(parseEffect('TOP -1')).toEqual({ kind: EFFECT_KINDS.TOP, address: 0, value: -1 });
    expect(parseEffect('STORE ARRAY+15:63 = 7')).toEqual({ kind: 1, address: 0x7ff, value: 7 });
    expect(parseEffect('INPUT MILLIS = 7')).toEqual({ kind: 2, address: 0x401, value: 7 });
    for (const text of [
      'TOP',
      'TOP GLOBAL+1 = 5',
      'STORE 5',
      'STORE DELAY = 5',
      'INPUT NOTHING = 1',
    ])
      expect(() => parseEffect(text)).toThrow(Error);
    expect(parseFrames(['f 3', '7..8 0'], new Map([['f', 2]]))).toEqual([
      [2, 3],
      [7, 0],
      [8, 0],
    ]);
  });
});

describe('the judge', () => {
  let vector: Vector;
  let seen: Observation;

  beforeAll(async () => {
    const { vectors } = loadVectors();
    const found = vectors.find(({ id }) => id === 'STORE_ARRAY: replaces a value, and no other');
    if (found === undefined) throw new Error('that vector is gone');
    vector = found;
    seen = runOnModel(vector, await vectorPins());
  });

  it('finds nothing in what is right', () => {
    expect(judge(vector, seen)).toEqual([]);
  });

  it.each<[string, (after: Observation['after']) => Partial<Observation['after']>]>([
    ['pc', ({ pc }) => ({ pc: pc + 1 })],
    ['error', () => ({ error: 7 })],
    ['halted', () => ({ halted: true })],
    ['executed', ({ executed }) => ({ executed: executed - 1 })],
    ['stack', () => ({ stack: [0] })],
    ['frames', () => ({ frames: [[0, 0]] })],
    ['globals 63', ({ globals }) => ({ globals: globals.with(63, 1) })],
    ['arrays 1', ({ arrays }) => ({ arrays: arrays.with(1, [10, 11, 12]) })],
    ['arrays 15', ({ arrays }) => ({ arrays: arrays.with(15, [0]) })],
    ['cells outside arrays', () => ({ strays: 1 })],
  ])('sees another %s', (what, change) => {
    const problems = judge(vector, { ...seen, after: { ...seen.after, ...change(seen.after) } });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${what}: expected `));
  });

  it.each(['pc', 'opcode', 'sp', 'kind', 'address', 'value'] as const)(
    'sees another %s of the effect',
    (field) => {
      const effects = seen.effects.map((effect) => ({ ...effect, [field]: effect[field] + 1 }));
      expect(judge(vector, { ...seen, effects })).toHaveLength(1);
    },
  );

  it('sees another text and a missing step', () => {
    const text = Uint8Array.of(65);
    const effects = seen.effects.map((effect) => ({ ...effect, text }));
    expect(judge(vector, { ...seen, effects })).toHaveLength(1);
    expect(judge(vector, { ...seen, effects: seen.effects.slice(0, -1) })).toHaveLength(2);
  });
});

describe('the table of what was run', () => {
  const { vectors, digest } = loadVectors();
  const all = { digest, cases: Object.fromEntries(vectors.map(({ id }) => [id, null])) };
  const complete = Object.fromEntries(EXECUTORS.map((name) => [name, all]));
  const without = (change: (vector: Vector) => boolean): Vector[] =>
    vectors.filter((vector) => !change(vector));

  it('has no hole when everyone ran everything', () => {
    const coverage = coverageOf(vectors, complete);
    expect(coverage.holes).toEqual([]);
    expect(coverage.excused).toEqual([]);
    expect(coverage.table).toMatch(/^HALT +2\/2\/2\/2 .* 2\/2\/2\/2$/m);
  });

  it('names a case that an executor forgot, and an executor that did not run', () => {
    const cases = Object.fromEntries(
      Object.entries(all.cases).filter(([id]) => id !== 'HALT: flags 1'),
    );
    const { holes } = coverageOf(vectors, { ...complete, native: { digest, cases } });
    expect(holes).toEqual(['HALT: flags 1: not run by native']);
    const absent = coverageOf(vectors, { ...complete, model: undefined });
    expect(absent.holes).toHaveLength(vectors.length);
  });

  it('lists what has a reason, but not that others of its kind were run', () => {
    const skip = (reason: string) => ({
      ...complete,
      emulated: { digest, cases: { ...all.cases, 'CALL: the 25th frame': reason } },
    });
    const { holes, excused } = coverageOf(vectors, skip('no such frame'));
    expect(holes).toEqual([]);
    expect(excused).toEqual(['CALL of fault 1 STACK_OVERFLOW on emulated: no such frame']);
    const marked = vectors.map((vector) =>
      vector.id === 'CALL: the 25th frame' ? { ...vector, variant: true } : vector,
    );
    expect(coverageOf(marked, skip('a variant')).holes).toEqual([
      'CALL of fault 1 STACK_OVERFLOW on emulated: a variant',
    ]);
  });

  it('names a fault, a normal case and flags that no case has', () => {
    const ofAdd = (vector: Vector): boolean => vector.opcode?.name === 'ADD';
    expect(vectorHoles(without((one) => ofAdd(one) && one.fault === 2))).toEqual([
      'ADD: no case of fault 2 STACK_UNDERFLOW',
    ]);
    expect(vectorHoles(without((one) => ofAdd(one) && one.fault === 0))).toEqual([
      'ADD: no case without a fault',
    ]);
    expect(vectorHoles(without((one) => one.id === 'ADD: flags 255'))).toEqual([
      'ADD: no case with flags 255',
    ]);
  });
});
