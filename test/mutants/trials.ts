import type { Exercise } from './suite.ts';
import { observe } from './observe.ts';
import { predictorOf, type Prediction } from './predict.ts';
import { isCaught, type Trial } from './score.ts';
import type { Station } from './station.ts';
import type { Mode, Mutant } from './types.ts';

/** Runs that end in silence, or in an error, until it is enough: each takes seconds to find out. */
const MOST_FAILURES = 3;

/** Which runs a mutant is put through. */
export type Extent =
  /** Those it must show in; when it is found in none of them, all the others until one finds it. */
  | 'affected'
  /** All, which also shows that no other run blames anything. */
  | 'all';

/** Runs exercises on stations that are opened when needed, anew after one has died. */
class Runner implements AsyncDisposable {
  readonly #open: () => Promise<Station>;
  #station: Station | undefined;
  #failures = 0;

  constructor(open: () => Promise<Station>) {
    this.#open = open;
  }

  get exhausted(): boolean {
    return this.#failures >= MOST_FAILURES;
  }

  async run({ unit }: Exercise, mode: Mode, predicted: Prediction): Promise<Trial> {
    this.#station ??= await this.#open();
    const { seen } = await observe(this.#station, unit, mode);
    if (seen.kind === 'silent' || seen.kind === 'nothing') {
      this.#failures += 1;
      await this[Symbol.asyncDispose]();
    }
    return { unit: unit.id, mode, predicted, seen };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#station?.[Symbol.asyncDispose]();
    this.#station = undefined;
  }
}

/** A wrong value that was read shows only where somebody has worked out the right one. */
function visible({ unit }: Exercise, predicted: Prediction): Prediction {
  if (predicted.kind !== 'read' || unit.printed !== undefined) return predicted;
  const known = unit.inputs.some(({ step }) => step === predicted.step);
  return known ? predicted : { kind: 'agreed' };
}

/** Puts a mutant through the suite in one mode. @param open starts its build */
export async function tryMutant(
  mutant: Mutant,
  mode: Mode,
  exercises: readonly Exercise[],
  settings: { readonly extent: Extent; readonly open: () => Promise<Station> },
): Promise<Trial[]> {
  const { sight } = mutant;
  const predict = predictorOf(sight);
  const plan = exercises.map((exercise) => ({
    exercise,
    predicted: visible(exercise, predict(exercise.scene, exercise.effects)),
  }));
  await using runner = new Runner(settings.open);
  const trials: Trial[] = [];
  const caught = (): boolean => trials.some(({ seen }) => isCaught(seen));
  // What is carried over depends on all runs before, up to the first that goes wrong.
  const inOrder = sight.kind === 'carried';
  const first = plan.filter(
    ({ predicted }) => inOrder || settings.extent === 'all' || predicted.kind !== 'agreed',
  );
  for (const { exercise, predicted } of first) {
    if (runner.exhausted || (inOrder && caught())) break;
    trials.push(await runner.run(exercise, mode, predicted));
  }
  for (const { exercise, predicted } of plan.filter((item) => !first.includes(item))) {
    if (runner.exhausted || caught()) break;
    trials.push(await runner.run(exercise, mode, predicted));
  }
  return trials;
}
