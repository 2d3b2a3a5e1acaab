import type { Program } from '../image/index.ts';
import { EFFECT_KINDS, PORTS, type Effect } from '../isa/index.ts';
import { stepWithEffect } from '../vm/index.ts';
import { differingFields } from './effect-text.ts';
import { InputJudge } from './inputs.ts';
import { History, type Mismatch, type ReplayedInput } from './mismatch.ts';
import { ModelSide, type ModelSettings } from './model-side.ts';

/** Runs the reference model beside the effects of a board, one step at a time. */
export class Comparator {
  readonly model: ModelSide;
  readonly #judge: InputJudge;
  readonly #virtual: boolean;
  readonly #history = new History();
  readonly #inputs: ReplayedInput[] = [];
  readonly #printed: Uint8Array[] = [];
  #boardEffect: Effect | undefined;
  #implausible: string | undefined;
  #steps = 0;

  constructor(program: Program, settings: ModelSettings) {
    this.#virtual = settings.clock === 'virtual';
    this.#judge = new InputJudge(settings);
    this.model = new ModelSide(program, settings, { input: (port) => this.#input(port) });
  }

  /** Steps compared so far, the wrong one included. */
  get steps(): number {
    return this.#steps;
  }

  get inputs(): readonly ReplayedInput[] {
    return this.#inputs;
  }

  /** Texts printed by the board in steps that agreed. */
  get printed(): readonly Uint8Array[] {
    return this.#printed;
  }

  /**
   * Runs the model one step and compares.
   * @returns where they part, or undefined when they agree
   */
  compare(effect: Effect): Mismatch | undefined {
    const step = this.#steps;
    this.#history.add({ step, effect });
    const { expected, implausible } = this.#stepModel(effect);
    this.#steps += 1;
    if (expected === undefined) return this.#mismatch(step, effect, this.model.idle(), ['step']);
    if (implausible !== undefined) return this.#mismatch(step, effect, expected, ['value']);
    const fields = differingFields(expected, effect);
    if (fields.length > 0) return this.#mismatch(step, effect, expected, fields);
    this.#agreed(step, effect);
    return undefined;
  }

  /** Steps the model with the board's effect at hand, from which it takes what cannot be predicted. */
  #stepModel(effect: Effect): { expected: Effect | undefined; implausible: string | undefined } {
    this.#boardEffect = effect;
    this.#implausible = undefined;
    const expected = stepWithEffect(this.model.engine);
    this.#boardEffect = undefined;
    return { expected, implausible: this.#implausible };
  }

  #agreed(step: number, effect: Effect): void {
    if (effect.text !== undefined) this.#printed.push(effect.text);
    if (effect.kind !== EFFECT_KINDS.INPUT || !this.#isReplayed(effect.address)) return;
    this.#inputs.push({ step, port: effect.address, value: effect.value });
  }

  /** Time is computed, not replayed, on the virtual clock. */
  #isReplayed(port: number): boolean {
    return !this.#virtual || (port !== PORTS.MILLIS && port !== PORTS.MICROS);
  }

  #mismatch(step: number, effect: Effect, expected: Effect, fields: readonly string[]): Mismatch {
    return {
      step,
      effect,
      expected,
      fields,
      implausible: this.#implausible,
      history: this.#history.steps,
      epoch: undefined,
      unknown: undefined,
    };
  }

  #input(port: number): number {
    const effect = this.#boardEffect;
    // Not an input on the board: the effects differ anyway, so any possible value will do.
    if (effect?.kind !== EFFECT_KINDS.INPUT || effect.address !== port) return 0;
    this.#implausible = this.#judge.judge(effect, this.model.delayMs);
    return this.#implausible === undefined ? effect.value : 0;
  }
}
