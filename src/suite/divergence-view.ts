import type { Program } from '../image/index.ts';
import { EFFECT_KINDS, STORE_ADDRESSES, type Effect } from '../isa/index.ts';
import {
  effectText,
  portText,
  storeText,
  type Explanation,
  type Mismatch,
  type Operand,
  type OperandCell,
  type ReplayedInput,
  type StateDifference,
  type Step,
} from '../lockstep/index.ts';
import type { Divergence, EffectData, OperandView, StepPlace, StepView } from '../results/index.ts';
import type { BoardState } from './board-state.ts';
import type { LocatedChange } from './locate.ts';
import { contextOf, instructionText, sourceOf } from './program-text.ts';
import { sideBySide } from './state-view.ts';

/** Inputs shown; the record has all of them elsewhere. */
const INPUTS_SHOWN = 16;

/** Evidence that was gathered after the fact, or why there is none. */
export interface Evidence {
  readonly explanation: Explanation | undefined;
  readonly board: BoardState | undefined;
  /** What could not be had, and why. */
  readonly missing: readonly string[];
}

function placeOf(program: Program, step: number, pc: number): StepPlace {
  return { step, pc, instruction: instructionText(program, pc), ...sourceOf(program, pc) };
}

function stepView(program: Program, { step, effect }: Step): StepView {
  return { ...placeOf(program, step, effect.pc), effect: effectText(effect, program.debug) };
}

const KIND_NAMES = Object.keys(EFFECT_KINDS) as (keyof typeof EFFECT_KINDS)[];

/** An effect as a record keeps it. */
export function effectData({ kind, text, ...numbers }: Effect): EffectData {
  const name = KIND_NAMES.find((known) => EFFECT_KINDS[known] === kind) ?? 'TOP';
  const { pc, opcode, sp, address, value } = numbers;
  const data = { pc, opcode, sp, kind: name, address, value };
  return text === undefined ? data : { ...data, text: Buffer.from(text).toString('latin1') };
}

/** An effect in words; the pc and opcode are added where they are what differs. */
function sideText(effect: Effect, mismatch: Mismatch, program: Program): string {
  const text = effectText(effect, program.debug);
  if (!mismatch.fields.some((field) => field === 'pc' || field === 'opcode')) return text;
  return `pc ${effect.pc}, opcode 0x${effect.opcode.toString(16).padStart(2, '0')}: ${text}`;
}

/** What the board did. A digest doesn't always tell all of it. */
function actualText(mismatch: Mismatch, program: Program): string {
  const { effect, unknown } = mismatch;
  if (unknown !== undefined) return `something else (${unknown})`;
  return sideText(effect, mismatch, program);
}

function expectedText(mismatch: Mismatch, program: Program): string {
  if (mismatch.fields[0] === 'step') return 'no further step: the program has ended';
  if (mismatch.implausible !== undefined) {
    return `a value that is possible (${mismatch.implausible})`;
  }
  return sideText(mismatch.expected, mismatch, program);
}

function cellText(cell: OperandCell, program: Program): string {
  const { debug } = program;
  switch (cell.kind) {
    case 'stack':
      return `${cell.role} (stack slot ${cell.slot})`;
    case 'local':
      return `local ${cell.offset} (stack slot ${cell.slot})`;
    case 'global':
      return storeText(STORE_ADDRESSES.GLOBAL + cell.id, debug);
    case 'array':
      return storeText(STORE_ADDRESSES.ARRAY + (cell.id << 6) + cell.index, debug);
    case 'length':
      return storeText(STORE_ADDRESSES.CREATE + cell.id, debug);
    case 'frame':
      return `return pc of call ${cell.index + 1}`;
  }
}

function operandView(program: Program, { cell, value, writer, origin }: Operand): OperandView {
  return {
    what: cellText(cell, program),
    value,
    ...(writer === undefined ? {} : { writer: placeOf(program, writer.step, writer.pc) }),
    ...(origin === undefined ? {} : { origin: placeOf(program, origin.step, origin.pc) }),
  };
}

