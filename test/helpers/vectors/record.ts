import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { repositoryPath } from '../paths.ts';
import type { ExecutorName } from './executors.ts';

const schema = z.object({
  /** Of the vectors that were run. */
  digest: z.string(),
  /** By case: why it was not run, or null when it was. */
  cases: z.record(z.string(), z.string().nullable()),
});

/** Which cases an executor ran. */
export type VectorRecord = z.output<typeof schema>;

const fileOf = (executor: ExecutorName): string =>
  repositoryPath('build', 'test-results', `vectors-${executor}.json`);

/** Leaves what an executor ran for the check of the whole table. */
export function writeRecord(executor: ExecutorName, record: VectorRecord): void {
  const file = fileOf(executor);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(record, null, 1)}\n`);
}

/** What an executor ran of the vectors with this digest; undefined when it didn't run them. */
export function readRecord(executor: ExecutorName, digest: string): VectorRecord | undefined {
  let text: string;
  try {
    text = readFileSync(fileOf(executor), 'utf8');
  } catch {
    return undefined;
  }
  const record = schema.parse(JSON.parse(text));
  return record.digest === digest ? record : undefined;
}
