import { createHash } from 'node:crypto';
import { on } from 'node:events';
import { watch, type FSWatcher } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errorText, HilError } from '../../errors/index.ts';
import type { CliContext } from '../context.ts';
import { readInput } from '../load-program.ts';

/**
 * From the first sign of a change to the reading of the file. Editors write in several steps, all within a few milliseconds; a
 * change that comes later is another sign, and a person doesn't notice 50 ms.
 */
const SETTLE_MS = 50;
/** An empty file is most likely one that is being written, in place: so much longer it is waited for, once. */
const EMPTY_MS = 200;

/** What is told of a file that is watched. */
export interface SketchWatcher {
  /** Its content is new, for the `count`-th time. */
  saved(bytes: Uint8Array, count: number): Promise<void>;
  /** It is not there any more. */
  gone(): void;
}

/**
 * Tells of a file's content at once and whenever it has changed, until the context's signal. The folder is watched, not the
 * file, because most editors put a new file in the place of the old one.
 * @throws HilError (usage) when the file is not there at the beginning, or its folder goes away
 */
export async function watchSketch(
  { signal, resources }: CliContext,
  file: string,
  watcher: SketchWatcher,
): Promise<never> {
  const first = await readInput(file);
  const path = await realpath(file);
  const folder = dirname(path);
  const names: unknown[] = [basename(path), basename(folder), null];
  const changes = changesOf(folder, signal, resources);
  let count = 0;
  let last = '';
  const tell = async (bytes: Uint8Array | undefined): Promise<void> => {
    const state = bytes === undefined ? 'gone' : createHash('sha256').update(bytes).digest('hex');
    if (state === last) return;
    last = state;
    if (bytes === undefined) watcher.gone();
    else await watcher.saved(bytes, (count += 1));
  };
  await tell(first);
  // Read once more: what changed before the watch began has given no sign.
  await tell(await contentOf(path, folder));
  for await (const name of changes) {
    if (!names.includes(name)) continue;
    await pause(SETTLE_MS, undefined, { signal });
    let content = await contentOf(path, folder);
    if (content?.length === 0) {
      await pause(EMPTY_MS, undefined, { signal });
      content = await contentOf(path, folder);
    }
    await tell(content);
  }
  throw new HilError('harness', `the watch of ${folder} ended by itself`);
}

/** The names of files of a folder that change, from now on; null when the system doesn't tell which. */
function changesOf(
  folder: string,
  signal: AbortSignal,
  resources: AsyncDisposableStack,
): AsyncIterable<unknown> {
  const cannot = (error: unknown): HilError =>
    new HilError('usage', `cannot watch ${folder}: ${errorText(error)}`);
  let watcher: FSWatcher;
  try {
    watcher = watch(folder);
  } catch (error) {
    throw cannot(error);
  }
  resources.defer(() => {
    watcher.close();
  });
  // Listens at once, and keeps what comes before it is asked for.
  const events = on(watcher, 'change', { signal });
  return (async function* names(): AsyncGenerator {
    try {
      for await (const [, name] of events) yield name;
    } catch (error) {
      throw signal.aborted ? error : cannot(error);
    }
  })();
}

/** The content of a file; undefined when there is none at the moment. */
async function contentOf(path: string, folder: string): Promise<Uint8Array | undefined> {
  try {
    return await readInput(path);
  } catch (error) {
    try {
      await stat(folder);
    } catch {
      throw new HilError('usage', `the folder ${folder} is gone`, 'start again when it is back');
    }
    if (error instanceof HilError && error.message.startsWith('no such file')) return undefined;
    throw error;
  }
}
