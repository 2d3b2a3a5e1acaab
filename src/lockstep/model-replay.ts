import type { Program } from '../image/index.ts';
import type { Effect } from '../isa/index.ts';
import {
  createEngine,
  createModelIo,
  loadProgram,
  snapshot,
  stepWithEffect,
  type Engine,
  type Snapshot,
} from '../vm/index.ts';
import type { ReplayedInput } from './mismatch.ts';
import type { ModelSettings } from './model-side.ts';

/** What a replayed model's pins and clock are like. */
export type ReplaySettings = Pick<ModelSettings, 'pins' | 'buttons' | 'clock'>;

/** A VM between two steps. */
export interface VmView {
  readonly pc: number;
  readonly sp: number;
  readonly depth: number;
  readonly frameBase: number;
  readonly error: number;
  readonly memory: Snapshot;
}

/** The reference model, run again with the values that an earlier run read. Equal inputs give equal runs. */
export class ModelReplay {
  readonly engine: Engine;
  readonly #inputs: readonly ReplayedInput[];
  #next = 0;
  #steps = 0;

  /** @param inputs in the order of their steps; what is read at a step that isn't among them is 0 */
  constructor(program: Program, settings: ReplaySettings, inputs: readonly ReplayedInput[]) {
    this.#inputs = inputs;
    const io = createModelIo({
      ...settings,
      executed: () => this.engine.executed,
      inputs: (port) => this.#input(port),
    });
    this.engine = createEngine({ io });
    loadProgram(this.engine, program);
    io.reset();
  }

  /** Steps made so far, a fault included: the number of the next one. */
  get steps(): number {
    return this.#steps;
  }

  /** Whether the next step would begin a round of loop() beyond `rounds`; 0 = no limit. */
  beyondRound(rounds: number): boolean {
    const { engine } = this;
    return rounds !== 0 && engine.rounds >= rounds && engine.pc === engine.loop;
  }

  /** @returns undefined when the program has ended, so that nothing happened */
  step(): Effect | undefined {
    const effect = stepWithEffect(this.engine);
    if (effect !== undefined) this.#steps += 1;
    return effect;
  }

  /** A copy of its state. */
  view(): VmView {
    const { pc, sp, depth, frameBase, error } = this.engine;
    return { pc, sp, depth, frameBase, error, memory: snapshot(this.engine) };
  }

  #input(port: number): number {
    let input = this.#inputs[this.#next];
    // One that nobody asked for at its step: the program then did something else than in the recorded run.
    while (input !== undefined && input.step < this.#steps) {
      this.#next += 1;
      input = this.#inputs[this.#next];
    }
    if (input?.step !== this.#steps || input.port !== port) return 0;
    this.#next += 1;
    return input.value;
  }
}
