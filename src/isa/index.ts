/** The instruction set: one table, its encoding, its text, and what is generated from it. */
export { GENERATED_FILES, type GeneratedFile } from './generated.ts';
export { decodeCode, decodeInstruction, encodeCode, encodeInstruction } from './codec.ts';
export { DIGEST, fold, foldedWord, textHash, unfold } from './digest.ts';
export { disassemble, type DisassemblyContext } from './disassemble.ts';
export type { Effect } from './effect.ts';
export { ISA_HASH } from './hash.ts';
export type { Instruction } from './instruction.ts';
export {
  EFFECT_KINDS,
  LIMITS,
  PIN_MODES,
  PORTS,
  STORE_ADDRESSES,
  VM_ERRORS,
  VM_NAMES,
  type EffectKind,
  type VmError,
  type VmErrorName,
} from './limits.ts';
export { errorName, opcodeByCode, opcodeByName } from './lookup.ts';
export {
  OPCODES,
  type FlagRule,
  type ImmediateKind,
  type Opcode,
  type OpcodeGroup,
  type OpcodeName,
} from './opcodes.ts';
export { PUSH_FLAGS, pushesOf } from './push.ts';
