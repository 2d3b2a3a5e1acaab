import type { Instruction } from './instruction.ts';

/** Bytes of one instruction in a code section. */
export const INSTRUCTION_SIZE = 4;

function assertField(name: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new RangeError(`instruction ${name} ${value} is outside 0..${max}`);
  }
}

/**
 * One instruction as it stands in an image: opcode, flags, immediate low byte, immediate high byte.
 * @throws RangeError for a field that doesn't fit; nothing is cut off
 */
export function encodeInstruction(instruction: Instruction): Uint8Array {
  const { opcode, flags, immediate } = instruction;
  assertField('opcode', opcode, 0xff);
  assertField('flags', flags, 0xff);
  assertField('immediate', immediate, 0xffff);
  return Uint8Array.of(opcode, flags, immediate & 0xff, immediate >> 8);
}

/**
 * The instruction at a byte offset. Any four bytes are an instruction; whether the opcode exists is the engine's question.
 * @throws RangeError when fewer than four bytes are left
 */
export function decodeInstruction(bytes: Uint8Array, offset = 0): Instruction {
  const [opcode, flags, low, high] = bytes.subarray(offset, offset + INSTRUCTION_SIZE);
  if (opcode === undefined || flags === undefined || low === undefined || high === undefined) {
    throw new RangeError(`no whole instruction at offset ${offset} of ${bytes.length} bytes`);
  }
  return { opcode, flags, immediate: low | (high << 8) };
}

/** A whole code section. */
export function encodeCode(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(instructions.length * INSTRUCTION_SIZE);
  for (const [index, instruction] of instructions.entries()) {
    bytes.set(encodeInstruction(instruction), index * INSTRUCTION_SIZE);
  }
  return bytes;
}

/**
 * All instructions of a code section.
 * @throws RangeError when the length is not a multiple of four
 */
export function decodeCode(bytes: Uint8Array): Instruction[] {
  if (bytes.length % INSTRUCTION_SIZE !== 0) {
    throw new RangeError(`a code section of ${bytes.length} bytes is not whole instructions`);
  }
  return Array.from({ length: bytes.length / INSTRUCTION_SIZE }, (_, index) =>
    decodeInstruction(bytes, index * INSTRUCTION_SIZE),
  );
}
