import { describe, expect, it } from 'vitest';
import { StaleMutantError } from '../mutants/apply.ts';
import { runCampaign } from '../mutants/campaign.ts';
import { MUTANTS, SAMPLE } from '../mutants/list/index.ts';
import { complaints, outcomeIn } from '../mutants/report.ts';
import type { MutantResult } from '../mutants/score.ts';
import { MODES, type Mode, type Mutant } from '../mutants/types.ts';

/** The sketches and the corpus alone: the cases of single instructions take most of a campaign's time. */
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
    wanted: ({ pc }) => pc === undefined,
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

describe('the mutation campaign', () => {
  it('finds each mutant of the sample in every mode, at the step where it was planted', async () => {
    const results = await campaign(SAMPLE.map(mutantCalled), MODES);
    expect(results).toHaveLength(SAMPLE.length);
    expect(results.flatMap(complaints)).toEqual([]);
    for (const result of results) {
      expect(MODES.map((mode) => outcomeIn(result, mode))).toEqual(['caught', 'caught', 'caught']);
    }
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
