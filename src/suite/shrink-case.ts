import { MAX_STEPS, writeCase } from '../fuzz/index.ts';
import type { Diverging } from './shrink-search.ts';

/**
 * Writes a shrunk case as the fuzzer writes a finding: `NAME.json` with `NAME.cvbc` beside it.
 * @param from id of the run it comes from, and what it diverged on
 * @returns the paths of both
 */
export async function writeShrunk(
  folder: string,
  { fuzzCase, wrong }: Diverging,
  from: { readonly run: string; readonly bench: string },
): Promise<{ readonly json: string; readonly image: string }> {
  const steps = Math.min(fuzzCase.steps, MAX_STEPS);
  const json = await writeCase(
    folder,
    { ...fuzzCase, steps },
    { ...from, divergence: [...wrong.lines] },
  );
  return { json, image: json.replace(/\.json$/, '.cvbc') };
}
