import type { PinEdge } from '../bench/index.ts';
import { namesAt, sourceLocation, type Program } from '../image/index.ts';
import { disassemble, errorName, VM_NAMES, type Effect } from '../isa/index.ts';
import {
  effectText,
  pairIntervals,
  portText,
  realChanges,
  type LockstepResult,
  type Mismatch,
  type PinChange,
  type Step,
} from '../lockstep/index.ts';
import type { Divergence, ProgramResult, RunRecord, StepView, Verdict } from '../results/index.ts';
import type { Hello } from '../wire/index.ts';
import type { ProgramOutcome } from './compare-programs.ts';

/** What the agent said of itself, for the record. */
export function identityOf(hello: Hello): NonNullable<RunRecord['board']> {
  return {
    board: hello.board,
    uid: hello.uid,
    firmware: hello.fw,
    build: hello.build,
    defect: hello.defect,
    isa: hello.isa.toString(16).padStart(8, '0'),
    elf: hello.elf,
    clockHz: hello.clock,
  };
}

/** The instruction at `pc` as text, with names where the program has them. */
export function instructionText(program: Program, pc: number): string {
  const instruction = program.instructions[pc];
  if (instruction === undefined) return 'end of program';
  return disassemble(instruction, namesAt(program, pc));
}

/** Where an instruction comes from, as the optional field of a record. */
export function sourceOf(program: Program, pc: number): Pick<StepView, 'source'> {
  const source = sourceLocation(program.debug, pc);
  return source === undefined ? {} : { source: { ...source } };
}

function stepView(program: Program, { step, effect }: Step): StepView {
  return {
    step,
    pc: effect.pc,
    instruction: instructionText(program, effect.pc),
    effect: effectText(effect, program.debug),
    ...sourceOf(program, effect.pc),
  };
}

/** An effect in words; the pc and opcode are added where they are what differs. */
function sideText(effect: Effect, mismatch: Mismatch, program: Program): string {
  const text = effectText(effect, program.debug);
  if (!mismatch.fields.some((field) => field === 'pc' || field === 'opcode')) return text;
  return `pc ${effect.pc}, opcode 0x${effect.opcode.toString(16).padStart(2, '0')}: ${text}`;
}

function divergenceOf(mismatch: Mismatch, program: Program): Divergence {
  // The model's pc is where execution should have been.
  const { pc } = mismatch.expected;
  const expected =
    mismatch.fields[0] === 'step'
      ? 'no further step: the program has ended'
      : mismatch.implausible === undefined
        ? sideText(mismatch.expected, mismatch, program)
        : `a value that is possible (${mismatch.implausible})`;
  return {
    step: mismatch.step,
    instruction: instructionText(program, pc),
    expected,
    actual: sideText(mismatch.effect, mismatch, program),
    fields: [...mismatch.fields],
    lastSteps: mismatch.history.map((entry) => stepView(program, entry)),
    ...sourceOf(program, pc),
  };
}

type ResultPart = Pick<
  ProgramResult,
  'inputs' | 'notCompared' | 'stopReason' | 'fault' | 'divergence' | 'finalState'
>;

/** What a run found about one of its programs, for the record. */
export function programResult(outcome: ProgramOutcome, verdict: Verdict): ProgramResult {
  const { program: loaded, result } = outcome;
  const { vm, file, sha256, program } = loaded;
  return {
    vm,
    vmName: VM_NAMES[vm] ?? `VM ${vm}`,
    file,
    sha256,
    instructions: program.instructions.length,
    strings: program.strings.length,
    verdict,
    stepsCompared: result?.stepsCompared ?? outcome.steps,
    rounds: result?.rounds ?? outcome.rounds,
    ...(result === undefined ? { inputs: [], notCompared: [] } : describeResult(result, program)),
    output: outcome.printed,
  };
}

/** The part of a record that a comparison decides. */
function describeResult(result: LockstepResult, program: Program): ResultPart {
  const { mismatch, state, fault, pc, inputs, stopReason } = result;
  return {
    inputs: inputs.map(({ step, port, value }) => ({ step, port: portText(port), value })),
    notCompared: [
      {
        what: 'values read from pins or the clock, checked for plausibility and replayed into the model',
        count: inputs.length,
      },
    ],
    ...(stopReason === undefined ? {} : { stopReason }),
    ...(mismatch === undefined ? {} : { divergence: divergenceOf(mismatch, program) }),
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
            step: result.stepsCompared - 1,
            instruction: instructionText(program, pc),
            ...sourceOf(program, pc),
          },
        }),
  };
}

/**
 * Intervals of every pin that exactly one program drove and that was seen to change.
 * @param changes by program, each on its own time line
 */
export function pinTimingOf(
  changes: readonly (readonly PinChange[])[],
  edges: readonly PinEdge[],
): RunRecord['pinTiming'] {
  const pinsOf = (list: readonly PinChange[]): number[] => [...new Set(list.map(({ pin }) => pin))];
  const drivers = changes.flatMap(pinsOf);
  const alone = (pin: number): boolean => drivers.filter((other) => other === pin).length === 1;
  return changes.flatMap((list) =>
    pinsOf(list)
      .filter(alone)
      .flatMap((pin) => {
        const of = (all: readonly PinChange[]): PinChange[] =>
          realChanges(all.filter((change) => change.pin === pin));
        return (pairIntervals(of(list), of(edges)) ?? []).map((interval) => ({ ...interval }));
      }),
  );
}
