import { join } from 'node:path';

const repository = join(import.meta.dirname, '..', '..');

/** A file of the repository, as an absolute path. */
export function repositoryPath(...parts: string[]): string {
  return join(repository, ...parts);
}
