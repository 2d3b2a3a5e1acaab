/** Instructions of one function while they are generated: jumps go to labels until the whole program is laid out. */
import { pushesOf } from '../isa/index.ts';
import type { Span } from './diagnostics.ts';
import { OPCODE, type OpcodeName } from './opcode-names.ts';
import { stackEffect } from './stack-effect.ts';

/** A place to jump to. It belongs to the instruction that follows where it was bound. */
export interface Label {
  /** Set once a reachable jump goes to it. */
  referenced: boolean;
  /** Height of the operand stack there, known once it was bound or jumped to. */
  height: number | undefined;
  /** Index of the instruction, known after layout. */
  pc: number | undefined;
}

export function newLabel(): Label {
  return { referenced: false, height: undefined, pc: undefined };
}

export interface InstructionItem {
  readonly kind: 'instruction';
  readonly opcode: number;
  readonly flags: number;
  readonly immediate: number | Label;
  readonly span: Span;
}

export type Item = InstructionItem | { readonly kind: 'label'; readonly label: Label };

const ENDS: readonly OpcodeName[] = ['JMP', 'RET', 'HALT'];

/** How many instructions push a constant. */
export const pushLength = (value: number): number => pushesOf(value).length;

/**
 * A list of instructions that drops what can never run: nothing is added behind a JMP, RET or HALT until a label is bound that
 * a jump from before goes to. Loops jump back only from inside, so a loop behind a RET is dropped as a whole.
 */
export class Assembly {
  readonly items: Item[] = [];
  /** Values above the frame base. Counted on in code that cannot run, so that it fits again where that ends. */
  height: number;
  #reachable = true;

  constructor(height: number) {
    this.height = height;
  }

  /** False behind an unconditional jump. */
  get reachable(): boolean {
    return this.#reachable;
  }

  emit(name: OpcodeName, span: Span, immediate: number | Label = 0, flags = 0): void {
    const opcode = OPCODE[name];
    const { pops, pushes } = stackEffect(opcode, flags);
    this.height += pushes - pops;
    if (name.startsWith('JMP') && typeof immediate !== 'number') this.#meet(immediate);
    if (!this.#reachable) return;
    if (typeof immediate !== 'number') immediate.referenced = true;
    this.items.push({ kind: 'instruction', opcode, flags, immediate, span });
    if (ENDS.includes(name)) this.#reachable = false;
  }

  /** Calls a function whose arguments are on the stack. */
  call(target: Label, span: Span, args: number, hasResult: boolean): void {
    this.emit('CALL', span, target, args);
    if (hasResult) this.height += 1;
  }

  /** Pushes an int32 in one instruction, or two when it needs more than 16 bits. */
  push(value: number, span: Span): void {
    for (const { immediate, flags } of pushesOf(value)) this.emit('PUSH', span, immediate, flags);
  }

  /** Copies the value `below` places under the top. */
  copy(below: number, span: Span): void {
    this.emit('LOAD_LOCAL', span, this.height - 1 - below);
  }

  bind(label: Label): void {
    if (!this.#reachable && label.height !== undefined) this.height = label.height;
    this.#meet(label);
    if (label.referenced) this.#reachable = true;
    this.items.push({ kind: 'label', label });
  }

  /**
   * Binds the first label of a loop that is entered by a jump to its condition, which stands at the end.
   * @param entered the jump was reachable
   */
  bindLoop(label: Label, entered: boolean): void {
    this.bind(label);
    this.#reachable = entered;
  }

  /** All ways to a place must have the stack at one height: else the program would be wrong. */
  #meet(label: Label): void {
    label.height ??= this.height;
    if (label.height !== this.height) {
      throw new Error(`stack heights ${label.height} and ${this.height} meet`);
    }
  }
}
