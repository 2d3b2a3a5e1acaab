import type { Program } from '../image/index.ts';
import {
  LIMITS,
  opcodeByCode,
  opcodeByName,
  PUSH_FLAGS,
  pushesOf,
  type Instruction,
} from '../isa/index.ts';
import type { OpcodeName } from '../isa/index.ts';
import type { VmView } from '../lockstep/index.ts';

/** A program that builds a state and then executes one instruction in it. */
export interface OneStep {
  /** What of the state it builds, in words. */
  readonly what: string;
  readonly program: Program;
  /** Number of the step that executes the instruction. */
  readonly step: number;
}

/** Flags of RET. */
const VALUE = 1;

const word = (bytes: Uint8Array, index: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getInt32(4 * index, true);

/** Instructions that make a state, executed one after the other. */
class Prologue {
  readonly instructions: Instruction[] = [];
  /** Steps that they take. */
  steps = 0;

  emit(name: OpcodeName, immediate = 0, flags = 0): void {
    this.instructions.push({ opcode: opcodeByName(name)?.code ?? 0, flags, immediate });
    this.steps += 1;
  }

  push(value: number): void {
    for (const { immediate, flags } of pushesOf(value)) this.emit('PUSH', immediate, flags);
  }

  /** Enters a function without arguments whose return leads to a HALT. */
  call(): void {
    this.emit('CALL', this.instructions.length + 2);
    this.emit('HALT');
    this.steps -= 1;
  }

  global({ memory }: VmView, id: number): void {
    const value = id < LIMITS.GLOBAL_COUNT ? word(memory.globals, id) : 0;
    if (value === 0) return;
    this.push(value);
    this.emit('STORE_GLOBAL', id);
  }

  /** @param indices its cells that matter */
  array({ memory }: VmView, id: number, indices: readonly number[]): void {
    const length = memory.lengths[id] ?? 0;
    if (length === 0) return;
    this.push(length);
    this.emit('CREATE_ARRAY', id);
    for (const index of indices.filter((it) => it >= 0 && it < length)) {
      const value = word(memory.arrays, id * LIMITS.ARRAY_LENGTH + index);
      if (value === 0) continue;
      this.push(index);
      this.push(value);
      this.emit('STORE_ARRAY', id);
    }
  }

  /** The stack from a slot on. */
  stack({ memory, sp }: VmView, from: number): void {
    for (let slot = from; slot < sp; slot += 1) this.push(word(memory.stack, slot));
  }

  /** The whole stack with the frames of its calls. */
  stackAndFrames({ memory, sp, depth }: VmView): void {
    let frame = 0;
    const enter = (slot: number): void => {
      for (; frame < depth && word(memory.frames, 2 * frame + 1) === slot; frame += 1) this.call();
    };
    for (let slot = 0; slot < sp; slot += 1) {
      enter(slot);
      this.push(word(memory.stack, slot));
    }
    enter(sp);
  }

  /** The program that goes on with an instruction: behind it a HALT, and another one where it may jump to. */
  then(what: string, instruction: Instruction, original: Program): OneStep {
    const at = this.instructions.length;
    const jumps = opcodeByCode(instruction.opcode)?.immediate === 'target';
    const good = instruction.immediate < original.instructions.length;
    const last = jumps && good ? { ...instruction, immediate: at + 2 } : instruction;
    const halt: Instruction = { opcode: opcodeByName('HALT')?.code ?? 0, flags: 0, immediate: 0 };
    const instructions = [...this.instructions, last, halt, ...(jumps ? [halt] : [])];
    const { strings } = original;
    const program = { instructions, strings, entry: 0, loop: undefined, debug: undefined };
    return { what, program, step: this.steps };
  }
}

/** Values of the stack that an instruction takes. */
function taken({ opcode, flags }: Instruction): number {
  const row = opcodeByCode(opcode);
  if (row === undefined) return 0;
  if (row.flags.kind === 'count') return flags;
  if (row.name === 'PUSH') return flags === PUSH_FLAGS.WIDE ? 1 : 0;
  if (row.name === 'RET') return flags === VALUE ? 1 : 0;
  return row.before.length;
}

/** The state as far as the instruction touches it. */
function touchedState(view: VmView, instruction: Instruction): Prologue {
  const prologue = new Prologue();
  const row = opcodeByCode(instruction.opcode);
  const { immediate } = instruction;
  const first = Math.max(view.frameBase, view.sp - taken(instruction));
  if (row?.immediate === 'global') prologue.global(view, immediate);
  if (row?.immediate === 'array') {
    const index = first < view.sp ? word(view.memory.stack, first) : 0;
    prologue.array(view, immediate, row.name === 'CREATE_ARRAY' ? [] : [index]);
  }
  if (row?.name === 'RET' && view.depth > 0) prologue.call();
  prologue.stack(view, row?.immediate === 'local' ? view.frameBase : first);
  return prologue;
}

/** All cells, all values, all frames. */
function wholeState(view: VmView): Prologue {
  const prologue = new Prologue();
  for (let id = 0; id < LIMITS.GLOBAL_COUNT; id += 1) prologue.global(view, id);
  const indices = Array.from({ length: LIMITS.ARRAY_LENGTH }, (_, index) => index);
  for (let id = 0; id < LIMITS.ARRAY_COUNT; id += 1) prologue.array(view, id, indices);
  prologue.stackAndFrames(view);
  return prologue;
}

/**
 * Programs that load the state before a step and execute its instruction: first with the cells that it touches alone, then with all.
 * What they don't rebuild: the pins' modes, the clock, and the numbers of the instructions.
 * @returns nothing when no instruction of the program is next
 */
export function oneStepPrograms(original: Program, view: VmView): OneStep[] {
  const instruction = original.instructions[view.pc];
  if (instruction === undefined) return [];
  return [
    touchedState(view, instruction).then('the cells that it touches', instruction, original),
    wholeState(view).then('the whole state', instruction, original),
  ];
}
