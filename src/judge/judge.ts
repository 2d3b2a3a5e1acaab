import type { HostCompiler } from './host-compiler.ts';
import { runOnModel, type ModelResult } from './model.ts';
import type { Sketch } from './sketch.ts';
import { compareBehaviours, type Verdict } from './verdict.ts';

/** A judged sketch. */
export interface Judged {
  readonly verdict: Verdict;
  readonly model: ModelResult;
}

/**
 * Runs sketches through the host's C++ and through our compiler and the reference model, and compares.
 * @param runModel another compiler or model, of a test
 */
export async function judgeSketches(
  host: HostCompiler,
  sketches: readonly Sketch[],
  runModel = runOnModel,
): Promise<Judged[]> {
  // The model computes while the host's compiler is at work.
  const running = host.run(sketches);
  const models = sketches.map((sketch) => runModel(sketch));
  const behaviours = await running;
  return models.map((model, index) => {
    const behaviour = behaviours[index] ?? { events: [], end: 'nothing' };
    return { model, verdict: compareBehaviours(behaviour, model) };
  });
}
