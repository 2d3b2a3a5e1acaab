import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { capture, findExecutable } from '../process/index.ts';

/** The tools around the harness: how each is started, and what its version looks like in what it prints. */
const TOOLS = {
  openocd: { file: 'openocd', version: /Open On-Chip Debugger (\S+)/ },
  gdb: { file: 'gdb-multiarch', version: /^GNU gdb .*?(\d+\.\S+)$/m },
  qemu: { file: 'qemu-system-arm', version: /version (\S+)/ },
  'arm-gcc': { file: 'arm-none-eabi-gcc', version: /\) (\d+\.\S+)/ },
} as const;

/** Time for `--version`: at most 0.2 s each on an idle machine. */
const VERSION_MS = 5000;

/** Version of each executable by what it is: path, size and time of change. */
const cacheSchema = z.record(z.string(), z.string());

async function readCache(path: string): Promise<Record<string, string>> {
  try {
    return cacheSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // None yet, or one that somebody has damaged: it is written again.
    return {};
  }
}

async function writeCache(path: string, cache: Record<string, string>): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(partial, JSON.stringify(cache));
    await rename(partial, path);
  } catch {
    // A cache that can't be written costs time, nothing else.
  }
}

async function ask(file: string, pattern: RegExp): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await capture(file, ['--version'], VERSION_MS);
    return pattern.exec(`${stdout}\n${stderr}`)?.[1];
  } catch {
    return undefined;
  }
}

/**
 * Versions of the tools that are installed. A tool is asked once: as long as its file is the same, its version comes from a cache.
 * @param cachePath file of that cache
 */
export async function toolVersions(cachePath: string): Promise<Record<string, string>> {
  const cache = await readCache(cachePath);
  const fresh: Record<string, string> = {};
  const found = await Promise.all(
    Object.entries(TOOLS).map(async ([name, { file, version: pattern }]) => {
      const path = await findExecutable(file);
      const info = path === undefined ? undefined : await stat(path).catch(() => undefined);
      if (path === undefined || info === undefined) return [];
      const key = `${path} ${info.size} ${info.mtimeMs}`;
      const version = cache[key] ?? (await ask(path, pattern));
      if (version === undefined) return [];
      fresh[key] = version;
      return [[name, version] as const];
    }),
  );
  if (Object.keys(fresh).some((key) => cache[key] === undefined))
    await writeCache(cachePath, fresh);
  return Object.fromEntries(found.flat());
}
