import { isUtf8 } from 'node:buffer';
import type { Instruction } from './instruction.ts';
import { opcodeByCode } from './lookup.ts';
import type { Opcode } from './opcodes.ts';

/** Names that make a listing readable; whatever is missing is shown as a number alone. */
export interface DisassemblyContext {
  /** Name of a jump or call target, e.g. the function that begins there. */
  readonly target?: (pc: number) => string | undefined;
  readonly global?: (id: number) => string | undefined;
  readonly array?: (id: number) => string | undefined;
  /** Name of the local in a slot of the function that the instruction belongs to. */
  readonly local?: (offset: number) => string | undefined;
  readonly string?: (id: number) => Uint8Array | undefined;
}

/** Bytes of a string shown before it is cut off with `...`. */
const STRING_PREVIEW = 40;

/** Undecodable or malformed: the instruction as one hex word, opcode first. */
function word({ opcode, flags, immediate }: Instruction): string {
  const hex = (value: number, digits: number): string =>
    value.toString(16).toUpperCase().padStart(digits, '0');
  return `.word 0x${hex(opcode, 2)}${hex(flags, 2)}${hex(immediate, 4)}`;
}

function quoted(bytes: Uint8Array): string {
  let end = Math.min(bytes.length, STRING_PREVIEW);
  // Not within a UTF-8 character: 10xxxxxx is one of its later bytes.
  if (isUtf8(bytes)) while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  const shown = Buffer.from(bytes.subarray(0, end));
  const text = JSON.stringify(shown.toString(isUtf8(shown) ? 'utf8' : 'latin1'));
  return bytes.length > shown.length ? `${text}...` : text;
}

function comment(row: Opcode, immediate: number, context: DisassemblyContext): string | undefined {
  switch (row.immediate) {
    case 'target':
      return context.target?.(immediate);
    case 'global':
      return context.global?.(immediate);
    case 'local':
      return context.local?.(immediate);
    case 'array':
      return context.array?.(immediate);
    case 'string': {
      const bytes = context.string?.(immediate);
      return bytes === undefined ? undefined : quoted(bytes);
    }
    case 'none':
    case 'value':
      return undefined;
  }
}

/** The text of the flags: a suffix for a named choice, an operand for a count; undefined when the value is not allowed. */
function flagText(row: Opcode, flags: number): { suffix: string; operand: string } | undefined {
  switch (row.flags.kind) {
    case 'none':
      return flags === 0 ? { suffix: '', operand: '' } : undefined;
    case 'choice': {
      const name = row.flags.names[flags];
      if (name === undefined) return undefined;
      return { suffix: name === '' ? '' : `.${name}`, operand: '' };
    }
    case 'count':
      return flags <= row.flags.max ? { suffix: '', operand: `${flags}` } : undefined;
  }
}

function immediateText(row: Opcode, instruction: Instruction): string {
  if (row.immediate === 'none') return '';
  const signed = row.name === 'PUSH' && instruction.flags === 1;
  return `${signed ? (instruction.immediate << 16) >> 16 : instruction.immediate}`;
}

/**
 * One instruction as text: `PUSH.SIGNED -5`, `CALL 17, 2`, `PRINTF 3, 1  ; "x = %d"`. An instruction that every engine refuses
 * with fault 5 (unknown opcode or flags) is shown as `.word 0xOOFFIIII`: opcode, flags, immediate.
 * A nonzero immediate that the opcode ignores is not shown.
 */
export function disassemble(instruction: Instruction, context: DisassemblyContext = {}): string {
  const row = opcodeByCode(instruction.opcode);
  const flags = row === undefined ? undefined : flagText(row, instruction.flags);
  if (row === undefined || flags === undefined) return word(instruction);
  const operands = [immediateText(row, instruction), flags.operand].filter((text) => text !== '');
  const text = [`${row.name}${flags.suffix}`, operands.join(', ')]
    .filter((part) => part !== '')
    .join(' ');
  const note = comment(row, instruction.immediate, context);
  return note === undefined ? text : `${text}  ; ${note}`;
}
