import type { Program } from '../image/index.ts';
import { EFFECT_KINDS, fold, foldedWord, textHash, unfold, type Effect } from '../isa/index.ts';
import { differingFields } from './effect-text.ts';
import type { History, Mismatch } from './mismatch.ts';
import { isEffectOf, isPossiblePlace, kindAt, possibleWheres } from './possible-effects.ts';

/** What a ring tells of a step: the stream hash before and after it, and its value. */
export interface Noted {
  readonly before: number;
  readonly after: number;
  readonly value: number;
}

/** The words that an effect folds into the stream hash: docs/lockstep.md. */
interface EffectWords {
  /** pc, opcode and stack depth. */
  readonly place: number;
  /** Kind and address; undefined when the kind is TOP. */
  readonly where: number | undefined;
  readonly value: number;
}

function wordsOf(effect: Effect): EffectWords {
  const { pc, opcode, sp, kind, address, value, text } = effect;
  return {
    place: pc | (opcode << 16) | (sp << 24),
    where: kind === EFFECT_KINDS.TOP ? undefined : (kind << 24) | address,
    value: text === undefined ? value : textHash(text),
  };
}

/** The stream hash after a step, and the step's value, as a ring's entry has them. */
export function noteOf(before: number, effect: Effect): Noted {
  const { place, where, value } = wordsOf(effect);
  const placed = fold(before, place);
  const located = where === undefined ? placed : fold(placed, where);
  return { before, after: fold(located, value), value };
}

/** What the board's log of inputs says of a step. */
interface Read {
  readonly port: number;
  readonly value: number;
}

/** A step that the board and the model made differently. */
interface Parting {
  readonly step: number;
  readonly epoch: number;
  /** What the model did: nothing more when it had ended, and then this is how it stood. */
  readonly made: Effect | undefined;
  readonly idle: Effect;
  /** What the board says that it read in it. */
  readonly read?: (Read & { readonly implausible: string | undefined }) | undefined;
  /** The steps before it. */
  readonly history: History;
}

/** The mismatch at a step, from what the board's ring tells of it. */
export function mismatchOf(parting: Parting, noted: Noted, program: Program): Mismatch {
  const { step, epoch, made, read, history } = parting;
  const expected = made ?? parting.idle;
  const { effect, unknown } = reconstruct(noted, expected, program, read);
  history.add({ step, effect });
  const fields = differingFields(expected, effect);
  const implausible = read?.implausible;
  const wrong = implausible === undefined ? fields : ['value'];
  return {
    step,
    effect,
    expected,
    fields: made === undefined ? ['step'] : wrong.length > 0 ? wrong : ['effect'],
    implausible,
    history: history.steps,
    epoch,
    unknown,
  };
}

/** What a step did, as far as its note tells. */
export interface Reconstruction {
  readonly effect: Effect;
  /** What of it isn't known, in words; the rest is then as expected. */
  readonly unknown: string | undefined;
}

/**
 * Computes what a board did in a step from what its ring tells, beside what the model did in it.
 * An effect is made of three words at most, and the value is known. When only one of the others is wrong it follows from the
 * hashes. What comes out counts only when it is possible: of 2^32 words, one in a million is.
 * @param read what the board's log of inputs says of the step
 */
export function reconstruct(
  noted: Noted,
  expected: Effect,
  program: Program,
  read?: Read,
): Reconstruction {
  const words = candidates(noted, expected, program, read).next();
  if (words.done === true) {
    const { pc, opcode, sp, kind, address } = expected;
    const effect = { pc, opcode, sp, kind, address, value: noted.value };
    return { effect, unknown: `nothing is known of it but its value, ${noted.value}` };
  }
  return describe(words.value, expected);
}

/** Words that give the hash and are possible, the likeliest first. */
function* candidates(
  { before, after, value }: Noted,
  expected: Effect,
  program: Program,
  read: Read | undefined,
): Generator<EffectWords> {
  const located = unfold(after, value);
  const right = wordsOf(expected);
  const solvePlace = (where: number | undefined): number =>
    foldedWord(before, where === undefined ? located : unfold(located, where));

  // The place is right: what was done there follows.
  const where = foldedWord(fold(before, right.place), located);
  if (kindAt(where, value) !== undefined) yield { place: right.place, where, value };
  // Another place, and there what the log says, nothing but a new top, or what was expected.
  const logged = read === undefined ? [] : [(EFFECT_KINDS.INPUT << 24) | read.port];
  for (const guess of new Set([...logged, undefined, right.where])) {
    const place = solvePlace(guess);
    if (isPossiblePlace(place, program)) yield { place, where: guess, value };
  }
  // The right instruction with a wrong stack depth and a wrong effect, as when only one side faults.
  for (const guess of possibleWheres(value)) {
    const place = solvePlace(guess);
    if ((place & 0xff_ffff) === (right.place & 0xff_ffff) && isPossiblePlace(place, program))
      yield { place, where: guess, value };
  }
  // Another instruction that did what it is there for. Of the many that could be, only one may give the hash.
  const others: EffectWords[] = [];
  for (const guess of possibleWheres(value)) {
    const place = solvePlace(guess);
    if (
      isPossiblePlace(place, program) &&
      isEffectOf(program.instructions[place & 0xffff], guess, value)
    )
      others.push({ place, where: guess, value });
  }
  if (others.length === 1) yield* others;
}

/** The effect that some words are of. */
function describe({ place, where, value }: EffectWords, expected: Effect): Reconstruction {
  const kind = where === undefined ? undefined : kindAt(where, value);
  const effect = {
    pc: place & 0xffff,
    opcode: (place >>> 16) & 0xff,
    sp: place >>> 24,
    kind: kind ?? EFFECT_KINDS.TOP,
    address: (where ?? 0) & 0xff_ffff,
    value,
  };
  if (effect.kind !== EFFECT_KINDS.PRINT) return { effect, unknown: undefined };
  const { text } = expected;
  if (text !== undefined && textHash(text) === value)
    return { effect: { ...effect, value: 0, text }, unknown: undefined };
  return { effect: { ...effect, value: 0 }, unknown: 'the text that it printed isn’t known' };
}
