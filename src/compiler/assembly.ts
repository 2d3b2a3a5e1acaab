/** Instructions of one function while they are generated: jumps go to labels until the whole program is laid out. */
import type { Span } from './diagnostics.ts';
import { OPCODE, PUSH_SIGNED, PUSH_WIDE, type OpcodeName } from './opcode-names.ts';

/** A place to jump to. It belongs to the instruction that follows where it was bound. */
export interface Label {
  /** Set once a reachable jump goes to it. */
  referenced: boolean;
  /** Index of the instruction, known after layout. */
  pc: number | undefined;
}

export function newLabel(): Label {
  return { referenced: false, pc: undefined };
}

export type Item =
  | {
      readonly kind: 'instruction';
      readonly opcode: number;
      readonly flags: number;
      readonly immediate: number | Label;
      readonly span: Span;
    }
  | { readonly kind: 'label'; readonly label: Label };

const ENDS: readonly OpcodeName[] = ['JMP', 'RET', 'HALT'];

/**
 * A list of instructions that drops what can never run: nothing is added behind a JMP, RET or HALT until a label is bound that
 * a jump from before goes to. Loops jump back only from inside, so a loop behind a RET is dropped as a whole.
 */
export class Assembly {
  readonly items: Item[] = [];
  #reachable = true;

  /** False behind an unconditional jump. */
  get reachable(): boolean {
    return this.#reachable;
  }

  emit(name: OpcodeName, span: Span, immediate: number | Label = 0, flags = 0): void {
    if (!this.#reachable) return;
    if (typeof immediate !== 'number') immediate.referenced = true;
    this.items.push({ kind: 'instruction', opcode: OPCODE[name], flags, immediate, span });
    if (ENDS.includes(name)) this.#reachable = false;
  }

  /** Pushes an int32 in one instruction, or two when it needs more than 16 bits. */
  push(value: number, span: Span): void {
    if (value < 0 && value >= -0x8000) {
      this.emit('PUSH', span, value & 0xffff, PUSH_SIGNED);
      return;
    }
    this.emit('PUSH', span, value & 0xffff);
    if (value >>> 16 !== 0) this.emit('PUSH', span, value >>> 16, PUSH_WIDE);
  }

  bind(label: Label): void {
    if (label.referenced) this.#reachable = true;
    this.items.push({ kind: 'label', label });
  }
}
