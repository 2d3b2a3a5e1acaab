import { Assembly, newLabel, type Item, type Label } from './assembly.ts';
import type { Span } from './diagnostics.ts';
import { keyOf } from './optimise-invariants.ts';
import type { FunctionSymbol, TypedExpression, VariableSymbol } from './typed.ts';

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

/** What all functions of a program share while their code is generated. */
export interface ProgramContext {
  readonly strings: StringTable;
  readonly labelOf: (symbol: FunctionSymbol) => Label;
  /** Loops may keep values that do not change in slots of their own, which makes the stack deeper. */
  readonly mayHoist: boolean;
}

/** Where a jump out of a statement goes, and how high the stack is there. */
export interface JumpTarget {
  readonly label: Label;
  readonly height: number;
}

/** The instructions in which a slot of the frame has a name. */
export interface NamedRange {
  readonly name: string;
  readonly slot: number;
  readonly start: Label;
  readonly end: Label;
}

/**
 * The function whose code is generated. A local variable is a value on the operand stack: it comes to be where its
 * declaration leaves its first value, and is dropped where its block ends. Its slot is the height at which it lies.
 */
export class FunctionCode {
  readonly code: Assembly;
  readonly program: ProgramContext;
  readonly names: NamedRange[] = [];
  readonly #slots = new Map<VariableSymbol, number>();
  /** What lies at each height, if it is a variable that may be used. */
  readonly #owners: ({ symbol: VariableSymbol; range: NamedRange } | undefined)[] = [];
  readonly #reserved = new Set<VariableSymbol>();
  readonly #hoisted = new Map<string, number>();
  #moved: TypedExpression | undefined;

  constructor(program: ProgramContext, parameters: readonly VariableSymbol[]) {
    this.program = program;
    this.code = new Assembly(parameters.length);
    parameters.forEach((symbol, slot) => {
      this.own(symbol, slot);
    });
  }

  /** Names a slot from here on. */
  own(symbol: VariableSymbol, slot: number): void {
    const range = { name: symbol.name, slot, start: newLabel(), end: newLabel() };
    this.code.bind(range.start);
    this.names.push(range);
    this.#slots.set(symbol, slot);
    this.#owners[slot] = { symbol, range };
  }

  /** Makes the value on top of the stack a variable. */
  ownTop(symbol: VariableSymbol): void {
    this.own(symbol, this.code.height - 1);
  }

  /** Puts variables on the stack before they are declared, for a block that can be entered behind their declarations. */
  reserve(symbols: readonly VariableSymbol[]): void {
    for (const symbol of symbols) {
      this.code.push(0, symbol.span);
      this.#slots.set(symbol, this.code.height - 1);
      this.#reserved.add(symbol);
    }
  }

  /**
   * Declares a variable, as the value on top of the stack or in the slot that was reserved for it.
   * @param pushValue leaves the first value on the stack
   */
  declare(symbol: VariableSymbol, pushValue: () => void): void {
    const { code } = this;
    if (!this.#reserved.has(symbol)) {
      pushValue();
      this.ownTop(symbol);
      return;
    }
    const slot = this.slotOf(symbol);
    this.own(symbol, slot);
    pushValue();
    code.emit('STORE_LOCAL', symbol.span, slot);
  }

  /** The offset of a local variable from the frame base. */
  slotOf(symbol: VariableSymbol): number {
    const slot = this.#slots.get(symbol);
    if (slot === undefined) throw new Error(`'${symbol.name}' has no slot`);
    return slot;
  }

  /** True when a variable can be used here without being declared first. */
  owns(symbol: VariableSymbol): boolean {
    const slot = this.#slots.get(symbol);
    return slot !== undefined && this.#owners[slot]?.symbol === symbol;
  }

  /** The variable on top of the stack; undefined when something else is. */
  get top(): VariableSymbol | undefined {
    return this.#owners[this.code.height - 1]?.symbol;
  }

  /** Ends the name of the slot: what lies there is a variable no more. */
  disown(slot: number): void {
    const owner = this.#owners[slot];
    if (owner !== undefined) this.code.bind(owner.range.end);
    this.#owners[slot] = undefined;
  }

  /** Drops what lies above a height, which may be nothing. */
  release(height: number, span: Span): void {
    while (this.code.height > height) {
      const slot = this.code.height - 1;
      this.code.emit('POP', span);
      this.disown(slot);
    }
  }

  /** Ends all names, at the end of the function. */
  finish(): readonly Item[] {
    for (const slot of this.#owners.keys()) this.disown(slot);
    return this.code.items;
  }

  /** Leaves a statement for a place where the stack is no higher. */
  jumpOut({ label, height }: JumpTarget, span: Span): void {
    const before = this.code.height;
    while (this.code.height > height) this.code.emit('POP', span);
    this.code.emit('JMP', span, label);
    this.code.height = before;
  }

  /** Generates code in which `load`, the first thing it evaluates, takes the variable on top away instead of copying it. */
  withMove(load: TypedExpression, generate: () => void): void {
    this.#moved = load;
    generate();
    if (this.#waits()) throw new Error('a value was not taken');
  }

  #waits(): boolean {
    return this.#moved !== undefined;
  }

  /** True once for the load that takes its variable away. */
  takes(expression: TypedExpression): boolean {
    if (expression !== this.#moved) return false;
    this.#moved = undefined;
    return true;
  }

  /** The slot that holds the value of an expression which does not change in a loop around it. */
  hoistedSlot(expression: TypedExpression): number | undefined {
    if (this.#hoisted.size === 0) return undefined;
    const key = keyOf(expression);
    return key === undefined ? undefined : this.#hoisted.get(key);
  }

  /** Generates a loop in which values on the stack stand for expressions. The values are dropped behind it. */
  withHoisted(slots: ReadonlyMap<string, number>, generate: () => void): void {
    for (const [key, slot] of slots) this.#hoisted.set(key, slot);
    generate();
    for (const key of slots.keys()) this.#hoisted.delete(key);
  }

  get hoistedCount(): number {
    return this.#hoisted.size;
  }
}
