import type { ConnectedBoard, PinEdge } from '../bench/index.ts';
import { createHash } from 'node:crypto';
import { buildImage, stripDebug, type Program } from '../image/index.ts';
import { errorName, VM_NAMES } from '../isa/index.ts';
import {
  pairIntervals,
  realChanges,
  type LockstepResult,
  type PinChange,
} from '../lockstep/index.ts';
import type { ModelFacts, ProgramResult, RunRecord, Verdict } from '../results/index.ts';
import type { ProgramOutcome } from './compare-programs.ts';
import { replayedInputs } from './replayed-inputs.ts';
import type { Investigation } from './investigate.ts';
import { instructionText, sourceOf } from './program-text.ts';

/** What the agent said of itself, for the record. */
export function identityOf({
  hello,
  rate,
}: Pick<ConnectedBoard, 'hello' | 'rate'>): NonNullable<RunRecord['board']> {
  return {
    board: hello.board,
    uid: hello.uid,
    firmware: hello.fw,
    build: hello.build,
    ...(hello.hot === undefined ? {} : { hot: hello.hot }),
    defect: hello.defect,
    isa: hello.isa.toString(16).padStart(8, '0'),
    elf: hello.elf,
    clockHz: hello.clock,
    ...(rate && { rate }),
  };
}

type ResultPart = Pick<
  ProgramResult,
  'inputs' | 'notCompared' | 'stopReason' | 'fault' | 'finalState'
>;

/** What a run found about one of its programs, for the record. */
export function programResult(
  outcome: ProgramOutcome,
  verdict: Verdict,
  investigation: Investigation | undefined,
  model?: ModelFacts,
): ProgramResult {
  const { program: loaded, result } = outcome;
  const { vm, file, sha256, program } = loaded;
  const image = buildImage(program);
  const { divergence, triage } = investigation ?? {};
  return {
    vm,
    vmName: VM_NAMES[vm] ?? `VM ${vm}`,
    file,
    sha256,
    image: Buffer.from(image).toString('base64'),
    imageSha256: createHash('sha256').update(stripDebug(image)).digest('hex'),
    instructions: program.instructions.length,
    strings: program.strings.length,
    verdict,
    stepsCompared: result?.stepsCompared ?? outcome.steps,
    rounds: result?.rounds ?? outcome.rounds,
    ...(result === undefined ? { inputs: [], notCompared: [] } : describeResult(result, program)),
    ...(model === undefined ? {} : { model }),
    ...(divergence === undefined ? {} : { divergence }),
    ...(triage === undefined ? {} : { triage }),
    output: outcome.printed,
    ...(outcome.printed === '' || outcome.printedBy === undefined
      ? {}
      : { outputFrom: outcome.printedBy }),
  };
}

/** The part of a record that a comparison decides. */
function describeResult(result: LockstepResult, program: Program): ResultPart {
  const { mismatch, state, fault, pc, inputs, stopReason } = result;
  return {
    inputs: replayedInputs(inputs, mismatch).map(({ step, port, value }) => [step, port, value]),
    notCompared: [
      {
        what: 'values read from pins or the clock, checked for plausibility and replayed into the model',
        count: inputs.length,
      },
    ],
    ...(stopReason === undefined ? {} : { stopReason }),
    ...(state === undefined
      ? {}
      : {
          finalState: {
            wordsCompared: state.cells,
            differences: state.differences.map(({ name, expected, actual, ...cell }) => ({
              ...cell,
              ...(name === undefined ? {} : { name }),
              ...(expected === undefined ? {} : { expected }),
              ...(actual === undefined ? {} : { actual }),
            })),
          },
        }),
    ...(fault === 0
      ? {}
      : {
          fault: {
            code: fault,
            name: errorName(fault),
            step: result.steps - 1,
            instruction: instructionText(program, pc),
            ...sourceOf(program, pc),
          },
        }),
  };
}

/** Edges of pins that were seen, beside the changes that the programs made. */
export interface PinTiming {
  readonly pinTiming: RunRecord['pinTiming'];
  /** Why a pin that was driven is not in it. */
  readonly pinTimingNotes: string[];
}

/** Why changes and edges of a pin don't pair. */
function unpaired(pin: number, changes: readonly PinChange[], edges: readonly PinChange[]): string {
  const times = changes.length === 1 ? 'once' : `${changes.length} times`;
  const seen = `${edges.length} edge${edges.length === 1 ? ' was' : 's were'} seen`;
  return `pin ${pin}: the program changed it ${times}, ${seen}: no interval can be told`;
}

/**
 * Intervals of every pin that exactly one program drove and that was seen to change.
 * @param changes by program, each on its own time line
 */
export function pinTimingOf(
  changes: readonly (readonly PinChange[])[],
  edges: readonly PinEdge[],
): PinTiming {
  const timing: PinTiming = { pinTiming: [], pinTimingNotes: [] };
  const pinsOf = (list: readonly PinChange[]): number[] => [...new Set(list.map(({ pin }) => pin))];
  const drivers = changes.flatMap(pinsOf);
  for (const pin of [...new Set(drivers)].sort((a, b) => a - b)) {
    const of = (all: readonly PinChange[]): PinChange[] =>
      realChanges(all.filter((change) => change.pin === pin));
    const owners = changes.filter((list) => pinsOf(list).includes(pin));
    const [own = []] = owners;
    if (owners.length > 1) {
      timing.pinTimingNotes.push(`pin ${pin}: ${owners.length} programs drove it`);
      continue;
    }
    const intervals = pairIntervals(of(own), of(edges));
    if (intervals === undefined) timing.pinTimingNotes.push(unpaired(pin, of(own), of(edges)));
    else timing.pinTiming.push(...intervals.map((interval) => ({ ...interval })));
  }
  return timing;
}
