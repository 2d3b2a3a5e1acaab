import { crc32 } from 'node:zlib';
import {
  EFFECT_KINDS,
  LIMITS,
  PIN_MODES,
  PORTS,
  STORE_ADDRESSES,
  VM_ERRORS,
  VM_NAMES,
} from './limits.ts';
import { OPCODES, type FlagRule, type Opcode } from './opcodes.ts';

function flagText(rule: FlagRule): string {
  switch (rule.kind) {
    case 'none':
      return 'none';
    case 'choice':
      return Object.entries(rule.names)
        .map(([value, name]) => `${value}=${name}`)
        .join('|');
    case 'count':
      return `0..${rule.max}`;
  }
}

function opcodeText(opcode: Opcode): string {
  return [
    opcode.code,
    opcode.name,
    opcode.before.length,
    opcode.after.length,
    opcode.immediate,
    flagText(opcode.flags),
    opcode.faults.join(','),
  ].join(' ');
}

function constantsText(name: string, constants: Readonly<Record<string, number>>): string {
  return Object.entries(constants)
    .map(([key, value]) => `${name}.${key} ${value}`)
    .join('\n');
}

/**
 * Everything two engines must share to understand each other, as text. Summaries, group and value names are left out:
 * better wording must not make a program and a board incompatible.
 */
export function canonicalIsaText(): string {
  return [
    ...OPCODES.map(opcodeText),
    constantsText('limit', LIMITS),
    constantsText('error', VM_ERRORS),
    constantsText('pinmode', PIN_MODES),
    constantsText('effect', EFFECT_KINDS),
    constantsText('store', STORE_ADDRESSES),
    constantsText('port', PORTS),
    constantsText('vm', Object.fromEntries(VM_NAMES.map((name, id) => [name, id]))),
    '',
  ].join('\n');
}

/** CRC-32 of the canonical text, u32. Host, image and firmware must carry the same one. */
export const ISA_HASH: number = crc32(canonicalIsaText());
