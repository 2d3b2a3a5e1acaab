import { DIGEST } from './digest.ts';
import { ISA_HASH } from './hash.ts';
import {
  EFFECT_KINDS,
  LIMITS,
  PIN_MODES,
  PORTS,
  STORE_ADDRESSES,
  VM_ERRORS,
  VM_NAMES,
} from './limits.ts';
import { OPCODES } from './opcodes.ts';

const hex = (value: number, digits: number): string =>
  `0x${value.toString(16).toUpperCase().padStart(digits, '0')}`;

/** A C enum; `tag` may be empty for an anonymous one. */
function cEnum(
  comment: string,
  tag: string,
  prefix: string,
  constants: Iterable<readonly [string, number]>,
  format: (value: number) => string = String,
): string {
  const lines = [...constants].map(([name, value]) => `    ${prefix}${name} = ${format(value)},`);
  const open = tag === '' ? 'enum {' : `enum ${tag} {`;
  return [`/* ${comment} */`, open, ...lines, '};', ''].join('\n');
}

function flagConstants(): [string, number][] {
  return OPCODES.flatMap(({ name, flags }) =>
    flags.kind === 'choice'
      ? Object.entries(flags.names)
          .filter(([, flag]) => flag !== '')
          .map(([value, flag]): [string, number] => [`${name}_${flag}`, Number(value)])
      : [],
  );
}

/** Opcode numbers that no opcode has, eight to a line. */
function freeRows(): string[] {
  const taken = new Set(OPCODES.map(({ code }) => code));
  const free = Array.from({ length: 256 }, (_, code) => code).filter((code) => !taken.has(code));
  return Array.from({ length: Math.ceil(free.length / 8) }, (_, row) =>
    free
      .slice(8 * row, 8 * row + 8)
      .map((code) => `X(${hex(code, 2)})`)
      .join(' '),
  );
}

function opcodeMacro(): string {
  const rows = OPCODES.map(
    ({ code, name }) => `    X(${hex(code, 2)}, ${name}, ${name.toLowerCase()})`,
  );
  const free = freeRows().map((row) => `    ${row}`);
  return [
    '/* Every opcode as X(code, NAME, name), in ascending order of the code. */',
    `#define CVM_OPCODES(X) \\\n${rows.join(' \\\n')}`,
    '',
    '/* Every number that no opcode has as X(code). */',
    `#define CVM_FREE_OPCODES(X) \\\n${free.join(' \\\n')}`,
    '',
    `enum { CVM_OPCODE_COUNT = ${OPCODES.length} };`,
    '',
  ].join('\n');
}

function errorMacro(): string {
  const rows = Object.entries(VM_ERRORS).map(([name, code]) => `    X(${code}, ${name})`);
  return [
    '/* Every error as X(code, NAME). */',
    `#define CVM_ERRORS(X) \\\n${rows.join(' \\\n')}`,
    '',
  ].join('\n');
}

/** Text of the generated C header `firmware/vm/generated/vm_isa.h`. */
export function cHeader(): string {
  return [
    '/*',
    ' * The instruction set and the constants shared with the host.',
    ' * Generated from src/isa by scripts/generate-isa.ts; do not edit.',
    ' */',
    '/* clang-format off */',
    '#ifndef CVM_ISA_H',
    '#define CVM_ISA_H',
    '',
    '#include <stdint.h>',
    '',
    '/* CRC-32 of the instruction set; host, image and firmware must agree. */',
    `#define CVM_ISA_HASH UINT32_C(${hex(ISA_HASH, 8)})`,
    '',
    opcodeMacro(),
    cEnum(
      'Opcode numbers.',
      'cvm_opcode',
      'CVM_OP_',
      OPCODES.map(({ name, code }) => [name, code] as const),
      (value) => hex(value, 2),
    ),
    cEnum('Named flags values: CVM_FLAG_<opcode>_<flag>.', '', 'CVM_FLAG_', flagConstants()),
    errorMacro(),
    cEnum('Error codes of a faulting engine.', 'cvm_error', 'CVM_ERR_', Object.entries(VM_ERRORS)),
    cEnum('Limits; see src/isa/limits.ts for units.', '', 'CVM_', Object.entries(LIMITS)),
    cEnum(
      'VM ids: slots of the static pool.',
      'cvm_vm',
      'CVM_VM_',
      VM_NAMES.map((name, id) => [name, id] as const),
    ),
    cEnum('Pin modes of PIN_MODE.', 'cvm_pin_mode', 'CVM_PIN_', Object.entries(PIN_MODES)),
    cEnum('Kinds of effect records.', 'cvm_effect', 'CVM_EFFECT_', Object.entries(EFFECT_KINDS)),
    cEnum(
      'Address bases of STORE effects.',
      '',
      'CVM_STORE_',
      Object.entries(STORE_ADDRESSES),
      (value) => hex(value, 4),
    ),
    cEnum(
      'Address bases of INPUT, OUTPUT and PRINT effects.',
      '',
      'CVM_PORT_',
      Object.entries(PORTS),
      (value) => hex(value, 4),
    ),
    '/* The digest; see src/isa/digest.ts. */',
    ...Object.entries(DIGEST).map(
      ([name, value]) => `#define CVM_DIGEST_${name} UINT32_C(${hex(value, 8)})`,
    ),
    '',
    '#endif',
    '',
  ].join('\n');
}
