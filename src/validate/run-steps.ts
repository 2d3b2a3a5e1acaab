import { errorText, HilError } from '../errors/index.ts';
import type { ValidationStep } from '../results/index.ts';
import { PausableDeadline } from './pausable-deadline.ts';
import { failed, skipped, type Finding, type Step, type StepTools } from './step.ts';

/** What the steps are taken with, besides their tools. */
export interface StepRunner extends StepTools {
  /** Ends whatever a step that takes too long waits for. */
  readonly cut: () => Promise<void>;
  /** Makes sure, after a step that broke off, that the board answers; says whether it does. */
  readonly revive: () => Promise<boolean>;
  readonly signal: AbortSignal;
  readonly onStep?: (step: ValidationStep, done: number, of: number) => void;
}

/** Closing the line ends a request within 2 s and a run with it; then the step is left behind. */
const CUT_MS = 5000;

/** One step within its time, without the time that a person takes. */
async function take(
  step: Step,
  runner: StepRunner,
): Promise<{ finding: Finding; broken: boolean }> {
  const deadline = new PausableDeadline(step.limitMs);
  const { person } = runner;
  const asked = {
    present: person.present,
    lasting: (id: string, question: string) => deadline.without(() => person.lasting(id, question)),
    now: (question: string) => deadline.without(() => person.now(question)),
  };
  const work = step.run({ ...runner, person: asked });
  try {
    return { finding: await deadline.race(work), broken: false };
  } catch (error) {
    runner.signal.throwIfAborted();
    if (deadline.passed) {
      await runner.cut();
      const ended = new PausableDeadline(CUT_MS);
      await ended.race(work.catch(() => undefined)).catch(() => undefined);
      return { finding: failed(`no end within ${step.limitMs} ms`), broken: true };
    }
    const fix = error instanceof HilError && error.fix !== '' ? ` (fix: ${error.fix})` : '';
    return { finding: failed(`${errorText(error)}${fix}`), broken: true };
  }
}

/** Takes all steps, one after another. What one of them breaks doesn't keep the others from being taken, if the board can be brought back. */
export async function runSteps(
  steps: readonly Step[],
  runner: StepRunner,
): Promise<ValidationStep[]> {
  const results: ValidationStep[] = [];
  let answers = true;
  for (const step of steps) {
    runner.signal.throwIfAborted();
    const from = runner.now();
    let finding: Finding;
    if (answers) {
      const taken = await take(step, runner);
      finding = taken.finding;
      if (taken.broken) answers = await runner.revive();
    } else {
      finding = skipped('the board does not answer any more');
    }
    const { id, title, expects, limitMs } = step;
    const result = { id, title, expects, ...finding, ms: runner.now() - from, limitMs };
    results.push(result);
    runner.onStep?.(result, results.length, steps.length);
  }
  return results;
}
