import type { Program } from '../image/index.ts';
import { EFFECT_KINDS, PORTS, type Effect } from '../isa/index.ts';
import {
  createEngine,
  createModelIo,
  loadProgram,
  snapshot,
  stepWithEffect,
  type Engine,
  type ModelIo,
  type PinCapability,
  type Snapshot,
} from '../vm/index.ts';
import { differingFields } from './effect-text.ts';
import { InputJudge, type Clock } from './inputs.ts';
import type { PinChange } from './pin-timing.ts';

/** Steps kept to show what led to a divergence. */
const HISTORY = 16;

/** What the model's pins and clock are like. */
export interface ModelSettings {
  /** By logical pin number; undefined where there is no pin. */
  readonly pins: readonly (PinCapability | undefined)[];
  /** Button ids are 0..buttons-1. */
  readonly buttons: number;
  readonly clock: Clock;
  /** Host's monotonic milliseconds since the program was started on the board. */
  readonly hostElapsedMs: () => number;
}

/** A numbered effect. */
export interface Step {
  /** Since load or reset, from 0. */
  readonly step: number;
  readonly effect: Effect;
}

/** Board and model part at this step. */
export interface Mismatch extends Step {
  readonly expected: Effect;
  readonly fields: readonly string[];
  /** Why an input cannot be true, when that is what is wrong. */
  readonly implausible: string | undefined;
  /** The steps that led here, this one last. */
  readonly history: readonly Step[];
}

/** A value that the board read and the model replayed. */
export interface ReplayedInput {
  readonly step: number;
  readonly port: number;
  readonly value: number;
}

/** Runs the reference model beside the effects of a board, one step at a time. */
export class Comparator {
  readonly #engine: Engine;
  readonly #io: ModelIo;
  readonly #judge: InputJudge;
  readonly #virtual: boolean;
  readonly #history: Step[] = [];
  readonly #inputs: ReplayedInput[] = [];
  readonly #printed: Uint8Array[] = [];
  readonly #pinChanges: PinChange[] = [];
  #boardEffect: Effect | undefined;
  #implausible: string | undefined;
  #delayMs = 0;
  #steps = 0;

  constructor(program: Program, settings: ModelSettings) {
    this.#virtual = settings.clock === 'virtual';
    this.#judge = new InputJudge(settings.hostElapsedMs);
    const executed = (): number => this.#engine.executed;
    this.#io = createModelIo({
      pins: settings.pins,
      buttons: settings.buttons,
      clock: settings.clock,
      executed,
      inputs: (port) => this.#input(port),
      onOutput: (port, value) => {
        this.#output(port, value);
      },
    });
    this.#engine = createEngine({ io: this.#io });
    loadProgram(this.#engine, program);
    this.#io.reset();
  }

  /** Steps compared so far, the wrong one included. */
  get steps(): number {
    return this.#steps;
  }

  /** Rounds of loop() that the model has begun. */
  get rounds(): number {
    return this.#engine.rounds;
  }

  get inputs(): readonly ReplayedInput[] {
    return this.#inputs;
  }

  /** Texts printed by the board in steps that agreed. */
  get printed(): readonly Uint8Array[] {
    return this.#printed;
  }

  /** Digital outputs on the program's own time line: delays add up, instructions take no time. */
  get pinChanges(): readonly PinChange[] {
    return this.#pinChanges;
  }

  /** The state the model is in, as the board's PEEK regions. */
  state(): Snapshot {
    return snapshot(this.#engine);
  }

  /** Whether the model's next step would begin a round of loop(). */
  get atRound(): boolean {
    return !this.#stopped && this.#engine.pc === this.#engine.loop;
  }

  /** Why the model cannot go on, or undefined when it can. */
  get ended(): 'halted' | 'fault' | undefined {
    if (this.#engine.error !== 0) return 'fault';
    return this.#engine.halted ? 'halted' : undefined;
  }

  get #stopped(): boolean {
    return this.ended !== undefined;
  }

  /**
   * Runs the model one step and compares.
   * @returns where they part, or undefined when they agree
   */
  compare(effect: Effect): Mismatch | undefined {
    const step = this.#steps;
    this.#remember({ step, effect });
    const { expected, implausible } = this.#stepModel(effect);
    this.#steps += 1;
    if (expected === undefined) return this.#mismatch(step, effect, this.#idle(), ['step']);
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
    const expected = stepWithEffect(this.#engine);
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

  #remember(step: Step): void {
    this.#history.push(step);
    if (this.#history.length > HISTORY) this.#history.shift();
  }

  #mismatch(step: number, effect: Effect, expected: Effect, fields: readonly string[]): Mismatch {
    return {
      step,
      effect,
      expected,
      fields,
      implausible: this.#implausible,
      history: [...this.#history],
    };
  }

  /** What a model that has stopped did: nothing. Shown as its unchanged top of stack. */
  #idle(): Effect {
    const { pc, sp, stack } = this.#engine;
    const value = sp === 0 ? 0 : (stack[sp - 1] ?? 0);
    return { pc, opcode: 0, sp, kind: EFFECT_KINDS.TOP, address: 0, value };
  }

  #input(port: number): number {
    const effect = this.#boardEffect;
    // Not an input on the board: the effects differ anyway, so any possible value will do.
    if (effect?.kind !== EFFECT_KINDS.INPUT || effect.address !== port) return 0;
    this.#implausible = this.#judge.judge(effect);
    return this.#implausible === undefined ? effect.value : 0;
  }

  #output(port: number, value: number): void {
    if (port === PORTS.DELAY) {
      this.#delayMs += value;
    } else if (port < PORTS.ANALOG) {
      const level = value === 0 ? 0 : 1;
      this.#pinChanges.push({ pin: port, level, timeUs: this.#delayMs * 1000 });
    }
  }
}
