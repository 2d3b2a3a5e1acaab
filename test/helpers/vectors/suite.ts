import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPCODES } from '../../../src/isa/index.ts';
import { checkVector, openExecutor, type Executor, type ExecutorName } from './executors.ts';
import { writeRecord } from './record.ts';
import { loadVectors, type Vector } from './vectors.ts';

/** Runs cases one after the other; returns what is wrong, a line each, and notes in `cases` what was run. */
async function runCases(
  executor: Executor,
  vectors: readonly Vector[],
  cases: Map<string, string | null>,
): Promise<string[]> {
  const problems: string[] = [];
  for (const vector of vectors) {
    const result = await checkVector(executor, vector);
    cases.set(vector.id, result.reason ?? null);
    problems.push(...result.problems.map((problem) => `${vector.id}: ${problem}`));
  }
  return problems;
}

/** Runs all cases outside of tests and records it. Throws an Error when one fails. */
export async function runAndRecord(name: ExecutorName): Promise<void> {
  const { vectors, digest } = loadVectors();
  const cases = new Map<string, string | null>();
  await using executor = await openExecutor(name);
  const problems = await runCases(executor, vectors, cases);
  if (problems.length > 0) throw new Error(`${name}:\n${problems.join('\n')}`);
  writeRecord(name, { digest, cases: Object.fromEntries(cases) });
}

/** Defines one test for each opcode; what was run is recorded for the check of the whole table. */
export function describeVectors(name: ExecutorName): void {
  describe(`semantics on ${name}`, () => {
    const { vectors, digest } = loadVectors();
    const cases = new Map<string, string | null>();
    let executor: Executor;

    beforeAll(async () => {
      executor = await openExecutor(name);
    });
    afterAll(async () => {
      // A run of some tests only is no record of the whole.
      if (cases.size === vectors.length)
        writeRecord(name, { digest, cases: Object.fromEntries(cases) });
      await executor[Symbol.asyncDispose]();
    });

    it.each(['machine', ...OPCODES.map((opcode) => opcode.name)])('%s', async (opcode) => {
      const own = vectors.filter((vector) => (vector.opcode?.name ?? 'machine') === opcode);
      expect(own).not.toEqual([]);
      expect(await runCases(executor, own, cases)).toEqual([]);
    });
  });
}
