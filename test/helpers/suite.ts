import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSuite, type Suite } from '../../src/nightly/index.ts';
import { temporaryFolder } from './folder.ts';

/** Loads a suite from its text, as if it were the file `suite.yaml`. */
export async function suiteOf(
  yaml: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Suite> {
  const file = join(await temporaryFolder(), 'suite.yaml');
  await writeFile(file, yaml);
  return loadSuite(file, environment);
}
