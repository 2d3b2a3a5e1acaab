import { HilError } from '../../errors/index.ts';
import { OPCODES, pushesOf, type Instruction, type OpcodeName } from '../../isa/index.ts';

const CODES = new Map<OpcodeName, number>(OPCODES.map(({ name, code }) => [name, code]));

/** The number of an opcode that exists. */
export function codeOf(name: OpcodeName): number {
  const code = CODES.get(name);
  if (code === undefined) throw new HilError('harness', `there is no opcode ${name}`);
  return code;
}

/** A place in the code that is not known yet. */
export interface Label {
  pc: number | undefined;
}

/** Collects instructions, strings and jumps to places that come later. */
export class Assembler {
  readonly instructions: Instruction[] = [];
  readonly strings: Uint8Array[] = [];
  readonly #jumps: { at: number; label: Label }[] = [];

  get pc(): number {
    return this.instructions.length;
  }

  emit(name: OpcodeName, immediate = 0, flags = 0): void {
    this.instructions.push({ opcode: codeOf(name), flags, immediate });
  }

  /** Pushes an int32 in as few instructions as it takes. */
  constant(value: number): void {
    for (const { immediate, flags } of pushesOf(value)) this.emit('PUSH', immediate, flags);
  }

  label(): Label {
    return { pc: undefined };
  }

  place(label: Label): void {
    label.pc = this.pc;
  }

  jump(name: OpcodeName, label: Label, flags = 0): void {
    this.#jumps.push({ at: this.pc, label });
    this.emit(name, 0, flags);
  }

  /** The id of a string; the same bytes get the same one. */
  string(bytes: Uint8Array): number {
    const known = this.strings.findIndex((other) => Buffer.compare(other, bytes) === 0);
    if (known >= 0) return known;
    this.strings.push(bytes);
    return this.strings.length - 1;
  }

  /** Fills in the targets. */
  finish(): Instruction[] {
    for (const { at, label } of this.#jumps) {
      const instruction = this.instructions[at];
      if (instruction === undefined || label.pc === undefined) {
        throw new HilError('harness', 'a generated jump has no target');
      }
      this.instructions[at] = { ...instruction, immediate: label.pc };
    }
    return this.instructions;
  }
}
