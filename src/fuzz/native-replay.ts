import { HilError } from '../errors/index.ts';
import { LIMITS, type Effect } from '../isa/index.ts';
import type { PinCapability, Snapshot } from '../vm/index.ts';
import { EFFECT_BYTES } from './answer.ts';
import { effectAt } from './compare.ts';
import { littleEndianWords, NativeProcess } from './native-process.ts';

/** Requests of firmware/fuzz/replay_main.c. */
const REQUESTS = { LOAD: 0, STEP: 1, STATE: 2 } as const;
/** What a pin is there. */
const PIN = { EXISTS: 1, ADC: 2, PWM: 4, DAC: 8 } as const;
/** Steps, and values read in them, of one {@link NativeReplay.advance}. */
export const REPLAY_WINDOW = 8192;

const WORD = 4;
const STATE_WORDS = 5;
const FRAME_BYTES = 8;

/** The pins and the clock that a replayed program sees. */
export interface ReplayWorld {
  /** By logical number; undefined where there is no pin. */
  readonly pins: readonly (PinCapability | undefined)[];
  readonly buttons: number;
  /** On the real clock the times come from the inputs like everything else. */
  readonly clock: 'virtual' | 'real';
}

/** What the native engine holds between two steps. */
export interface NativeState {
  readonly pc: number;
  readonly sp: number;
  readonly depth: number;
  readonly error: number;
  readonly rounds: number;
  readonly snapshot: Snapshot;
}

/** The C engine as firmware/fuzz/replay_main.c wraps it: one program, with the values that another run of it read. */
export class NativeReplay implements AsyncDisposable {
  readonly #process: NativeProcess;

  /** @param path the program `cvm-replay` of a native build */
  constructor(path: string) {
    this.#process = new NativeProcess(path);
  }

  /** Loads a program. @throws HilError (program) when the image is refused; NativeFailure when the process died */
  async load(image: Uint8Array, { pins, buttons, clock }: ReplayWorld): Promise<void> {
    const bits = pins.map((pin) => {
      if (pin === undefined) return 0;
      return (
        PIN.EXISTS | (pin.adc ? PIN.ADC : 0) | (pin.pwm ? PIN.PWM : 0) | (pin.dac ? PIN.DAC : 0)
      );
    });
    const real = clock === 'real' ? 1 : 0;
    const header = littleEndianWords([REQUESTS.LOAD, real, buttons, bits.length, image.length]);
    const answer = await this.#process.ask(Buffer.concat([header, Buffer.from(bits), image]));
    const reason = answer.toString('latin1', 1);
    if (reason !== 'ok') {
      throw new HilError('program', `the native C engine refuses the image: ${reason}`);
    }
  }

  /**
   * Goes on.
   * @param steps most steps, 1..REPLAY_WINDOW
   * @param rounds stops before the round of loop() after this many; 0 = no limit
   * @param inputs what is read in these steps, in order, as {port, value}; whatever else is read is 0
   * @returns the effects; fewer than `steps` when the program ended
   * @throws NativeFailure when the process died or hangs
   */
  async advance(
    steps: number,
    rounds: number,
    inputs: readonly { readonly port: number; readonly value: number }[],
  ): Promise<Effect[]> {
    const header = [REQUESTS.STEP, steps, rounds, inputs.length];
    const pairs = inputs.flatMap(({ port, value }) => [port, value]);
    const answer = await this.#process.ask(littleEndianWords([...header, ...pairs]));
    const count = answer.readUInt32LE(0);
    const view = new DataView(
      answer.buffer,
      answer.byteOffset + 2 * WORD,
      answer.length - 2 * WORD,
    );
    const effects: Effect[] = [];
    for (let at = 0; effects.length < count; at += EFFECT_BYTES + view.getUint8(at + 5)) {
      effects.push(effectAt(view, at));
    }
    return effects;
  }

  /** @throws NativeFailure when the process died or hangs */
  async state(): Promise<NativeState> {
    const answer = await this.#process.ask(littleEndianWords([REQUESTS.STATE]));
    const [pc = 0, sp = 0, depth = 0, error = 0, rounds = 0] = Array.from(
      { length: STATE_WORDS },
      (_, index) => answer.readUInt32LE(WORD * index),
    );
    let at = WORD * STATE_WORDS;
    const take = (bytes: number): Uint8Array => {
      at += bytes;
      return answer.subarray(at - bytes, at);
    };
    const snapshot = {
      globals: take(WORD * LIMITS.GLOBAL_COUNT),
      arrays: take(WORD * LIMITS.ARRAY_COUNT * LIMITS.ARRAY_LENGTH),
      lengths: take(LIMITS.ARRAY_COUNT),
      stack: take(WORD * sp),
      frames: take(FRAME_BYTES * depth),
    };
    return { pc, sp, depth, error, rounds, snapshot };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process[Symbol.asyncDispose]();
  }
}
