import type { Epoch, Ring } from '../agent/index.ts';
import { HilError } from '../errors/index.ts';
import type { Program } from '../image/index.ts';
import { EFFECT_KINDS, type Effect } from '../isa/index.ts';
import { ENTRY_WORDS, FIRST_HASH, runDigest, stateHash, stepWithEffect } from '../vm/index.ts';
import type { InputRecord } from '../wire/index.ts';
import { Anticipation } from './anticipation.ts';
import { InputJudge } from './inputs.ts';
import { History, type Mismatch, type ReplayedInput } from './mismatch.ts';
import { ModelSide, type Mark, type ModelSettings } from './model-side.ts';
import { lastSteps, type LastSteps } from './last-steps.ts';
import { mismatchOf } from './reconstruct.ts';

/** Whether an epoch agrees; else whether its effects are wrong, or only the state that it ended in. */
export type Agreement = 'agreed' | 'effects' | 'state';

/** A logged input with the judgement on it. */
interface Judged extends InputRecord {
  readonly implausible: string | undefined;
}

/** An epoch as the model goes through it. */
interface Course {
  readonly number: number;
  /** Steps before it since load. */
  readonly firstStep: number;
  /** Steps it has on the board. */
  readonly count: number;
  readonly inputs: readonly Judged[];
  /** Where the model stood before it, and the judge of what it reads. */
  readonly mark: Mark;
  readonly judge: InputJudge;
  /** Instructions the model had executed, and its stream hash, there. */
  readonly executed: number;
  readonly hash: number;
}

/** Runs the reference model through the epochs of a board's digest run and compares hashes. */
export class DigestVerifier {
  readonly model: ModelSide;
  readonly #program: Program;
  readonly #size: number;
  readonly #ahead: Anticipation;
  #judge: InputJudge;
  /** The model's own ring: what the board's slots hold when all agreed. */
  readonly #slots: readonly [Int32Array, Int32Array];
  readonly #inputs: ReplayedInput[] = [];
  readonly #printed: Uint8Array[] = [];
  /** Printed since the last epoch that agreed. */
  #texts: Uint8Array[] = [];
  #hash = FIRST_HASH;
  #steps = 0;
  /** The epoch being compared, and the one before it. */
  #course: Course | undefined;
  #before: Course | undefined;
  /** That of an epoch before those. */
  #spare: Mark | undefined;
  /** Steps that the model made in the epoch being compared. */
  #made = 0;
  /** Inputs of the course that were consumed, and the first step that read one which the board hasn't logged. */
  #consumed = 0;
  #missing: number | undefined;
  /** Whether the effects of the course are known to be right. */
  #agreed = true;
  /** Whether {@link anticipate} is worth trying. */
  #foreseeable = false;
  /** Number of the next epoch. */
  #next = 0;
  /** Where the model's inputs come from. */
  #supply = (port: number): number => this.#input(port);

  /** @param epoch most steps of an epoch */
  constructor(program: Program, settings: ModelSettings, epoch: number) {
    this.#program = program;
    this.#size = epoch;
    this.#judge = new InputJudge(settings);
    this.#slots = [new Int32Array(ENTRY_WORDS * epoch), new Int32Array(ENTRY_WORDS * epoch)];
    this.model = new ModelSide(program, settings, {
      input: (port) => {
        this.#ahead.onInput();
        return this.#supply(port);
      },
      print: (text) => {
        this.#texts.push(text);
      },
    });
    this.#ahead = new Anticipation(this.model, epoch);
  }

  /** Steps that the model has made. */
  get steps(): number {
    return this.#steps;
  }

  /** Values replayed in epochs that agreed, and before a wrong step that was named. */
  get inputs(): readonly ReplayedInput[] {
    return this.#inputs;
  }

  /** Texts printed there. */
  get printed(): readonly Uint8Array[] {
    return this.#printed;
  }

