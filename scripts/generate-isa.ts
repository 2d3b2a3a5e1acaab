/**
 * Writes what is derived from the instruction table: the C header and the table in docs/isa.md.
 * With --check writes nothing and exits 1 when a file differs.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { GENERATED_FILES } from '../src/isa/index.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const root = join(import.meta.dirname, '..');

for (const { path, render } of GENERATED_FILES) {
  const file = join(root, path);
  const present = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const wanted = render(present);
  if (present === wanted) continue;
  if (values.check) {
    console.error(`${path} differs from src/isa (fix: node scripts/generate-isa.ts)`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, wanted);
    console.log(`${path} written`);
  }
}
