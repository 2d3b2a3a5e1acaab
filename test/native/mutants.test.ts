import { describe, expect, it } from 'vitest';
import { StaleMutantError } from '../mutants/apply.ts';
import { runCampaign } from '../mutants/campaign.ts';
import { MUTANTS, SAMPLE } from '../mutants/list/index.ts';
import { complaints, outcomeIn } from '../mutants/report.ts';
import type { MutantResult } from '../mutants/score.ts';
import { MODES, type Mode, type Mutant } from '../mutants/types.ts';

/** Sketches that between them reach every mutant of the sample: comparisons, calls, arrays, text, time, a button. */
const SKETCHES = ['buttons', 'clock', 'functions', 'sort', 'switch'].map((name) => `${name}.ino`);

/** Two builds of the firmware and ten of one file take 15 s on two busy cores, the hang 7 s; the rest is for a loaded machine. */
const LIMIT_MS = 180_000;

async function campaign(
  mutants: readonly Mutant[],
  modes: readonly Mode[],
): Promise<MutantResult[]> {
  await using resources = new AsyncDisposableStack();
  const results: MutantResult[] = [];
  await runCampaign({
    mutants,
    modes,
    bench: 'native',
    extent: 'affected',
    jobs: 1,
    wanted: ({ id }) => SKETCHES.includes(id),
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