  /**
   * Takes the model through the next epoch.
   * @throws HilError (firmware) when the effects agree, but the log of inputs is not what they consumed
   */
  verify(epoch: Epoch): Agreement {
    this.#agreed = false;
    this.#foreseeable = false;
    const count = (epoch.endStep - epoch.firstStep) >>> 0;
    const entries = this.#slot(epoch.number);
    const ahead = this.#ahead.take(epoch.inputs.length === 0 ? count : 0, entries);
    const texts = ahead === undefined ? [] : this.#texts;
    const mark = ahead?.mark ?? this.model.mark(this.#spare);
    const judge = this.#judge.copy();
    const course = this.#begin(epoch.number, count, this.#judged(epoch.inputs), judge, mark);
    this.#texts = texts;
    this.#made = ahead?.steps ?? runDigest(this.model.engine, this.#hash, count, entries);
    this.#steps += this.#made;
    const stream = this.#made === 0 ? this.#hash : (entries[ENTRY_WORDS * (this.#made - 1)] ?? 0);
    const possible = course.inputs.every(({ implausible }) => implausible === undefined);
    if (this.#made !== count || stream !== (epoch.stream | 0) || !possible) return 'effects';
    this.#hash = stream;
    this.#next = epoch.number + 1;
    this.#checkLog(course);
    this.#agreed = true;
    this.#keep(course);
    const state = ahead?.state ?? stateHash(this.model.engine);
    if (state !== (epoch.state | 0)) return 'state';
    this.#foreseeable = count === this.#size && epoch.inputs.length === 0;
    return 'agreed';
  }

  /**
   * Takes the model through the next epoch before the board tells of it, when that can be told from the last one: it agreed, was as
   * long as any, and nothing was read in it. Once for each epoch.
   */
  anticipate(): void {
    if (!this.#foreseeable) return;
    this.#foreseeable = false;
    this.#texts = [];
    this.#ahead.run(this.#hash, this.#spare);
    this.#spare = undefined;
  }

  /** Takes the model back from an epoch that the board will not tell of. */
  retract(): void {
    this.#ahead.retract();
  }

  /**
   * Names the first wrong step of the epoch that {@link verify} found wrong.
   * @param ring the board's, which still has that epoch
   */
  async localise(ring: Ring): Promise<Mismatch> {
    const course = this.#course;
    if (course === undefined) throw new HilError('harness', 'no epoch was compared');
    const entries = this.#slot(course.number);
    const differs = async (offset: number): Promise<boolean> => {
      const [hash] = await ring.entries(course.number, offset, 1);
      return hash !== entries[ENTRY_WORDS * offset];
    };
    const impossible = course.inputs.find(({ implausible }) => implausible !== undefined)?.offset;
    const wrong = await firstThat(differs, Math.min(this.#made, impossible ?? this.#made));
    if (wrong === course.count)
      throw new HilError(
        'firmware',
        `the checkpoint of epoch ${course.number} contradicts the board's own ring, in which every step is right`,
        'look at the digest in the agent',
      );
    const [after = 0, value = 0] = await ring.entries(course.number, wrong, 1);
    return this.#mismatch(course, wrong, after, value);
  }

  /**
   * Finds out from the ring of a board that is silent how far it came. Moves the model: nothing can be compared afterwards.
   * @returns undefined when the ring is not that of this run
   */
  async examine(ring: Ring): Promise<LastSteps | undefined> {
    this.retract();
    const disputed = this.#agreed ? undefined : this.#course;
    if (disputed !== undefined) {
      this.model.rewind(disputed.mark);
      this.#judge = disputed.judge;
    }
    const inputs = [...this.#inputs];
    const printed: Uint8Array[] = [];
    const reached = await lastSteps(
      {
        program: this.#program,
        model: this.model,
        epoch: disputed?.number ?? this.#next,
        step: disputed?.firstStep ?? this.#steps,
        hash: this.#hash,
        stale: (epoch) => this.#slot(epoch),
        provide: (step, given) => {
          this.#supply = (port) => {
            const value = this.#possible(port, given);
            inputs.push({ step, port, value });
            return value;
          };
        },
        onPrint: (text) => printed.push(text),
      },
      ring,
    );
    return reached === undefined ? undefined : { ...reached, inputs, printed };
  }

  #possible(port: number, value: number): number {
    return this.#judge.judge(inputOf(port, value), this.model.delayMs) === undefined ? value : 0;
  }

  /** The model's entries of an epoch. */
  #slot(number: number): Int32Array {
    return this.#slots[number % 2 === 0 ? 0 : 1];
  }

  #judged(inputs: readonly InputRecord[]): Judged[] {
    return inputs.map((record) => {
      const effect = inputOf(record.port, record.value);
      return { ...record, implausible: this.#judge.judge(effect, this.model.delayMs) };
    });
  }

  #begin(
    number: number,
    count: number,
    inputs: readonly Judged[],
    judge: InputJudge,
    mark: Mark,
  ): Course {
    const { executed } = mark.saved.registers;
    const from = { firstStep: this.#steps, hash: this.#hash };
    const course = { number, ...from, count, inputs, mark, judge, executed };
    this.#spare = this.#before?.mark;
    this.#before = this.#course;
    this.#enter(course);
    return course;
  }

  #enter(course: Course): void {
    this.#course = course;
    this.#consumed = 0;
    this.#missing = undefined;
    this.#texts = [];
  }

  #input(port: number): number {
    const course = this.#course;
    const record = course?.inputs[this.#consumed];
    const offset = this.model.engine.executed - (course?.executed ?? 0);
    if (record?.offset !== offset || record.port !== port) {
      // The board read nothing here: the effects differ anyway, so any possible value will do.
      this.#missing ??= offset;
      return 0;
    }
    this.#consumed += 1;
    return record.implausible === undefined ? record.value : 0;
  }

  #checkLog({ number, firstStep, inputs }: Course): void {
    const extra = inputs[this.#consumed];
    if (extra === undefined && this.#missing === undefined) return;
    const what =
      this.#missing === undefined
        ? `has an input at step ${firstStep + (extra?.offset ?? 0)}, which read none`
        : `has no input at step ${firstStep + this.#missing}, which read one`;
    throw new HilError(
      'firmware',
      `all effects of epoch ${number} agree, but the board's log ${what}`,
      'look at the logging of inputs in the agent',
    );
  }

  /** Keeps what was read and printed in an epoch, or in its first `steps` steps. */
  #keep({ firstStep, inputs }: Course, steps = Infinity): void {
    for (const { offset, port, value } of inputs)
      if (offset < steps) this.#inputs.push({ step: firstStep + offset, port, value });
    this.#printed.push(...this.#texts);
  }

  /** Steps the model again to a step of an epoch, from the epoch before, and says what led there and what it did. */
  #replay(course: Course, offset: number): { history: History; expected: Effect | undefined } {
    const history = new History();
    const start = this.#before ?? course;
    this.model.rewind(start.mark);
    for (const part of new Set([start, course])) {
      this.#enter(part);
      const steps = part === course ? offset : part.count;
      for (let index = 0; index < steps; index += 1) {
        const effect = stepWithEffect(this.model.engine);
        if (effect !== undefined) history.add({ step: part.firstStep + index, effect });
      }
    }
    this.#keep(course, offset);
    return { history, expected: stepWithEffect(this.model.engine) };
  }

  #mismatch(course: Course, offset: number, after: number, value: number): Mismatch {
    const { history, expected: made } = this.#replay(course, offset);
    const step = course.firstStep + offset;
    this.#steps = step + 1;
    const entries = this.#slot(course.number);
    const before = offset === 0 ? course.hash : (entries[ENTRY_WORDS * (offset - 1)] ?? 0);
    const read = course.inputs.find((input) => input.offset === offset);
    const about = { step, epoch: course.number, made, idle: this.model.idle(), history };
    return mismatchOf({ ...about, read }, { before, after, value }, this.#program);
  }
}

function inputOf(address: number, value: number): Effect {
  return { pc: 0, opcode: 0, sp: 0, kind: EFFECT_KINDS.INPUT, address, value };
}

/** The smallest number below `count` of which something is true that is then true of all above it; `count` when there is none. */
async function firstThat(is: (index: number) => Promise<boolean>, count: number): Promise<number> {
  let [from, to] = [0, count];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (await is(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
