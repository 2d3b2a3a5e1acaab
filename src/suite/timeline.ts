import { errorName } from '../isa/index.ts';
import type { ProgramResult, ProgramTimeline, RunRecord } from '../results/index.ts';
import { step } from '../vm/index.ts';
import { createRecordedModel } from './recorded-model.ts';
import { recordedRun } from './replay.ts';

/** Events kept of a program: a waveform file of some megabytes. */
const MOST_EVENTS = 200_000;
/** Steps looked at: some seconds. */
const MOST_STEPS = 50_000_000;
/** Steps between two turns of the event loop. */
const SLICE = 65_536;

/**
 * Runs the model of one program of a record again and notes when things happened.
 * @throws HilError (usage) when the record has no program that can be run
 */
export async function timelineOf(
  record: RunRecord,
  result: ProgramResult,
  signal: AbortSignal,
): Promise<ProgramTimeline> {
  const recorded = recordedRun(record, result);
  const total = result.model?.steps ?? result.stepsCompared;
  const most = Math.min(total, MOST_STEPS);
  const pins: [number, number, 0 | 1][] = [];
  const prints: { timeUs: number; text: string }[] = [];
  const rounds: number[] = [];
  const steps: [number, number][] = [];
  let omitted = 0;
  const note = (timeUs: number, add: () => void): void => {
    if (steps.length >= MOST_EVENTS) {
      omitted += 1;
      return;
    }
    add();
    if (steps.at(-1)?.[0] !== timeUs) steps.push([timeUs, engine.executed]);
  };
  const { engine, timeUs } = createRecordedModel(recorded, {
    onPin: (at, pin, level) => {
      note(at, () => pins.push([at, pin, level]));
    },
    onPrint: (at, text) => {
      note(at, () => prints.push({ timeUs: at, text: Buffer.from(text).toString('utf8') }));
    },
  });
  let divergedUs: number | undefined;
  for (let made = 0; made < most; made += 1) {
    const { rounds: before } = engine;
    const at = timeUs();
    if (made === result.divergence?.step) divergedUs = at;
    if (step(engine) === 'idle') break;
    if (engine.rounds !== before) note(at, () => rounds.push(at));
    if (made % SLICE === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    }
  }
  const endUs = timeUs();
  return {
    vmName: result.vmName,
    file: result.file,
    pins,
    rounds,
    prints,
    steps,
    ...(engine.error === 0 ? {} : { fault: { timeUs: endUs, name: errorName(engine.error) } }),
    ...(divergedUs === undefined ? {} : { divergedUs }),
    endUs,
    omitted,
    stepsOmitted: total - most,
  };
}
