import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorText, HilError } from '../errors/index.ts';
import { runRecordSchema, type RunRecord } from './run-record.ts';

/** Where run records go when no file is named, relative to the working directory. */
const RUNS_FOLDER = '.cockpit-hil/runs';

/** `20261123T014500Z-startup_coordination_demo-emulated-4711`: sorts by time, and two runs of one second differ by pid. */
export function runId(startedAt: Date, program: string, bench: string, pid: number): string {
  const stamp = startedAt.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const word = (text: string): string => text.replaceAll(/[^\w.-]/g, '_');
  return `${stamp}-${word(program)}-${word(bench)}-${pid}`;
}

/**
 * Writes a record, whole or not at all.
 * @throws HilError (rig) naming the file when it cannot be written
 */
export async function writeRunRecord(path: string, record: RunRecord): Promise<void> {
  const text = JSON.stringify(runRecordSchema.parse(record), null, 2) + '\n';
  const partial = `${path}.${process.pid}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(partial, text);
    await rename(partial, path);
  } catch (error) {
    throw new HilError(
      'rig',
      `cannot write the run record ${path}: ${errorText(error)}`,
      'free some disk space or name another file with --json',
    );
  }
}

/** The file a run's record goes to by default. */
export function defaultRecordPath(id: string): string {
  return join(RUNS_FOLDER, `${id}.json`);
}
