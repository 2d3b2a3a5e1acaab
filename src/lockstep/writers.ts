import {
  EFFECT_KINDS,
  LIMITS,
  opcodeByCode,
  PUSH_FLAGS,
  STORE_ADDRESSES,
  type Effect,
  type Opcode,
} from '../isa/index.ts';
import type { Engine } from '../vm/index.ts';

/** The step that wrote a cell last. */
export interface Writer {
  readonly step: number;
  readonly pc: number;
}

/** Something that an instruction works on. */
export type OperandCell =
  /** A value on the operand stack, from the bottom; `role` is its name in the instruction's signature. */
  | { readonly kind: 'stack'; readonly slot: number; readonly role: string }
  | { readonly kind: 'local'; readonly slot: number; readonly offset: number }
  | { readonly kind: 'global'; readonly id: number }
  | { readonly kind: 'array'; readonly id: number; readonly index: number }
  /** The declared length of an array. */
  | { readonly kind: 'length'; readonly id: number }
  /** The pc that a call frame returns to. */
  | { readonly kind: 'frame'; readonly index: number };

/** An operand of one step: its value before that step and where it came from. */
export interface Operand {
  readonly cell: OperandCell;
  readonly value: number;
  /** Absent when no step has written it: it is 0 since load. */
  readonly writer: Writer | undefined;
  /** When the writer only loaded it from a global, a local or an array: the step that had stored it there. */
  readonly origin: Writer | undefined;
}

/** For each of a fixed number of cells the step that wrote it last. */
class Cells {
  readonly #steps: Float64Array;
  readonly #pcs: Uint16Array;

  constructor(size: number) {
    this.#steps = new Float64Array(size).fill(-1);
    this.#pcs = new Uint16Array(size);
  }

  /** @param writer undefined: nobody has */
  note(index: number, writer: Writer | undefined): void {
    this.#steps[index] = writer?.step ?? -1;
    this.#pcs[index] = writer?.pc ?? 0;
  }

  at(index: number): Writer | undefined {
    const step = this.#steps[index] ?? -1;
    return step < 0 ? undefined : { step, pc: this.#pcs[index] ?? 0 };
  }
}

/** RET with these flags returns a value. */
const RET_VALUE = 1;

/** Instructions that push what they read from a cell. */
const LOADS: ReadonlySet<string> = new Set(['LOAD_GLOBAL', 'LOAD_LOCAL', 'LOAD_ARRAY']);

/** Values that an instruction takes from the stack, by their names, rightmost on top. */
function takes(row: Opcode, flags: number): readonly string[] {
  if (row.name === 'PUSH' && flags === PUSH_FLAGS.WIDE) return ['a'];
  if (row.name === 'RET' && flags === RET_VALUE) return ['result'];
  if (row.flags.kind !== 'count') return row.before;
  return Array.from({ length: flags }, (_, index) => `argument ${index}`);
}

/** Values that an instruction leaves on the stack. */
function leaves(row: Opcode, flags: number): number {
  return row.name === 'RET' && flags === RET_VALUE ? 1 : row.after.length;
}

/** What must be known before a step to tell afterwards what it wrote. */
interface Moment {
  readonly pc: number;
  readonly row: Opcode | undefined;
  readonly flags: number;
  readonly depth: number;
  /** Who stored what a load is about to push. */
  readonly loads: Writer | undefined;
}

/** Follows a model and knows for each cell of its memory and stacks which step wrote it last. Its size doesn't depend on the run. */
export class LastWriters {
  readonly #stack = new Cells(LIMITS.STACK_DEPTH);
  /** Of each value on the stack that was loaded from a cell, who stored it there. */
  readonly #origins = new Cells(LIMITS.STACK_DEPTH);
  readonly #frames = new Cells(LIMITS.CALL_DEPTH);
  readonly #globals = new Cells(LIMITS.GLOBAL_COUNT);
  readonly #arrays = new Cells(LIMITS.ARRAY_COUNT * LIMITS.ARRAY_LENGTH);
  readonly #lengths = new Cells(LIMITS.ARRAY_COUNT);

  /** To be taken before a step, for {@link note}. */
  before(engine: Engine): Moment {
    const { pc, depth } = engine;
    const word = engine.code[pc] ?? 0;
    const row = opcodeByCode(word & 0xff);
    const [cell] =
      row !== undefined && LOADS.has(row.name) ? cellsRead(row, word >>> 16, engine) : [];
    const loads = cell === undefined ? undefined : this.#writer(cell);
    return { pc, row, flags: (word >>> 8) & 0xff, depth, loads };
  }