/** What decided the wrong step: its own operands, or those of the step before when the two came from there to different places. */
function operandsOf(
  program: Program,
  mismatch: Mismatch,
  explanation: Explanation,
): Divergence['operands'] {
  const elsewhere = mismatch.fields.includes('pc');
  const before = explanation.history.findLast(({ step }) => step < mismatch.step);
  if (elsewhere && before === undefined) return undefined;
  const [at, operands] =
    elsewhere && before !== undefined
      ? [before, explanation.operandsBefore]
      : [{ step: mismatch.step, effect: mismatch.expected }, explanation.operands];
  return {
    of: placeOf(program, at.step, at.effect.pc),
    list: operands.map((operand) => operandView(program, operand)),
  };
}

function inputsOf(inputs: readonly ReplayedInput[], mismatch: Mismatch): Divergence['inputs'] {
  const until = inputs.filter(({ step }) => step <= mismatch.step);
  const last = until.slice(-INPUTS_SHOWN);
  return {
    count: until.length,
    last: last.map(({ step, port, value }) => ({ step, port: portText(port), value })),
  };
}

/** A divergence for the record. @param inputs what the run read, the value read at the wrong step included */
export function divergenceOf(
  mismatch: Mismatch,
  program: Program,
  inputs: readonly ReplayedInput[],
  { explanation, board, missing }: Evidence,
): Divergence {
  // The model's pc is where execution should have been.
  const { pc } = mismatch.expected;
  const operands =
    explanation === undefined ? undefined : operandsOf(program, mismatch, explanation);
  const state =
    explanation === undefined
      ? undefined
      : sideBySide(
          program,
          explanation.after,
          board?.view,
          explanation.locals,
          board?.from ?? 'not known',
        );
  return {
    step: mismatch.step,
    ...(mismatch.epoch === undefined ? {} : { epoch: mismatch.epoch }),
    instruction: instructionText(program, pc),
    expected: expectedText(mismatch, program),
    actual: actualText(mismatch, program),
    effects: {
      ...(mismatch.fields[0] === 'step' ? {} : { expected: effectData(mismatch.expected) }),
      actual: effectData(mismatch.effect),
    },
    fields: [...mismatch.fields],
    lastSteps: mismatch.history.map((entry) => stepView(program, entry)),
    ...(operands === undefined ? {} : { operands }),
    inputs: inputsOf(inputs, mismatch),
    ...(state === undefined ? {} : { state }),
    missing: [...missing],
    ...sourceOf(program, pc),
    ...contextOf(program, pc),
  };
}

/** Cells named in one line. */
const CELLS_NAMED = 3;

function cellsText(differences: readonly StateDifference[], side: 'expected' | 'actual'): string {
  const named = differences.slice(0, CELLS_NAMED).map((cell) => {
    const name = cell.name === undefined ? '' : ` (${cell.name})`;
    return `${cell.region}[${cell.index}]${name} = ${cell[side] ?? 'not there'}`;
  });
  const more = differences.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}

/** A step whose effect is right, and which all the same left another state: as a divergence for the record. */
export function stateDivergenceOf(
  change: LocatedChange,
  program: Program,
  explanation: Explanation,
): Divergence | undefined {
  const { step, located, board, differences } = change;
  const { effect, history } = explanation;
  if (effect === undefined) return undefined;
  const mismatch: Mismatch = {
    step,
    effect,
    expected: effect,
    fields: ['state'],
    implausible: undefined,
    history,
    epoch: undefined,
    unknown: undefined,
  };
  return {
    ...divergenceOf(mismatch, program, [], { explanation, board, missing: [] }),
    located,
    expected: `${cellsText(differences, 'expected')} after it`,
    actual: `${cellsText(differences, 'actual')} after it, though its effect is right`,
  };
}
