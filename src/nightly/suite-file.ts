import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { CONFIG_FOLDER, configFile, expandAll, readYamlFile } from '../bench/index.ts';
import { suiteSchema, type SuiteFile } from './suite-schema.ts';

/** Paths in suite files are relative to the project's root, wherever the command was started. */
export const ROOT = resolve(CONFIG_FOLDER, '..');

/** A suite and where it came from. */
export interface Suite extends SuiteFile {
  /** The file's name without `.yaml`. */
  readonly name: string;
  readonly file: string;
  /** Of the file, 64 hexadecimal digits. */
  readonly sha256: string;
}

/**
 * Loads a suite by name (`smoke`) or by path.
 * @throws HilError (usage): no such suite, or `file:line:` and what is wrong there
 */
export async function loadSuite(
  nameOrPath: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Suite> {
  const file = await configFile('suite', nameOrPath, join(CONFIG_FOLDER, 'suites'));
  const suite = await readYamlFile(file, suiteSchema, (value) => expandAll(value, environment));
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  return { ...suite, name: basename(file, '.yaml'), file, sha256 };
}
