/**
 * Writes the table of what OpenOCD says into docs/first-board.md, from the one that the harness explains its failures by.
 * With --check writes nothing and exits 1 when the file differs.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { OPENOCD_FAILURES, type OpenOcdFailure } from '../src/probe/index.ts';

const TARGET = 'docs/first-board.md';
const FILE = join(import.meta.dirname, '..', TARGET);
const BEGIN =
  '<!-- Written by scripts/generate-openocd-failures.ts from src/probe/openocd-failures.ts. Do not edit up to the end of the table. -->';
const END = '<!-- end of the table -->';

function row({ words, cause, fix }: OpenOcdFailure): string {
  return `| ${words.map((text) => `\`${text}\``).join(', ')} | ${cause} | ${fix} |`;
}

const table = [
  '| words | cause | what to do |',
  '|---|---|---|',
  ...OPENOCD_FAILURES.map(row),
].join('\n');
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const before = readFileSync(FILE, 'utf8');
const [head, rest] = before.split(BEGIN);
const tail = rest?.split(END)[1];
if (head === undefined || tail === undefined) {
  throw new Error(`${TARGET} has no place for the table: ${BEGIN} and ${END}`);
}
const text = `${head}${BEGIN}\n\n${table}\n\n${END}${tail}`;
if (text !== before) {
  if (values.check) {
    console.error(
      `${TARGET} differs from its table (fix: node scripts/generate-openocd-failures.ts)`,
    );
    process.exitCode = 1;
  } else {
    writeFileSync(FILE, text);
    console.log(`${TARGET} written`);
  }
}
