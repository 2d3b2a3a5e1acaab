import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadBoard, type Board } from '../../../src/bench/index.ts';
import { planNightly, type Plan, type PlanSettings } from '../../../src/nightly/index.ts';
import { suiteOf } from '../../helpers/suite.ts';

const PROGRAM = { instructions: [], strings: [], entry: 0, loop: undefined, debug: undefined };
const SOURCE = '// expect: one\n// expect:\n// rounds: 7\nvoid setup() {}\n';

async function plan(yaml: string, change: Partial<PlanSettings> = {}): Promise<Plan> {
  const board: Board = await loadBoard('nucleo_g474re');
  return planNightly(await suiteOf(yaml), {
    only: [],
    tags: [],
    shard: undefined,
    seed: 1,
    retries: undefined,
    durations: new Map(),
    boards: [board],
    kinds: ['native'],
    load: (file) => Promise.resolve({ file, sha256: '', program: PROGRAM, source: SOURCE }),
    ...change,
  });
}

const many = (count: number): string =>
  `cases: [${Array.from({ length: count }, (_, n) => `{ id: c${n}, program: x.ino }`).join(', ')}]`;
const idsOf = ({ cases }: Plan): string[] => cases.map(({ id }) => id);

describe('a plan', () => {
  it('reads what a sketch says of itself', async () => {
    const yaml =
      'cases: [{ id: a, program: x.ino, loops: sketch, expect: { output: [{ sketch: true }] } }]';
    const [planned] = (await plan(yaml)).cases;
    expect(planned?.loops).toBe(7);
    expect(planned?.outputs).toEqual([{ vm: 0, text: { whole: 'one\n\n' } }]);
  });

  it('shuffles by the seed, alike each time, and by the cases alone', async () => {
    const first = idsOf(await plan(many(20), { seed: 5 }));
    expect(idsOf(await plan(many(20), { seed: 5 }))).toEqual(first);
    expect(idsOf(await plan(many(20), { seed: 6 }))).not.toEqual(first);
    expect(first.toSorted()).toEqual(idsOf(await plan(many(20), { seed: 6 })).toSorted());
  });

  it('puts retries of the command line in the place of the suite’s', async () => {
    const yaml = 'defaults: { retries: 5 }\ncases: [{ id: a, program: x.ino }]';
    expect((await plan(yaml)).cases[0]?.retries).toBe(5);
    expect((await plan(yaml, { retries: 0 })).cases[0]?.retries).toBe(0);
  });

  it.each([
    ['expect: { pins: [{ pin: D99, edges: 1 }] }', 'board nucleo_g474re has no pin D99'],
    ['expect: { output: [{ vm: audio, exact: x }] }', 'no program runs on VM audio'],
    ['expect: { output: [{ file: no/such.txt }] }', 'cannot read no/such.txt'],
    ['firmware: { native: no/such }', 'there is no firmware at no/such'],
    ['inputs: no-such.yaml', 'no-such.yaml'],
  ])('refuses %s before anything runs', async (text, message) => {
    await expect(plan(`cases: [{ id: a, program: x.ino, ${text} }]`)).rejects.toThrow(message);
  });

  it('does not ask for firmware of a kind of bench that there is none of', async () => {
    const text = 'cases: [{ id: a, program: x.ino, firmware: { nucleo: no/such } }]';
    expect((await plan(text)).cases).toHaveLength(1);
  });
});

describe('parts', () => {
  const durationsOf = (list: readonly number[]): Map<string, number> =>
    new Map(list.map((ms, index) => [`c${index}`, ms]));

  it('hold every case exactly once, and are cut alike by everyone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.nat(1000), { maxLength: 30 }),
        async (count, of, list) => {
          const durations = durationsOf(list);
          const parts: Plan[] = [];
          for (let index = 1; index <= of; index += 1) {
            parts.push(await plan(many(count), { shard: { index, of }, durations }));
          }
          const ids = parts.flatMap(idsOf);
          expect(ids.toSorted()).toEqual(idsOf(await plan(many(count))).toSorted());
          expect(new Set(parts.map(({ shard }) => shard?.plan)).size).toBe(1);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('take about as long as each other', async () => {
    const durations = durationsOf([900, 100, 200, 300, 300, 50, 50, 500]);
    const loads = await Promise.all(
      [1, 2].map(async (index) => {
        const part = await plan(many(8), { shard: { index, of: 2 }, durations });
        return idsOf(part).reduce((sum, id) => sum + (durations.get(id) ?? 0), 0);
      }),
    );
    expect(loads).toEqual([1200, 1200]);
  });

  it('are as many as each other where nobody knows how long cases take', async () => {
    const counts = await Promise.all(
      [1, 2, 3].map(
        async (index) => (await plan(many(10), { shard: { index, of: 3 } })).cases.length,
      ),
    );
    expect(counts.toSorted()).toEqual([3, 3, 4]);
  });

  it('are another cut with other durations', async () => {
    const shard = { index: 1, of: 2 };
    const one = await plan(many(4), { shard, durations: durationsOf([9, 1, 1, 1]) });
    const other = await plan(many(4), { shard, durations: durationsOf([1, 1, 1, 9]) });
    expect(one.shard?.plan).not.toBe(other.shard?.plan);
  });
});
