import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryPath } from '../helpers/paths.ts';
import { buildFuzz } from '../helpers/fuzz-build.ts';

/**
 * Inputs for each target of firmware/fuzz, over a million in all. With sanitizers a quiet core of 2020 does 15,000 lines, 60,000
 * images and 3,500 whole conversations a second: about 15 s each.
 */
const TARGETS = [
  { target: 'line', runs: 200_000, maxLength: 600 },
  { target: 'image', runs: 800_000, maxLength: 400 },
  { target: 'agent', runs: 30_000, maxLength: 700 },
] as const;
/** Bound of one target, for a machine that is ten times slower than that. */
const LIMIT_MS = 240_000;

describe('hostile bytes', () => {
  let folder = '';
  let scratch = '';
  beforeAll(async () => {
    folder = await buildFuzz(
      'fuzz',
      TARGETS.map(({ target }) => `fuzz-${target}`),
    );
    scratch = await mkdtemp(join(tmpdir(), 'cockpit-hil-fuzz-'));
  }, LIMIT_MS);
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  it('are over a million', () => {
    expect(TARGETS.reduce((sum, { runs }) => sum + runs, 0)).toBeGreaterThan(1_000_000);
  });

  it.each(TARGETS)(
    'do no harm to the $target target in $runs inputs',
    async ({ target, runs, maxLength }) => {
      const found = join(scratch, target);
      await mkdir(found);
      const result = await execa(
        `${folder}/fuzz-${target}`,
        [
          '-seed=1',
          `-runs=${runs}`,
          `-max_len=${maxLength}`,
          // Seconds for one input before it counts as a hang; a usual one takes under a millisecond.
          '-timeout=10',
          `-dict=${repositoryPath('firmware', 'fuzz', 'words.dict')}`,
          `-artifact_prefix=${repositoryPath('build')}/hostile-${target}-`,
          // What it finds goes to the first folder; the seeds in the second stay as they are.
          found,
          repositoryPath('firmware', 'fuzz', 'corpus', target),
        ],
        { reject: false, all: true, timeout: LIMIT_MS },
      );
      expect(result.exitCode, result.all.slice(-4000)).toBe(0);
      const done = /Done (\d+) runs/.exec(result.all)?.[1];
      const coverage = /cov: (\d+)/.exec(result.all.slice(result.all.lastIndexOf('DONE')))?.[1];
      console.log(`${target}: ${done ?? 'no'} inputs, ${coverage ?? 'no'} edges covered`);
      expect(Number(done)).toBeGreaterThanOrEqual(runs);
    },
    LIMIT_MS,
  );
});
