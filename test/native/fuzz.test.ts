import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  compareCase,
  coverageLines,
  divergenceLines,
  listing,
  NativeExecutor,
  readFinding,
  runCampaign,
  writeFinding,
  type CampaignResult,
} from '../../src/fuzz/index.ts';
import { disassemble } from '../../src/isa/index.ts';
import { repositoryPath } from '../helpers/paths.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { buildFuzz } from '../helpers/fuzz-build.ts';

/** The programs of a run follow from it alone. */
const SEED = 20_260_706;
/** About 15 s on a quiet core of 2020, with sanitizers. */
const STEPS = 6_000_000;
/** Four minutes for a build and a campaign that take half a minute on a quiet machine. */
const LIMIT_MS = 240_000;
const FOUND = repositoryPath('test', 'vectors', 'found');

/** A campaign with a fixed seed, bounded by steps alone so that it is the same everywhere. */
async function campaign(path: string, steps: number): Promise<CampaignResult> {
  await using executor = new NativeExecutor(path);
  const budget = { steps, ms: Infinity };
  return await runCampaign({ executor, seed: SEED, budget, now: () => performance.now() });
}

describe('the reference model and the sanitized native engine', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await buildFuzz('native-asan', ['cvm-effects']);
  }, LIMIT_MS);

  it(
    'agree on millions of steps of generated programs that cover the instruction set',
    async () => {
      const { programs, steps, coverage, finding } = await campaign(`${folder}/cvm-effects`, STEPS);
      console.log(`seed ${SEED}: ${programs} programs, ${steps} steps compared`);
      for (const line of coverageLines(coverage)) console.log(line);
      const difference =
        finding === undefined
          ? []
          : [...divergenceLines(finding.divergence), ...listing(finding.fuzzCase.program)];
      expect(difference).toEqual([]);
      expect(steps).toBeGreaterThanOrEqual(2_000_000);
      const { pairs, faults, operands } = {
        pairs: coverage.area('pairs'),
        faults: coverage.area('faults'),
        operands: coverage.area('operands'),
      };
      expect(faults.missing).toEqual([]);
      expect(pairs.seen / pairs.possible).toBeGreaterThan(0.95);
      expect(operands.seen / operands.possible).toBeGreaterThan(0.98);
    },
    LIMIT_MS,
  );

  it('agree on every program that once showed a difference', async () => {
    const files = (await readdir(FOUND)).filter((file) => file.endsWith('.json'));
    expect(files.length).toBeGreaterThan(0);
    await using executor = new NativeExecutor(`${folder}/cvm-effects`);
    for (const file of files) {
      const { divergence } = await compareCase(executor, await readFinding(join(FOUND, file)));
      expect({ file, divergence }).toEqual({ file, divergence: undefined });
    }
  });
});

describe('a native engine that is wrong on purpose', () => {
  it.each([
    // A difference of two values, and one of two equal values: no shorter program shows them.
    { defect: 'SUB_SWAPPED', instructions: /^(PUSH 0,PUSH 1|PUSH 1,PUSH 0),SUB$/ },
    { defect: 'LT_SIGNED_LE', instructions: /^PUSH 0,PUSH 0,LT_SIGNED$/ },
  ])(
    '$defect is found and shrunk to three instructions',
    async ({ defect, instructions }) => {
      const folder = await buildFuzz('native', ['cvm-effects'], defect);
      const { finding } = await campaign(`${folder}/cvm-effects`, STEPS);
      if (finding === undefined) throw new Error('the defect was not found');
      const { program } = finding.fuzzCase;
      expect(program.instructions.map((it) => disassemble(it)).join()).toMatch(instructions);
      expect(finding.divergence).toMatchObject({ kind: 'effect', step: 2 });

      // What was written shows it again.
      const file = await writeFinding(await temporaryFolder(), finding);
      await using executor = new NativeExecutor(`${folder}/cvm-effects`);
      const { divergence } = await compareCase(executor, await readFinding(file));
      expect(divergence).toEqual(finding.divergence);
    },
    LIMIT_MS,
  );

  it(
    'a write behind its back is found in the state that is left, and a crash by its end',
    async () => {
      const stray = await buildFuzz('native', ['cvm-effects'], 'STRAY_WRITE');
      const { finding: left } = await campaign(`${stray}/cvm-effects`, STEPS);
      expect(left?.divergence).toMatchObject({ kind: 'end', field: 'globals (CRC-32)' });
      const crash = await buildFuzz('native', ['cvm-effects'], 'CRASH_IN_PRINTF');
      const { finding: died } = await campaign(`${crash}/cvm-effects`, STEPS);
      expect(died?.divergence).toMatchObject({ kind: 'crash' });
      expect(died?.fuzzCase.program.instructions.map((it) => disassemble(it)).at(-1)).toMatch(
        /^PRINTF/,
      );
    },
    LIMIT_MS,
  );
});
