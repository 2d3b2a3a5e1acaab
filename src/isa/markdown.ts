import { ISA_HASH } from './hash.ts';
import { errorName } from './lookup.ts';
import { OPCODES, type Opcode } from './opcodes.ts';

const hex = (value: number, digits: number): string =>
  `0x${value.toString(16).toUpperCase().padStart(digits, '0')}`;

function stackText({ before, after }: Opcode): string {
  return [...before, '--', ...after].join(' ');
}

function flagText({ flags }: Opcode): string {
  switch (flags.kind) {
    case 'none':
      return '';
    case 'choice':
      return Object.entries(flags.names)
        .filter(([, name]) => name !== '')
        .map(([value, name]) => `${value} ${name}`)
        .join(', ');
    case 'count':
      return `n = 0..${flags.max}`;
  }
}

function rowText(opcode: Opcode): string {
  const cells = [
    hex(opcode.code, 2),
    opcode.name,
    `\`${stackText(opcode)}\``,
    opcode.immediate === 'none' ? '' : opcode.immediate,
    flagText(opcode),
    opcode.faults.join(', '),
    opcode.summary.replaceAll('|', '\\|'),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The instruction table for docs/isa.md, as Markdown. */
export function isaTable(): string {
  const known = [...new Set(OPCODES.flatMap(({ faults }) => faults))].sort((a, b) => a - b);
  return [
    `ISA hash: \`${hex(ISA_HASH, 8)}\`. ${OPCODES.length} opcodes.`,
    '',
    '| code | name | stack | immediate | flags | faults | what it does |',
    '|---|---|---|---|---|---|---|',
    ...OPCODES.map((opcode) => rowText(opcode)),
    '',
    `Faults: ${known.map((code) => `${code} ${errorName(code)}`).join(', ')}.`,
    '',
  ].join('\n');
}
