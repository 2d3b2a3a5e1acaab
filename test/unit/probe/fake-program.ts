import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HilError } from '../../../src/errors/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

/**
 * The path of an executable that runs one of the fakes with this Node, arguments passed on; removed when the test file is done.
 * @param name file in `fakes`, without `.ts`
 */
export async function fakeProgram(name: string): Promise<string> {
  const folder = await temporaryFolder();
  const path = join(folder, name);
  const script = join(import.meta.dirname, 'fakes', `${name}.ts`);
  await writeFile(path, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`, {
    mode: 0o755,
  });
  return path;
}

/** Whether a process still exists. */
export function alive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The HilError that `work` must reject with. */
export async function failure(work: Promise<unknown>): Promise<HilError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HilError)) throw new Error(`no HilError but ${String(error)}`);
  return error;
}