  /** Notes what a step wrote. @param engine after it */
  note(
    { pc, row, flags, depth, loads }: Moment,
    step: number,
    effect: Effect,
    engine: Engine,
  ): void {
    if (row === undefined) return;
    const writer = { step, pc };
    for (let slot = engine.sp - leaves(row, flags); slot < engine.sp; slot += 1) {
      this.#stack.note(slot, writer);
      this.#origins.note(slot, loads);
    }
    if (row.name === 'CALL') this.#frames.note(depth, writer);
    if (effect.kind === EFFECT_KINDS.STORE) this.#store(effect.address, writer);
  }

  #store(address: number, writer: Writer): void {
    const { ARRAY, CREATE, LOCAL, GLOBAL } = STORE_ADDRESSES;
    if (address >= ARRAY) this.#arrays.note(address - ARRAY, writer);
    else if (address >= CREATE) this.#lengths.note(address - CREATE, writer);
    else if (address >= LOCAL) {
      this.#stack.note(address - LOCAL, writer);
      this.#origins.note(address - LOCAL, undefined);
    } else this.#globals.note(address - GLOBAL, writer);
  }

  /** What the instruction at an engine's pc is about to work on. Operands that aren't there, so that it will fault, are left out. */
  operands(engine: Engine): Operand[] {
    const word = engine.code[engine.pc] ?? 0;
    const row = opcodeByCode(word & 0xff);
    if (row === undefined) return [];
    const names = takes(row, (word >>> 8) & 0xff);
    const lowest = engine.sp - names.length;
    const taken = names
      .map((role, index) => ({ kind: 'stack', slot: lowest + index, role }) as const)
      .filter(({ slot }) => slot >= engine.frameBase);
    return [...taken, ...cellsRead(row, word >>> 16, engine)].map((cell) => ({
      cell,
      value: valueOf(cell, engine),
      writer: this.#writer(cell),
      origin: cell.kind === 'stack' ? this.#origins.at(cell.slot) : undefined,
    }));
  }

  #writer(cell: OperandCell): Writer | undefined {
    switch (cell.kind) {
      case 'stack':
      case 'local':
        return this.#stack.at(cell.slot);
      case 'global':
        return this.#globals.at(cell.id);
      case 'array':
        // Creating an array zeroes it, and can't happen twice.
        return this.#arrays.at(elementOf(cell)) ?? this.#lengths.at(cell.id);
      case 'length':
        return this.#lengths.at(cell.id);
      case 'frame':
        return this.#frames.at(cell.index);
    }
  }
}

const elementOf = ({ id, index }: { readonly id: number; readonly index: number }): number =>
  id * LIMITS.ARRAY_LENGTH + index;

/** What an instruction reads besides the values it takes from the stack. */
function cellsRead(row: Opcode, immediate: number, engine: Engine): OperandCell[] {
  switch (row.name) {
    case 'LOAD_GLOBAL':
      return immediate < LIMITS.GLOBAL_COUNT ? [{ kind: 'global', id: immediate }] : [];
    case 'LOAD_LOCAL': {
      const slot = engine.frameBase + immediate;
      return slot < engine.sp ? [{ kind: 'local', slot, offset: immediate }] : [];
    }
    case 'LOAD_ARRAY':
    case 'STORE_ARRAY':
    case 'CREATE_ARRAY':
      return immediate < LIMITS.ARRAY_COUNT ? arrayCells(row.name, immediate, engine) : [];
    case 'RET':
      return engine.depth > 0 ? [{ kind: 'frame', index: engine.depth - 1 }] : [];
    default:
      return [];
  }
}

function arrayCells(name: string, id: number, engine: Engine): OperandCell[] {
  const length = { kind: 'length', id } as const;
  const index = engine.stack[engine.sp - 1] ?? -1;
  const there = index >= 0 && index < (engine.context.arrayLengths[id] ?? 0);
  return name === 'LOAD_ARRAY' && there ? [{ kind: 'array', id, index }, length] : [length];
}

function valueOf(cell: OperandCell, { stack, frames, context }: Engine): number {
  switch (cell.kind) {
    case 'stack':
    case 'local':
      return stack[cell.slot] ?? 0;
    case 'global':
      return context.globals[cell.id] ?? 0;
    case 'array':
      return context.arrays[elementOf(cell)] ?? 0;
    case 'length':
      return context.arrayLengths[cell.id] ?? 0;
    case 'frame':
      return frames[2 * cell.index] ?? 0;
  }
}
