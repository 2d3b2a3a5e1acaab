import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nightlyRecordSchema, type NightlyRecord } from '../../src/results/index.ts';
import { cockpitHil, type CliResult } from './cli.ts';
import { temporaryFolder } from './folder.ts';

/** What a nightly left behind. */
export interface NightlyResult extends CliResult {
  readonly record: NightlyRecord;
  /** Its folder. */
  readonly out: string;
}

/** Runs `cockpit-hil nightly` on a suite given as text, in a folder of its own. */
export async function runSuite(
  yaml: string,
  args: readonly string[],
  settings: Parameters<typeof cockpitHil>[1] = {},
): Promise<NightlyResult> {
  const cwd = await temporaryFolder();
  const suite = join(cwd, 'night.yaml');
  await writeFile(suite, yaml);
  const out = join(cwd, 'out');
  const all = ['nightly', suite, '--seed', '1', '--out', out, ...args];
  const result = await cockpitHil(all, { cwd, ...settings });
  const text = await readFile(join(out, 'record.json'), 'utf8').catch(() => {
    throw new Error(`no record:\n${result.stdout}\n${result.stderr}`);
  });
  return { ...result, out, record: nightlyRecordSchema.parse(JSON.parse(text)) };
}

/** Outcomes of a nightly's cases, by id. */
export const outcomesOf = ({ cases }: NightlyRecord): Record<string, string> =>
  Object.fromEntries(cases.map(({ id, outcome }) => [id, outcome]));
