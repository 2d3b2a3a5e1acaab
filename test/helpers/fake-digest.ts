import { EFFECT_KINDS, fold, PORTS, textHash, type Effect } from '../../src/isa/index.ts';
import {
  encodeBytes,
  encodeCheckpoint,
  encodeFullCheckpoint,
  encodeInputs,
  encodeRingHeader,
  type InputRecord,
} from '../../src/wire/index.ts';

/** What a fake board's digest run sends besides its effects. */
export interface FakeDigestSettings {
  /** The state hash after so many steps; 0 when left out. */
  readonly state?: (steps: number) => number;
  /** Steps of its epochs, each at most what the host asked for; all as large as that when left out. */
  readonly epochs?: readonly number[];
  /** Changes the log of inputs of an epoch. */
  readonly log?: (inputs: readonly InputRecord[], epoch: number) => readonly InputRecord[];
  /** Full epochs get a long checkpoint, too. */
  readonly long?: boolean;
  /** Time is logged too. */
  readonly realClock?: boolean;
  /** CRC of the image, for the ring's header. */
  readonly imageCrc?: () => number;
  /** Ignores acknowledgements outside of frames. */
  readonly deaf?: boolean;
  /** Acknowledgements that the board waits for before it sends more. */
  readonly window?: number;
}

const FIRST = 0x6a09e667 | 0;
/** Records in one INPUTS event. */
const CHUNK = 3;

/** The stream hash after an effect, and its value: docs/lockstep.md, read a second time. */
export function digestOf(before: number, effect: Effect): { hash: number; value: number } {
  const words = [effect.pc + effect.opcode * 0x1_0000 + effect.sp * 0x100_0000];
  if (effect.kind !== EFFECT_KINDS.TOP) words.push(effect.kind * 0x100_0000 + effect.address);
  const value = effect.text === undefined ? effect.value : textHash(effect.text);
  words.push(value);
  return { hash: words.reduce(fold, before), value };
}

interface FakeEpoch {
  readonly first: number;
  readonly effects: readonly Effect[];
  readonly before: number;
  readonly after: number;
}

/** The board's side of a digest run: epochs, their acknowledgement and the ring. */
export class FakeDigest {
  readonly #settings: FakeDigestSettings;
  readonly #size: number;
  readonly #epochs: FakeEpoch[] = [];
  readonly #slots: Int32Array;
  #acknowledged = 0;
  #sent = 0;
  #made = 0;

  constructor(effects: readonly Effect[], size: number, settings: FakeDigestSettings) {
    this.#settings = settings;
    this.#size = size;
    this.#slots = new Int32Array(4 * size);
    let before = FIRST;
    for (let first = 0, number = 0; first < effects.length; number += 1) {
      const count = settings.epochs?.[number] ?? size;
      const part = effects.slice(first, first + count);
      const after = part.reduce((hash, effect) => digestOf(hash, effect).hash, before);
      this.#epochs.push({ first, effects: part, before, after });
      before = after;
      first += count;
    }
  }

  /** Epochs below this one are sent. */
  get sent(): number {
    return this.#sent;
  }

  get done(): boolean {
    return this.#made === this.#epochs.length;
  }

  /** Steps executed by now. */
  get steps(): number {
    const last = this.#epochs[this.#made - 1];
    return last === undefined ? 0 : last.first + last.effects.length;
  }

  /** No further epoch is begun. */
  stop(): void {
    this.#epochs.length = Math.max(this.#made, 0);
  }

  /** False when something is acknowledged that was never sent. */
  poll(next: number): boolean {
    if (next > this.#made) return false;
    if (next > this.#acknowledged) this.#acknowledged = next;
    else if (next < this.#sent) this.#sent = next;
    return true;
  }

  /** Takes an acknowledgement for VM 0. */
  acknowledge(byte: number): void {
    const ahead = (byte - 0x80 - this.#acknowledged) & 0x1f;
    if (ahead >= 1 && ahead <= 2 && this.#acknowledged + ahead <= this.#sent)
      this.#acknowledged += ahead;
  }

  /** Fields of the events that can be sent now. */
  *events(us: string): Generator<string[]> {
    const { window = 2 } = this.#settings;
    const end = Math.min(this.#acknowledged + window, this.#epochs.length);
    for (; this.#sent < end; this.#sent += 1) {
      if (this.#sent === this.#made) this.#execute();
      yield* this.#epochEvents(this.#sent, us);
    }
  }

  #execute(): void {
    const number = this.#made;
    const epoch = this.#epochs[number];
    let hash = epoch?.before ?? 0;
    for (const [index, effect] of (epoch?.effects ?? []).entries()) {
      const digest = digestOf(hash, effect);
      hash = digest.hash;
      this.#slots.set([hash, digest.value], 2 * ((number % 2) * this.#size + index));
    }
    this.#made += 1;
  }

  *#epochEvents(number: number, us: string): Generator<string[]> {
    const epoch = this.#epochs[number];
    if (epoch === undefined) return;
    const logged = this.#inputs(epoch);
    const inputs = this.#settings.log?.(logged, number) ?? logged;
    for (let first = 0; first < inputs.length; first += CHUNK) {
      const part = inputs.slice(first, first + CHUNK);
      const fields = [number, first, part.length].map(String);
      yield ['INPUTS', '0', ...fields, us, encodeBytes(encodeInputs(part))];
    }
    const endStep = epoch.first + epoch.effects.length;
    const state = (this.#settings.state?.(endStep) ?? 0) >>> 0;
    const checkpoint = { epoch: number, endStep, stream: epoch.after >>> 0, state };
    const full = epoch.effects.length === this.#size && inputs.length === 0;
    if (full && this.#settings.long !== true) {
      const short = { ...checkpoint, epoch: number & 0xff };
      yield ['F', '0', encodeBytes(encodeFullCheckpoint(short))];
      return;
    }
    yield ['CHECK', '0', encodeBytes(encodeCheckpoint({ ...checkpoint, inputs: inputs.length }))];
  }

  #inputs({ effects }: FakeEpoch): InputRecord[] {
    return effects.flatMap(({ kind, address, value }, offset) => {
      const time = address === PORTS.MILLIS || address === PORTS.MICROS;
      const logged = kind === EFFECT_KINDS.INPUT && (!time || this.#settings.realClock === true);
      return logged ? [{ offset, port: address, value }] : [];
    });
  }

  /** The region of that name: header and slots. */
  ring(): Uint8Array {
    const open = this.#epochs[this.#made - 1];
    const before = this.#epochs[this.#made - 2];
    const header = encodeRingHeader({
      vm: 0,
      size: this.#size,
      epoch: Math.max(this.#made - 1, 0),
      firstStep: open?.first ?? 0,
      steps: open?.effects.length ?? 0,
      hash: open?.before ?? FIRST,
      before: {
        firstStep: before?.first ?? 0,
        steps: before?.effects.length ?? 0,
        hash: before?.before ?? 0,
      },
      imageCrc: this.#settings.imageCrc?.() ?? 0,
    });
    const slots = new Uint8Array(4 * this.#slots.length);
    const view = new DataView(slots.buffer);
    for (const [index, word] of this.#slots.entries()) view.setInt32(4 * index, word, true);
    return Buffer.concat([header, slots]);
  }
}
