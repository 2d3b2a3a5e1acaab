import { z } from 'zod';
import { CAUSE_CLASSES } from '../errors/index.ts';

/** Kinds of effects; the names of EFFECT_KINDS in src/isa. */
const EFFECT_NAMES = ['TOP', 'STORE', 'INPUT', 'OUTPUT', 'PRINT', 'ERROR'] as const;

/** Whose fault a failed run is. */
export const causeClass = z.enum(CAUSE_CLASSES);

/** A place in the program's source; lines and columns count from 1. */
export const sourcePlace = z.strictObject({
  file: z.string(),
  line: z.int().min(1),
  column: z.int().min(1),
  /** The text of that line. */
  text: z.string(),
});

/** A step by its number since load, and its instruction as the disassembler prints it. */
const stepPlace = z.strictObject({
  step: z.int().min(0),
  pc: z.int(),
  instruction: z.string(),
  source: sourcePlace.optional(),
});

const stepView = stepPlace.extend({
  /** What it did, in words: `top of stack 5, stack depth 1`. */
  effect: z.string(),
});

/** An effect as docs/wire.md defines it; `text` one character per byte. */
const effectData = z.strictObject({
  pc: z.int(),
  opcode: z.int(),
  sp: z.int(),
  kind: z.enum(EFFECT_NAMES),
  address: z.int(),
  value: z.int(),
  text: z.string().optional(),
});

/** Something a step worked on, its value in the model before the step, and the step that wrote it last. */
const operandView = z.strictObject({
  /** `b, stack slot 3`, `global 0 (total)`, … */
  what: z.string(),
  value: z.int(),
  /** Absent when nothing has written it since load. */
  writer: stepPlace.optional(),
  /** When the writer only loaded it from a variable: the step that had stored it there. */
  origin: stepPlace.optional(),
});

/** One cell in the model and on the board. */
const cellView = z.strictObject({
  name: z.string(),
  /** Absent where that side has no such cell, or where the board's state isn't known. */
  model: z.int().optional(),
  board: z.int().optional(),
  differs: z.boolean(),
});

/** The model's state after the wrong step, and the board's beside it. Holds every cell that is in use or differs. */
const stateView = z.strictObject({
  /** Where the board's side is from, in words. */
  boardSide: z.string(),
  /** pc, stack depth, call depth, fault. */
  registers: z.array(cellView),
  /** From the bottom. */
  stack: z.array(cellView),
  frames: z.array(cellView),
  /** By name, innermost function first. */
  locals: z.array(cellView),
  globals: z.array(cellView),
  arrays: z.array(
    z.strictObject({
      name: z.string(),
      length: cellView,
      /** By index. */
      cells: z.array(cellView),
    }),
  ),
});

/**
 * How a step whose effect is right and whose state is wrong was found. `stepped`: the states after every step before it were compared
 * and equal, so it is the first. `bisected`: those of some; an earlier change that was undone again is not seen.
 */
const located = z.enum(['stepped', 'bisected']);

/** The first step at which board and model part; of a bisected state, a step at which they do. */
export const divergence = z.strictObject({
  step: z.int().min(0),
  /** In a digest run, the epoch it was in. */
  epoch: z.int().min(0).optional(),
  /** Absent when an effect differs. */
  located: located.optional(),
  source: sourcePlace.optional(),
  /** The lines around it, it among them. */
  context: z.array(z.strictObject({ line: z.int().min(1), text: z.string() })).optional(),
  instruction: z.string(),
  /** What the reference model did. */
  expected: z.string(),
  /** What the board did. */
  actual: z.string(),
  /** The same as data. Expected is absent when the program should have ended. */
  effects: z.strictObject({ expected: effectData.optional(), actual: effectData }),
  /** The fields that differ: pc, opcode, sp, kind, address, value or text; `step` when the program should have ended. */
  fields: z.array(z.string()).min(1),
  /**
   * An earlier step after which the board's state was not the model's, though its effect was right: what made this one go wrong was left
   * behind there.
   */
  since: z
    .strictObject({
      step: z.int().min(0),
      located: located.optional(),
      source: sourcePlace.optional(),
      instruction: z.string(),
      /** Cells of the model and of the board after it. */
      expected: z.string(),
      actual: z.string(),
    })
    .optional(),
  /** The last steps up to and including the wrong one; that one as the board reported it. */
  lastSteps: z.array(stepView),
  /** What the wrong step worked on; when it is another instruction than expected, what the step before it worked on. */
  operands: z.strictObject({ of: stepPlace, list: z.array(operandView) }).optional(),
  /** Values read from outside up to the wrong step: how many, and the last of them. */
  inputs: z.strictObject({
    count: z.int().min(0),
    last: z.array(z.strictObject({ step: z.int(), port: z.string(), value: z.int() })),
  }),
  state: stateView.optional(),
  /** Why operands or states are missing, when they are. */
  missing: z.array(z.string()),
});

/** One of the three witnesses. */
const leg = z.strictObject({
  /** Whether it could be asked. */
  ran: z.boolean(),
  /** What it said, or why it couldn't be asked. */
  text: z.string(),
});

/** Whose fault a finding is, and why. */
export const triage = z.strictObject({
  cause: causeClass,
  reasons: z.array(z.string()).min(1),
  legs: z.strictObject({ model: leg, native: leg, board: leg }),
  /** How the reruns on the board ended; absent when there were none. */
  reruns: z
    .strictObject({
      /** With the same finding at the same place. */
      same: z.int().min(0),
      /** With another finding. */
      otherwise: z.int().min(0),
      /** Without one. */
      agreed: z.int().min(0),
    })
    .optional(),
});

export type EffectData = z.infer<typeof effectData>;
export type Divergence = z.infer<typeof divergence>;
export type StateView = z.infer<typeof stateView>;
export type CellView = z.infer<typeof cellView>;
export type StepPlace = z.infer<typeof stepPlace>;
export type StepView = z.infer<typeof stepView>;
export type OperandView = z.infer<typeof operandView>;
export type SourcePlace = z.infer<typeof sourcePlace>;
export type Triage = z.infer<typeof triage>;
