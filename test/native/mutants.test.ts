import { describe, expect, it } from 'vitest';
import { seeded } from '../helpers/noisy-line.ts';
import { StaleMutantError } from '../mutants/apply.ts';
import { runCampaign } from '../mutants/campaign.ts';
import { MUTANTS, SAMPLE } from '../mutants/list/index.ts';
import { complaints, outcomeIn } from '../mutants/report.ts';
import type { MutantResult } from '../mutants/score.ts';
import { MODES, type Mode, type Mutant } from '../mutants/types.ts';
import type { Unit } from '../mutants/units.ts';

/** Sketches that between them reach every mutant of the sample: comparisons, calls, arrays, text, time, a button. */
const SKETCHES = ['buttons', 'clock', 'functions', 'sort', 'switch'].map((name) => `${name}.ino`);

/** A build of the firmware and nine of one file take 15 s on two busy cores, the hang 7 s; the rest is for a loaded machine. */
const LIMIT_MS = 180_000;

/** Beside those, so many others, in all digest runs of the suite: other ones with each seed. */
const OTHERS = 5;
const SEED = Number(process.env.MUTANTS_SEED ?? 1);

async function campaign(
  mutants: readonly Mutant[],
  modes: readonly Mode[],
  wanted: (unit: Unit) => boolean = ({ id }) => SKETCHES.includes(id),
): Promise<MutantResult[]> {
  await using resources = new AsyncDisposableStack();
  const results: MutantResult[] = [];
  await runCampaign({
    mutants,
    modes,
    bench: 'native',
    extent: 'affected',
    jobs: 1,
    wanted,
    resources,
    signal: new AbortController().signal,
    onResult: (result) => results.push(result),
  });
  return results;
}

function mutantCalled(id: string): Mutant {
  const found = MUTANTS.find((mutant) => mutant.id === id);
  if (found === undefined) throw new Error(`no mutant ${id}`);
  return found;
}

/** Mutants that runs show, as a seed has it. */
function drawn(seed: number): readonly Mutant[] {
  const random = seeded(seed);
  const open = MUTANTS.filter(
    ({ id, sight, modes }) =>
      !SAMPLE.includes(id) &&
      !['leg', 'equivalent', 'silent'].includes(sight.kind) &&
      (modes?.includes('digest') ?? true),
  );
  return Array.from({ length: OTHERS }, () =>
    open.splice(Math.floor(random() * open.length), 1),
  ).flat();
}

describe('the mutation campaign', { timeout: LIMIT_MS }, () => {
  it('finds each mutant of the sample in every mode, at the step where it was planted', async () => {
    const results = await campaign(SAMPLE.map(mutantCalled), MODES);
    expect(results).toHaveLength(SAMPLE.length);
    expect(results.flatMap(complaints)).toEqual([]);
    for (const mode of ['trace', 'digest'] as const) {
      expect(results.map((result) => outcomeIn(result, mode))).toEqual(SAMPLE.map(() => 'caught'));
    }
    // A text leaves nothing behind.
    const printed = results.find(({ mutant }) => mutant.id === 'printf-d-unsigned');
    expect(printed && outcomeIn(printed, 'free')).toBe('missed');
  });

  it(`finds others, drawn with seed ${SEED}, at the step where they were planted`, async () => {
    const mutants = drawn(SEED);
    const results = await campaign(mutants, ['digest'], () => true);
    expect(results.map(({ mutant }) => mutant.id)).toEqual(mutants.map(({ id }) => id));
    expect(results.flatMap(complaints)).toEqual([]);
  });

  it('complains when another step is named, when nothing is found, and when a text is not there', async () => {
    const original = mutantCalled('lt-signed-unsigned');
    const late: Mutant = {
      ...original,
      id: 'said-to-be-late',
      sight: {
        kind: 'step',
        differs:
          () =>
          ({ op, step }) =>
            op === 'LT_SIGNED' && step > 100,
      },
    };
    const harmless: Mutant = {
      ...original,
      id: 'harmless',
      edits: original.edits.map(({ find }) => ({ find, replace: `${find} /* the same */` })),
    };
    const [wrong, survivor] = await campaign([late, harmless], ['trace']);
    expect(wrong && complaints(wrong).join('\n')).toMatch(/predicted step \d+, seen step \d+/);
    expect(survivor && complaints(survivor)).toEqual(['harmless survives in mode trace']);
    const stale: Mutant = { ...original, edits: [{ find: 'no such text', replace: '' }] };
    await expect(campaign([stale], ['trace'])).rejects.toThrow(StaleMutantError);
  });
});
