import { Assembly, type Label } from './assembly.ts';
import type { FunctionSymbol } from './typed.ts';

/** Texts of the program, each stored once. */
export class StringTable {
  readonly texts: Uint8Array[] = [];
  readonly #ids = new Map<string, number>();

  /** The id of a text. */
  id(bytes: Uint8Array): number {
    const key = Buffer.from(bytes).toString('latin1');
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.texts.push(bytes) - 1;
    this.#ids.set(key, id);
    return id;
  }
}

/** Where `break` and `continue` go. */
export interface JumpTargets {
  readonly breakTo: Label | undefined;
  readonly continueTo: Label | undefined;
}

/** The function whose code is generated. */
export class FunctionCode {
  readonly code = new Assembly();
  readonly strings: StringTable;
  readonly labelOf: (symbol: FunctionSymbol) => Label;
  /** Parameters, locals and the most temporaries in use at a time. */
  slots: number;
  #nextTemporary: number;

  constructor(
    strings: StringTable,
    labelOf: (symbol: FunctionSymbol) => Label,
    namedSlots: number,
  ) {
    this.strings = strings;
    this.labelOf = labelOf;
    this.slots = namedSlots;
    this.#nextTemporary = namedSlots;
  }

  /** A slot of the frame that is free for the time of `use`. */
  withTemporary(use: (slot: number) => void): void {
    const slot = this.#nextTemporary;
    this.#nextTemporary += 1;
    this.slots = Math.max(this.slots, this.#nextTemporary);
    use(slot);
    this.#nextTemporary = slot;
  }
}
