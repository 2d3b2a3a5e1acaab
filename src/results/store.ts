import { access, constants, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorText, HilError } from '../errors/index.ts';
import { z } from 'zod';
import { RUN_RECORD_VERSION, runRecordSchema, type RunRecord } from './run-record.ts';
import { makeFolder, writeWhole } from './whole-file.ts';

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
  try {
    await writeWhole(path, text);
  } catch (error) {
    throw new HilError(
      'rig',
      `cannot write the run record ${path}: ${errorText(error)}`,
      'free some disk space or name another file with --json',
    );
  }
}

/**
 * Makes sure, before anything is run, that a record can be written to a file the user names; makes its folder.
 * @throws HilError (usage) when it can't be
 */
export async function checkRecordPath(path: string): Promise<void> {
  try {
    await makeFolder(dirname(path));
    await access(dirname(path), constants.W_OK);
    const folder = await stat(dirname(path));
    const there = await stat(path).catch(() => undefined);
    if (folder.isDirectory() && there?.isFile() !== false) return;
  } catch (error) {
    const what = `cannot write a run record to ${path}: ${errorText(error)}`;
    throw new HilError('usage', what, 'name a file in a folder that you may write to');
  }
  throw new HilError(
    'usage',
    `cannot write a run record to ${path}: that is no regular file`,
    'name another file with --json',
  );
}

/** The file a run's record goes to by default. */
export function defaultRecordPath(id: string): string {
  return join(RUNS_FOLDER, `${id}.json`);
}

/** What tells a run record, of whatever version, from other JSON. */
const envelopeSchema = z.object({ schema: z.literal('cockpit-hil/run'), version: z.int() });

/** @throws HilError (usage): no such file, or no JSON in it */
export async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const message = gone ? `no such file: ${path}` : `cannot read ${path}: ${errorText(error)}`;
    throw new HilError('usage', message, 'check the path');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new HilError('usage', `${path} is not JSON`, 'give a record that a run has written');
  }
}

/**
 * Reads a run record.
 * @throws HilError (usage): no such file, no run record, one of another version, or a damaged one
 */
export async function readRunRecord(path: string): Promise<RunRecord> {
  const json = await readJson(path);
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) {
    throw new HilError('usage', `${path} is no run record`, 'give a record that a run has written');
  }
  const { version } = envelope.data;
  if (version !== RUN_RECORD_VERSION) {
    throw new HilError(
      'usage',
      `${path} is a run record of version ${version}; this harness reads version ${RUN_RECORD_VERSION}`,
      'use the harness that wrote it, or run the program again',
    );
  }
  const parsed = runRecordSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.map(String).join('.') ?? '';
  const what = `${path} is a damaged run record: ${where}: ${issue?.message ?? 'not valid'}`;
  throw new HilError('usage', what, 'give a record as the run has written it');
}
