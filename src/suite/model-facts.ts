import { OPCODES } from '../isa/index.ts';
import type { LockstepResult } from '../lockstep/index.ts';
import { PIN_CHANGES_KEPT, type ModelFacts, type RunRecord } from '../results/index.ts';
import { ENTRY_WORDS, FIRST_HASH, runDigest, stateHash } from '../vm/index.ts';
import type { ProgramOutcome } from './compare-programs.ts';
import type { RunRequest } from './compose-record.ts';
import type { RecordedRun } from './native-leg.ts';
import { replayedInputs } from './replayed-inputs.ts';
import { createRecordedModel } from './recorded-model.ts';

/** Steps between two turns of the event loop: some milliseconds. */
const SLICE = 65_536;

const hex = (hash: number): string => (hash >>> 0).toString(16).padStart(8, '0');

/** Runs the model of a recorded run again, at its own speed (`bench vm` prints it), and says what it did. */
export async function modelFacts(run: RecordedRun, signal: AbortSignal): Promise<ModelFacts> {
  const pins: ModelFacts['pins'] = [];
  let pinsOmitted = 0;
  const { engine, timeUs } = createRecordedModel(run, {
    onPin: (at, pin, level) => {
      if (pins.length < PIN_CHANGES_KEPT) pins.push([at, pin, level]);
      else pinsOmitted += 1;
    },
  });
  const entries = new Int32Array(ENTRY_WORDS * Math.min(SLICE, run.steps));
  let stream = FIRST_HASH;
  let steps = 0;
  while (steps < run.steps) {
    const made = runDigest(engine, stream, Math.min(SLICE, run.steps - steps), entries);
    if (made === 0) break;
    steps += made;
    stream = entries[ENTRY_WORDS * (made - 1)] ?? 0;
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
  return {
    steps,
    digest: { stream: hex(stream), state: hex(stateHash(engine)) },
    opcodes: Object.fromEntries(
      OPCODES.map(({ code, name }): [string, number] => [
        name,
        engine.executedByOpcode[code] ?? 0,
      ]).filter(([, count]) => count > 0),
    ),
    stackHighWater: engine.maxStackDepth,
    timeUs: timeUs(),
    pins,
    pinsOmitted,
  };
}

/** Whether the inputs of a finished comparison are known, so that its model can be run again. */
function canRunAgain({ mode, state }: LockstepResult): boolean {
  // A free run that read something says nothing of what; its state is not compared then.
  return mode !== 'free' || state !== undefined;
}

/** What the model did in one program's part of the run; undefined when its inputs aren't known. */
export async function factsOf(
  { clock, loops }: Pick<RunRequest, 'clock' | 'loops'>,
  { program: { program }, result }: Pick<ProgramOutcome, 'program' | 'result'>,
  world: RunRecord['world'],
  signal: AbortSignal,
): Promise<ModelFacts | undefined> {
  if (result === undefined || world === undefined || !canRunAgain(result)) return undefined;
  const settings = { ...world, pins: world.pins.map((pin) => pin ?? undefined), clock };
  const inputs = replayedInputs(result.inputs, result.mismatch);
  const { steps } = result;
  return modelFacts({ program, settings, inputs, steps, rounds: loops ?? 0 }, signal);
}
