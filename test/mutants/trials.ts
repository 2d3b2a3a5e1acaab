import type { Exercise } from './suite.ts';
import { predictorOf, type Prediction } from './predict.ts';
import { Runner } from './runner.ts';
import { isCaught, type Trial } from './score.ts';
import type { Station } from './station.ts';
import type { Mode, Mutant } from './types.ts';

/** Which runs a mutant is put through. */
export type Extent =
  /** Those it must show in; when it is found in none of them, all the others until one finds it. */
  | 'affected'
  /** All, which also shows that no other run blames anything. */
  | 'all';

/** A wrong value that was read shows only where somebody has worked out the right one. */
function visible({ unit }: Exercise, predicted: Prediction): Prediction {
  if (predicted.kind !== 'read' || unit.printed !== undefined) return predicted;
  const known = unit.inputs.some(({ step }) => step === predicted.step);
  return known ? predicted : { kind: 'agreed' };
}

/** How a mutant is put through the suite. */
export interface TrialSettings {
  readonly extent: Extent;
  /** Most of the runs that it must show in; all when this is left out. */
  readonly most?: number | undefined;
  /** Told how many runs were made a second time. */
  readonly onRepeated?: (runs: number) => void;
  /** Starts its build. */
  readonly open: () => Promise<Station>;
}

/** Puts a mutant through the suite in one mode. */
export async function tryMutant(
  mutant: Mutant,
  mode: Mode,
  exercises: readonly Exercise[],
  settings: TrialSettings,
): Promise<Trial[]> {
  const { sight } = mutant;
  const predict = predictorOf(sight);
  const plan = exercises.map((exercise) => ({
    exercise,
    predicted: visible(exercise, predict(exercise.scene, exercise.effects)),
  }));
  await using runner = new Runner(settings.open);
  const trials: Trial[] = [];
  const run = async ({ unit }: Exercise, predicted: Prediction): Promise<void> => {
    const { seen } = await runner.run(unit, mode, predicted);
    trials.push({ unit: unit.id, mode, predicted, seen });
  };
  const caught = (): boolean => trials.some(({ seen }) => isCaught(seen));
  // What is carried over depends on all runs before, up to the first that goes wrong.
  const inOrder = sight.kind === 'carried';
  const { most = Infinity } = settings;
  let shown = 0;
  const first = plan.filter(
    ({ predicted }) => inOrder || settings.extent === 'all' || predicted.kind !== 'agreed',
  );
  for (const { exercise, predicted } of first) {
    if (runner.exhausted || shown >= most || (inOrder && caught())) break;
    if (predicted.kind !== 'agreed') shown += 1;
    await run(exercise, predicted);
  }
  for (const { exercise, predicted } of plan.filter((item) => !first.includes(item))) {
    if (runner.exhausted || caught()) break;
    await run(exercise, predicted);
  }
  settings.onRepeated?.(runner.repeated);
  return trials;
}
