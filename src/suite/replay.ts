import { isDeepStrictEqual } from 'node:util';
import { HilError } from '../errors/index.ts';
import { NativeFailure, NativeReplay } from '../fuzz/index.ts';
import { parseImage, type Program } from '../image/index.ts';
import type { Effect } from '../isa/index.ts';
import { effectText, explainStep, ModelReplay, type ReplayedInput } from '../lockstep/index.ts';
import type { Divergence, ProgramResult, RunRecord, Verdict } from '../results/index.ts';
import type { LoadedProgram } from './compare-programs.ts';
import { effectData } from './divergence-view.ts';
import { placeOf } from './finding.ts';
import {
  compareNative,
  findingText,
  NATIVE_REPLAY,
  type Bound,
  type RecordedRun,
} from './native-leg.ts';
import { instructionText } from './program-text.ts';

/** What a replay without a board found out about one program. */
export interface ReplayVerdict {
  readonly vmName: string;
  readonly verdict: Verdict;
  /** What the two sides did where they part. */
  readonly details: readonly string[];
}

function programOf({ file, image }: ProgramResult): Program {
  const parsed = parseImage(Buffer.from(image, 'base64'));
  if (parsed.ok) return parsed.program;
  throw new HilError(
    'usage',
    `the program of ${file} in the record is refused: ${parsed.reason} (${parsed.detail})`,
    'run the sketch again',
  );
}

/**
 * The programs of a recorded run.
 * @throws HilError (usage) when one is refused, for instance because the instruction set has changed since
 */
export function recordedPrograms(record: RunRecord): LoadedProgram[] {
  return record.programs.map((result) => {
    const { vm, file, sha256 } = result;
    return { vm, program: programOf(result), file, sha256 };
  });
}

/**
 * A program's part of a recorded run, for the engines of this machine.
 * @throws HilError (usage) when the board never said what it is, or the program is refused
 */
export function recordedRun(record: RunRecord, result: ProgramResult): RecordedRun {
  const { world, clock, budget } = record;
  if (world === undefined) {
    throw new HilError(
      'usage',
      'the recorded run ended before the board said what it is, so there is nothing to replay',
      'run the program again',
    );
  }
  const pins = world.pins.map((pin) => pin ?? undefined);
  return {
    program: programOf(result),
    settings: { pins, buttons: world.buttons, clock },
    inputs: result.inputs.map(([step, port, value]): ReplayedInput => ({ step, port, value })),
    steps: stepsOf(result),
    rounds: budget.loops ?? 0,
  };
}

/** Steps of a program's part: those compared, or those that a board made which died, with the one that never ended. */
function stepsOf({ stepsCompared, lastSteps }: ProgramResult): number {
  if (lastSteps === undefined) return stepsCompared;
  return lastSteps.how === 'ended' ? lastSteps.step : lastSteps.step + 1;
}

/** Runs one program's part again. @returns the verdict, and what the sides did where they part */
type ReplayOne = (
  run: RecordedRun,
  result: ProgramResult,
) => Promise<Omit<ReplayVerdict, 'vmName'>>;

const passed = (summary: string): Omit<ReplayVerdict, 'vmName'> => ({
  verdict: { outcome: 'passed', summary },
  details: [],
});

const errored = (summary: string): Omit<ReplayVerdict, 'vmName'> => ({
  verdict: { outcome: 'errored', causeClass: 'harness', summary },
  details: [],
});

const died = ({ message }: NativeFailure): Omit<ReplayVerdict, 'vmName'> => ({
  verdict: {
    outcome: 'failed',
    causeClass: 'semantics',
    summary: 'native C does not come to the end of the recorded run',
  },
  details: [`native  ${message}`],
});

/** Why a program's part of a run can't be replayed here, or undefined when it can. */
function obstacle({
  stepsCompared,
  stopReason,
  divergence,
  lastSteps,
}: ProgramResult): string | undefined {
  if (lastSteps !== undefined) return undefined;
  if (stepsCompared === 0)
    return 'the recorded run compared no step, so there is nothing to replay';
  if (stopReason !== undefined || divergence !== undefined) return undefined;
  return 'the recorded run broke off, and what it read until then is not in the record: replay it on a board';
}

async function replayAll(record: RunRecord, one: ReplayOne): Promise<ReplayVerdict[]> {
  const verdicts: ReplayVerdict[] = [];
  for (const result of record.programs) {
    const why = obstacle(result);
    const found = why === undefined ? await one(recordedRun(record, result), result) : errored(why);
    verdicts.push({ vmName: result.vmName, ...found });
  }
  return verdicts;
}

