import type { Ring } from '../agent/index.ts';
import type { Program } from '../image/index.ts';
import { ENTRY_WORDS, stepWithEffect } from '../vm/index.ts';
import { History, type Mismatch, type ReplayedInput } from './mismatch.ts';
import type { ModelSide } from './model-side.ts';
import { mismatchOf, noteOf } from './reconstruct.ts';

/** Entries read at once: one PEEK has room for 32. */
const BLOCK = 32;

/** How far a board came whose agent is silent. */
export type Reached =
  /** Every step before `step` ended and was right; `step`, the instruction at `pc`, has not ended. */
  | { readonly kind: 'unended'; readonly step: number; readonly pc: number }
  /** A step is wrong; whatever the board did afterwards. */
  | { readonly kind: 'wrong'; readonly mismatch: Mismatch }
  /** The program itself had come to its end after the step before `step`. */
  | { readonly kind: 'ended'; readonly step: number };

/** The same, and what the program did until then. */
export type LastSteps = Reached & {
  /** Values read, from load on, in the order of the steps. */
  readonly inputs: readonly ReplayedInput[];
  /** Texts that the model printed in steps which the ring shows to be right, since the last epoch that agreed. */
  readonly printed: readonly Uint8Array[];
};

/** Where the model stands: after the last epoch that agreed. */
export interface Standpoint {
  readonly program: Program;
  readonly model: ModelSide;
  /** Number of the next epoch and of its first step, and the stream hash before it. */
  readonly epoch: number;
  readonly step: number;
  readonly hash: number;
  /** What the slot of an epoch held before that epoch began. */
  readonly stale: (epoch: number) => Int32Array;
  /** Says what a step reads that is made next, if it reads something. */
  readonly provide: (step: number, value: number) => void;
  /** Called with each text that is printed in a step which the ring shows to be right. */
  readonly onPrint: (text: Uint8Array) => void;
}

interface Stretch {
  readonly epoch: number;
  /** Steps that are certainly noted, and the most there can be. */
  readonly known: number;
  readonly most: number;
}

/** The epochs of a ring that the model hasn't been through, or undefined when the ring is not that of this run. */
function stretches({ header }: Ring, { epoch, step }: Standpoint): Stretch[] | undefined {
  const { before, size } = header;
  const open = { epoch: header.epoch, known: header.steps, most: size };
  const end = (header.firstStep + header.steps) >>> 0;
  if (header.epoch + 1 === epoch) return end === step >>> 0 ? [] : undefined;
  if (header.epoch === epoch) return header.firstStep === step >>> 0 ? [open] : undefined;
  if (header.epoch !== epoch + 1 || before.firstStep !== step >>> 0) return undefined;
  return [{ epoch, known: before.steps, most: before.steps }, open];
}

/**
 * Walks through what a ring holds beyond the last epoch that agreed, with the model beside it, and names the step that a board
 * died in. Moves the model.
 * @returns undefined when the ring is not that of this run
 */
export async function lastSteps(standpoint: Standpoint, ring: Ring): Promise<Reached | undefined> {
  const parts = stretches(ring, standpoint);
  if (parts === undefined) return undefined;
  const history = new History();
  let { hash, step } = standpoint;
  for (const part of parts) {
    const stale = standpoint.stale(part.epoch);
    let block: Int32Array = new Int32Array(0);
    for (let index = 0; index < part.most; index += 1) {
      const at = ENTRY_WORDS * (index % BLOCK);
      if (at === 0)
        block = await ring.entries(part.epoch, index, Math.min(BLOCK, part.most - index));
      const [after = 0, value = 0] = block.subarray(at, at + ENTRY_WORDS);
      const { pc } = standpoint.model.engine;
      standpoint.provide(step, value);
      const expected = stepWithEffect(standpoint.model.engine);
      const noted = expected === undefined ? undefined : noteOf(hash, expected);
      const written = index < part.known || isWritten({ after, value }, noted, stale, index);
      if (!written)
        return expected === undefined ? { kind: 'ended', step } : { kind: 'unended', step, pc };
      if (noted?.after !== after) {
        const about = { step, epoch: part.epoch, made: expected, idle: standpoint.model.idle() };
        const noticed = { before: hash, after, value };
        const mismatch = mismatchOf({ ...about, history }, noticed, standpoint.program);
        return { kind: 'wrong', mismatch };
      }
      if (expected !== undefined) history.add({ step, effect: expected });
      if (expected?.text !== undefined) standpoint.onPrint(expected.text);
      hash = after;
      step += 1;
    }
  }
  const { engine, ended } = standpoint.model;
  return ended === undefined ? { kind: 'unended', step, pc: engine.pc } : { kind: 'ended', step };
}

/** Whether a step's entry was written: it then doesn't hold any more what was there before. */
function isWritten(
  entry: { readonly after: number; readonly value: number },
  expected: { readonly after: number; readonly value: number } | undefined,
  stale: Int32Array,
  index: number,
): boolean {
  const [after, value] = stale.subarray(ENTRY_WORDS * index, ENTRY_WORDS * (index + 1));
  if (entry.after === after) return false;
  // Caught between its two words.
  return entry.after !== expected?.after || entry.value === expected.value || entry.value !== value;
}
