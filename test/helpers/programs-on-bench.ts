import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../src/compiler/index.ts';
import { openTestBench, type TestBench } from './bench.ts';
import { expectAlike } from './digest-on-bench.ts';
import { testPrograms } from './programs.ts';

/**
 * Declares one test for each sketch of test/programs: every step on a bench equals the model's, it prints what it says, and runs by
 * digest find the same.
 * @param epochs most steps of an epoch, for each digest run
 */
export function describeProgramsOn(benchName: string, epochs: readonly number[]): void {
  describe(`test programs on the ${benchName} bench`, () => {
    let bench: TestBench;
    beforeAll(async () => {
      bench = await openTestBench(benchName);
    });
    afterAll(() => bench[Symbol.asyncDispose]());

    it.each(testPrograms())('$name', async ({ name, source, lines, rounds }) => {
      const compiled = compile(source, name);
      if (!compiled.ok) throw new Error(`${name} does not compile`);
      const { program } = compiled;
      const result = await bench.lockstep(program, rounds);
      expect(result.mismatch).toBeUndefined();
      expect(result.endMismatch).toBeUndefined();
      expect(result.state?.differences).toEqual([]);
      expect(result.fault).toBe(0);
      expect(result.stopReason).toBe(program.loop === undefined ? 'halted' : 'loops');
      expect(result.stepsCompared).toBeGreaterThan(0);
      expect(Buffer.concat(result.printed).toString('utf8').split('\n')).toEqual([...lines, '']);
      for (const epoch of epochs) {
        const comparison = { mode: 'digest', epoch } as const;
        expectAlike({
          trace: result,
          digest: await bench.lockstep(program, rounds, { comparison }),
        });
      }
    });
  });
}
