import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../results/index.ts';

/** The folders that each part is made from, relative to the repository. */
const PARTS = {
  model: ['src/isa', 'src/image', 'src/vm'],
  compiler: ['src/isa', 'src/image', 'src/compiler'],
  firmware: ['firmware'],
} as const;

/** Paths of all files below a folder, relative to `root`. */
async function filesIn(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const prefix = root.endsWith('/') ? root.length : root.length + 1;
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(prefix));
}

async function hashOf(root: string, folders: readonly string[]): Promise<string> {
  const lists = await Promise.all(folders.map((folder) => filesIn(root, folder)));
  const paths = lists.flat().sort();
  const contents = await Promise.all(paths.map((path) => readFile(join(root, path))));
  const hash = createHash('sha256');
  for (const [index, path] of paths.entries()) {
    const bytes = contents[index] ?? Buffer.alloc(0);
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

/**
 * SHA-256 of the sources of model, compiler and firmware. Two runs with the same hash had the same sources, whatever their commits.
 * @param root of the repository
 * @returns undefined where the sources are not there
 */
export async function sourceHashes(root: string): Promise<Environment['sources']> {
  try {
    const [model, compiler, firmware] = await Promise.all([
      hashOf(root, PARTS.model),
      hashOf(root, PARTS.compiler),
      hashOf(root, PARTS.firmware),
    ]);
    return { model, compiler, firmware };
  } catch {
    return undefined;
  }
}
