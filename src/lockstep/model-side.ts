import type { Program } from '../image/index.ts';
import { EFFECT_KINDS, PORTS, type Effect } from '../isa/index.ts';
import {
  createEngine,
  createModelIo,
  loadProgram,
  restoreModel,
  saveModel,
  snapshot,
  type Engine,
  type ModelIo,
  type PinCapability,
  type SavedModel,
  type Snapshot,
} from '../vm/index.ts';
import type { Clock } from './inputs.ts';
import type { PinChange } from './pin-timing.ts';

/** What the model's pins and clock are like. */
export interface ModelSettings {
  /** By logical pin number; undefined where there is no pin. */
  readonly pins: readonly (PinCapability | undefined)[];
  /** Button ids are 0..buttons-1. */
  readonly buttons: number;
  readonly clock: Clock;
  /** Host's monotonic milliseconds since the program was started on the board. */
  readonly hostElapsedMs: () => number;
  /** The value that the board was told to give its program at a read of a port, counted from 0; undefined when it is live. */
  readonly scripted?: ((port: number, read: number) => number | undefined) | undefined;
}

/** Where a comparison takes the values that the program reads, and hears what it prints. */
interface ModelHooks {
  /** The value of a port, possible for it. */
  readonly input: (port: number) => number;
  readonly print?: (text: Uint8Array) => void;
}

/** A model between two steps, to come back to. */
export interface Mark {
  readonly saved: SavedModel;
  readonly delayMs: number;
  readonly pinChanges: number;
}

/** The reference model with a program, as every way of comparing uses it. */
export class ModelSide {
  readonly engine: Engine;
  readonly #io: ModelIo;
  readonly #pinChanges: PinChange[] = [];
  #delayMs = 0;

  constructor(program: Program, settings: Omit<ModelSettings, 'hostElapsedMs'>, hooks: ModelHooks) {
    this.#io = createModelIo({
      pins: settings.pins,
      buttons: settings.buttons,
      clock: settings.clock,
      executed: () => this.engine.executed,
      inputs: hooks.input,
      onOutput: (port, value) => {
        this.#output(port, value);
      },
      ...(hooks.print === undefined ? {} : { onPrint: hooks.print }),
    });
    this.engine = createEngine({ io: this.#io });
    loadProgram(this.engine, program);
    this.#io.reset();
  }

  /** Rounds of loop() that were begun. */
  get rounds(): number {
    return this.engine.rounds;
  }

  /** Digital outputs on the program's own time line: delays add up, instructions take no time. */
  get pinChanges(): readonly PinChange[] {
    return this.#pinChanges;
  }

  /** Sum of the delays that the program has asked for, milliseconds. */
  get delayMs(): number {
    return this.#delayMs;
  }

  /** Why the model cannot go on, or undefined when it can. */
  get ended(): 'halted' | 'fault' | undefined {
    if (this.engine.error !== 0) return 'fault';
    return this.engine.halted ? 'halted' : undefined;
  }

  /** Whether the next step would begin a round of loop(). */
  get atRound(): boolean {
    return this.ended === undefined && this.engine.pc === this.engine.loop;
  }

  /** The state it is in, as the board's PEEK regions. */
  state(): Snapshot {
    return snapshot(this.engine);
  }

  /** What a model that has stopped does: nothing. Shown as its unchanged top of stack. */
  idle(): Effect {
    const { pc, sp, stack } = this.engine;
    const value = sp === 0 ? 0 : (stack[sp - 1] ?? 0);
    return { pc, opcode: 0, sp, kind: EFFECT_KINDS.TOP, address: 0, value };
  }

  /** @param spare a mark that isn't needed any more; its memory is used again */
  mark(spare?: Mark): Mark {
    return {
      saved: saveModel(this.engine, this.#io, spare?.saved),
      delayMs: this.#delayMs,
      pinChanges: this.#pinChanges.length,
    };
  }

  /** Goes back to a mark. */
  rewind({ saved, delayMs, pinChanges }: Mark): void {
    restoreModel(this.engine, this.#io, saved);
    this.#delayMs = delayMs;
    this.#pinChanges.length = pinChanges;
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