/** Gives the recorded inputs to the reference model and to the native C engine, and compares the two at every step. */
export async function replayOnNative(
  record: RunRecord,
  bound: Bound,
  path = NATIVE_REPLAY,
): Promise<ReplayVerdict[]> {
  await using replay = new NativeReplay(path);
  return await replayAll(record, async (run) => {
    const compared = await compareNative(replay, run, bound).catch((error: unknown) => {
      if (error instanceof NativeFailure) return error;
      throw error;
    });
    if (compared instanceof NativeFailure) return died(compared);
    const { finding, expected, steps, cut } = compared;
    const agreed = `native C and model agree on ${steps} steps with the recorded inputs`;
    if (cut) return errored(`${agreed}; there was no time for the other ${run.steps - steps}`);
    if (finding === undefined) return passed(agreed);
    const model = expected === undefined ? 'no further step' : effectIn(run, expected);
    return {
      verdict: {
        outcome: 'failed',
        causeClass: 'semantics',
        summary: `native C and model part at ${placeOf(finding)}`,
      },
      details: [
        ...(finding.kind === 'step' ? [`model   ${model}`] : []),
        `native  ${findingText(finding, run.program)}`,
      ],
    };
  });
}

/** Gives the recorded inputs to the reference model again, and compares with what the record says that the model did. */
export function replayOnModel(record: RunRecord, bound: Bound): Promise<ReplayVerdict[]> {
  return replayAll(record, (run, { divergence, ...result }) =>
    divergence === undefined
      ? sameEnd(run, result, bound)
      : sameExpectation(run, divergence, bound),
  );
}

const effectIn = ({ program }: RecordedRun, effect: Effect): string =>
  `${instructionText(program, effect.pc)}: ${effectText(effect, program.debug)}`;

/** Whether the model expects at the wrong step what it did. */
async function sameExpectation(
  run: RecordedRun,
  { step, source, expected, actual, effects }: Divergence,
  bound: Bound,
): Promise<Omit<ReplayVerdict, 'vmName'>> {
  const { effect } = await explainStep({ ...run, step, ...bound });
  const where =
    source === undefined ? `step ${step}` : `step ${step} (${source.file}:${source.line})`;
  const now = effect === undefined ? undefined : effectData(effect);
  const same = isDeepStrictEqual(now, effects.expected);
  const what = effect === undefined ? 'no further step' : effectIn(run, effect);
  return {
    verdict: same
      ? { outcome: 'passed', summary: `the model does at ${where} what the record says of it` }
      : {
          outcome: 'failed',
          causeClass: 'model',
          summary: `at ${where} the model does something else than the record says of it`,
        },
    details: [`model   ${what}`, `record  model: ${expected}`, `        board: ${actual}`],
  };
}

/** Steps between two looks at the clock. */
const SLICE = 65_536;

/** Whether the model comes to the same end with the same text. */
async function sameEnd(
  run: RecordedRun,
  {
    output,
    fault,
    rounds,
    lastSteps,
  }: Pick<ProgramResult, 'output' | 'fault' | 'rounds' | 'lastSteps'>,
  { budgetMs, now, signal }: Bound,
): Promise<Omit<ReplayVerdict, 'vmName'>> {
  // A board that died said nothing of the step that it died in, nor how many rounds it had begun.
  const steps = lastSteps?.step ?? run.steps;
  const model = new ModelReplay(run.program, run.settings, run.inputs);
  const end = now() + budgetMs;
  let printed = '';
  while (model.steps < steps) {
    if (model.steps % SLICE === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      if (now() > end) return errored(`the model came to step ${model.steps} of ${steps}`);
    }
    const effect = model.step();
    if (effect === undefined) break;
    if (effect.text !== undefined) printed += Buffer.from(effect.text).toString('latin1');
  }
  const differing = [
    ...(model.steps === steps ? [] : [`steps   ${model.steps}, recorded ${steps}`]),
    ...(lastSteps !== undefined || model.engine.rounds === rounds
      ? []
      : [`rounds  ${model.engine.rounds}, recorded ${rounds}`]),
    ...(model.engine.error === (fault?.code ?? 0)
      ? []
      : [`fault   ${model.engine.error}, recorded ${fault?.code ?? 0}`]),
    ...(printed === output ? [] : ['output  another text than recorded']),
  ];
  if (differing.length === 0) return passed(`the model makes the same ${model.steps} steps again`);
  const summary = 'the model comes to another end than the record says of it';
  return { verdict: { outcome: 'failed', causeClass: 'model', summary }, details: differing };
}
