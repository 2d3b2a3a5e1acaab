/**
 * Writes JSON Schemas of the files of hil-config, for editors: the zod schemas that the harness itself checks them by.
 * With --check writes nothing and exits 1 when one differs.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { z } from 'zod';
import { benchSchema, boardSchema, CONFIG_FOLDER } from '../src/bench/index.ts';
import { suiteSchema } from '../src/nightly/index.ts';

const FOLDER = join(CONFIG_FOLDER, 'schema');
const SCHEMAS = { bench: benchSchema, board: boardSchema, suite: suiteSchema } as const;

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
mkdirSync(FOLDER, { recursive: true });
for (const [name, schema] of Object.entries(SCHEMAS)) {
  const file = join(FOLDER, `${name}.schema.json`);
  const shown = `hil-config/schema/${name}.schema.json`;
  // What a file may say, before defaults are filled in and texts become numbers.
  const json = { title: `cockpit-hil ${name} file`, ...z.toJSONSchema(schema, { io: 'input' }) };
  const wanted = await format(JSON.stringify(json), { parser: 'json', printWidth: 100 });
  if (!values.check) {
    writeFileSync(file, wanted);
    console.log(`${shown} written`);
  } else if (!existsSync(file) || readFileSync(file, 'utf8') !== wanted) {
    console.error(
      `${shown} differs from its source (fix: node scripts/generate-config-schemas.ts)`,
    );
    process.exitCode = 1;
  }
}
