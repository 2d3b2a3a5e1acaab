import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { RunRecord } from '../results/index.ts';

const packageSchema = z.object({ version: z.string() });

/** Versions that a record should name, so that a run can be understood later. */
export async function environment(): Promise<RunRecord['environment']> {
  const file = join(import.meta.dirname, '..', '..', 'package.json');
  const { version } = packageSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  return {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    harness: version,
  };
}
