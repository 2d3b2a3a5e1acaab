import { setTimeout as sleep } from 'node:timers/promises';
import {
  runId,
  VALIDATION_RECORD_VERSION,
  type ValidationRecord,
  type ValidationStep,
} from '../results/index.ts';
import { openAnswers } from './answers.ts';
import { createPerson, type Ask } from './person.ts';
import { runSteps } from './run-steps.ts';
import { SessionBench, type SessionBenchSettings } from './session-bench.ts';
import { validationSteps } from './steps/index.ts';

/** What is to be validated, and who is there. */
export interface ValidationRequest extends SessionBenchSettings {
  readonly by: string | undefined;
  readonly command: string;
  /** Asks a person; undefined: nobody is there. */
  readonly ask: Ask | undefined;
  /** Whether remembered answers are asked again. */
  readonly again: boolean;
  readonly onOpen: (ranOn: string) => void;
  readonly onStep: (step: ValidationStep, done: number, of: number) => void;
}

/** A validation has passed when no step failed, and one at least passed. */
export function verdictOf(steps: readonly ValidationStep[]): ValidationRecord['verdict'] {
  const count = (outcome: ValidationStep['outcome']): number =>
    steps.filter((step) => step.outcome === outcome).length;
  const counts = `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped of ${steps.length} steps`;
  const bad = steps.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
  if (bad.length > 0) return { outcome: 'failed', summary: `${counts}: ${bad.join(', ')}` };
  return { outcome: count('passed') > 0 ? 'passed' : 'failed', summary: counts };
}

/**
 * Validates a bench.
 * @returns the record; what fails is a step in it
 * @throws HilError when the bench doesn't come up, so that there is nothing to validate
 */
export async function validateBench(request: ValidationRequest): Promise<ValidationRecord> {
  const { bench: file, benchFile, board, by, ask, again, command, environment, signal } = request;
  const startedAt = new Date();
  const from = performance.now();
  const bench = await SessionBench.open(request);
  request.onOpen(bench.ranOn);
  const identity = { ...(await bench.identity()), firmwareSha256: bench.firmwareSha256 };
  const memory = await openAnswers(`${file.name} ${identity.uid}`, () => new Date());
  const steps = await runSteps(validationSteps(board), {
    bench,
    person: createPerson(ask, memory, again),
    now: () => performance.now(),
    sleep: (ms) => sleep(ms, undefined, { signal }),
    cut: () => bench.cut(),
    revive: () => bench.revive(),
    signal,
    onStep: request.onStep,
  });
  return {
    schema: 'cockpit-hil/validation',
    version: VALIDATION_RECORD_VERSION,
    id: runId(startedAt, 'validation', file.name, process.pid),
    startedAt: startedAt.toISOString(),
    wallMs: performance.now() - from,
    ...(by === undefined ? {} : { by }),
    attended: ask !== undefined,
    command,
    environment,
    bench: { name: file.name, kind: file.kind, file: benchFile, ranOn: bench.ranOn },
    identity,
    verdict: verdictOf(steps),
    steps,
  };
}
