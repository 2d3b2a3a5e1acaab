import { ENTRY_WORDS, runDigest, stateHash } from '../vm/index.ts';
import type { Mark, ModelSide } from './model-side.ts';

/** An epoch as the model goes through it when nothing is read in it. */
interface Anticipated {
  /** Where the model stood before it. */
  readonly mark: Mark;
  /** Steps that the model made: the most of an epoch, fewer when it stopped. */
  readonly steps: number;
  /** State hash after them. */
  readonly state: number;
}

/** Ends a run ahead: what the board reads there isn't known yet. */
class Unforeseeable extends Error {}

/**
 * Takes the model through the next epoch while its checkpoint is arriving, so that nothing is left to do but compare when that is
 * whole: the board may be waiting for the acknowledgement.
 */
export class Anticipation {
  readonly #model: ModelSide;
  readonly #entries: Int32Array;
  readonly #size: number;
  #made: Anticipated | undefined;
  #running = false;

  /** @param size most steps of an epoch */
  constructor(model: ModelSide, size: number) {
    this.#model = model;
    this.#size = size;
    this.#entries = new Int32Array(ENTRY_WORDS * size);
  }

  /** To be called with each value that the model wants to read. */
  readonly onInput = (): void => {
    if (this.#running) throw new Unforeseeable();
  };

  /**
   * Runs ahead. Leaves the model where it is when the program reads something before the epoch's end.
   * @param hash stream hash before the epoch
   * @param spare a mark that isn't needed any more
   */
  run(hash: number, spare: Mark | undefined): void {
    const mark = this.#model.mark(spare);
    this.#running = true;
    try {
      const steps = runDigest(this.#model.engine, hash, this.#size, this.#entries);
      this.#made = { mark, steps, state: stateHash(this.#model.engine) };
    } catch (error) {
      if (!(error instanceof Unforeseeable)) throw error;
      this.#model.rewind(mark);
    } finally {
      this.#running = false;
    }
  }

  /**
   * What {@link run} made, if it is an epoch of so many steps; otherwise the model goes back.
   * @param entries takes hash and value of each step
   */
  take(steps: number, entries: Int32Array): Anticipated | undefined {
    const made = this.#made;
    if (made?.steps !== steps) {
      this.retract();
      return undefined;
    }
    this.#made = undefined;
    entries.set(this.#entries.subarray(0, ENTRY_WORDS * steps));
    return made;
  }

  /** Takes the model back to where it was before {@link run}. */
  retract(): void {
    if (this.#made !== undefined) this.#model.rewind(this.#made.mark);
    this.#made = undefined;
  }
}
