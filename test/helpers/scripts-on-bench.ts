import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../src/compiler/index.ts';
import type { LockstepResult } from '../../src/lockstep/index.ts';
import type { InputScript } from '../../src/results/index.ts';
import { expectedInputs, inputServerOf, scriptFor } from '../../src/suite/input-server.ts';
import { openTestBench, type TestBench } from './bench.ts';
import { scripts } from './wire-vectors.ts';

const SKETCH = `int sum;

void setup() {}

void loop() {
  sum = 3 * sum + digitalRead(4) + digitalRead(5);
  if (buttonPressed(0)) { sum++; }
}
`;
const ROUNDS = 12;

/** The script of the golden vector of that name, as a person writes it. */
const GOLDEN = 'a seed for all others';
const SCRIPT: InputScript = {
  ports: [{ kind: 'values', port: 0x300, values: [1], then: 'last' }],
  others: 0xffff_ffff,
};

/** Declares tests that a bench's firmware serves scripts, and that what it serves is held against them. */
export function describeScriptsOn(benchName: string): void {
  describe(`scripted inputs on the ${benchName} bench`, () => {
    let bench: TestBench;
    beforeAll(async () => {
      bench = await openTestBench(benchName);
    });
    afterAll(() => bench[Symbol.asyncDispose]());

    /** @param expected what the comparison is told, when it isn't what the board is given */
    async function run(
      mode: 'trace' | 'digest',
      given: InputScript,
      expected = given,
    ): Promise<LockstepResult> {
      const compiled = compile(SKETCH, 'scripted.ino');
      if (!compiled.ok) throw new Error('the sketch does not compile');
      const server = inputServerOf(bench);
      return bench.lockstep(compiled.program, ROUNDS, {
        comparison: mode === 'digest' ? { mode, epoch: 64 } : { mode },
        onUploaded: () => server.serve(0, scriptFor(server, given)),
        ...expectedInputs(expected),
      });
    }

    const valuesOf = ({ inputs }: LockstepResult, port: number): number[] =>
      inputs.filter((input) => input.port === port).map(({ value }) => value);

    it.each(['trace', 'digest'] as const)('are the golden ones in mode %s', async (mode) => {
      const result = await run(mode, SCRIPT);
      expect(result.mismatch).toBeUndefined();
      expect(result.state?.differences).toEqual([]);
      const golden = scripts.find(({ name }) => name === GOLDEN)?.reads ?? [];
      for (const port of [4, 5]) {
        expect(valuesOf(result, port)).toEqual(golden.find((reads) => reads.port === port)?.values);
      }
      expect(valuesOf(result, 0x300)).toEqual(Array.from({ length: ROUNDS }, () => 1));
    });

    it.each(['trace', 'digest'] as const)('that are others are found in mode %s', async (mode) => {
      const pin: InputScript = {
        ports: [{ kind: 'values', port: 4, values: [0, 1, 1, 0, 1], then: 'repeat' }],
        others: 7,
      };
      const other: InputScript = {
        ...pin,
        ports: [{ kind: 'values', port: 4, values: [0, 1, 1, 1, 1], then: 'repeat' }],
      };
      const { mismatch } = await run(mode, pin, other);
      expect(mismatch).toMatchObject({
        effect: { address: 4, value: 0 },
        implausible: '0 at read 3 of the port, where the input script gives 1',
      });
      expect(valuesOf(await run(mode, pin), 4).slice(0, 6)).toEqual([0, 1, 1, 0, 1, 0]);
    });
  });
}
