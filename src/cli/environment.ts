import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { gitState, sourceHashes, toolVersions } from '../environment/index.ts';
import type { Environment } from '../results/index.ts';

const packageSchema = z.object({ version: z.string() });

/** The harness's own repository. */
export const ROOT = resolve(import.meta.dirname, '..', '..');

/** What a record should say of its surroundings, so that a run can be understood and compared later. */
export async function environment(): Promise<Environment> {
  const [text, git, sources, tools] = await Promise.all([
    readFile(join(ROOT, 'package.json'), 'utf8'),
    gitState(ROOT),
    sourceHashes(ROOT),
    toolVersions(join(ROOT, '.cockpit-hil', 'tool-versions.json')),
  ]);
  const { version } = packageSchema.parse(JSON.parse(text));
  return {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    harness: version,
    ...(git === undefined ? {} : { git }),
    ...(sources === undefined ? {} : { sources }),
    tools,
  };
}
