import { stat } from 'node:fs/promises';
import { commitOf, commitsOf } from '../environment/index.ts';
import { HilError } from '../errors/index.ts';
import {
  defaultRecordPath,
  readAnyRecord,
  readRunRecord,
  type AnyRecord,
  type History,
  type RunRecord,
} from '../results/index.ts';
import { openHistory } from './commands/history.ts';
import { ROOT } from './environment.ts';

/** A record, and where it was found. */
export interface FoundRecord {
  readonly record: AnyRecord;
  /** Its file; undefined when it is in the history alone. */
  readonly path?: string;
}

const GREEN = 'green:';

/** How a run is named, for help texts. */
export const RUN_NAMES = `a record's file, an id or the beginning of one, latest, ${GREEN}BRANCH (the last run of a branch that passed), or a commit`;

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function lastGreen(history: History, branch: string): Promise<AnyRecord> {
  const commits = await commitsOf(ROOT, branch);
  if (commits === undefined) {
    throw new HilError('usage', `there is no branch ${branch}`, 'git branch lists what there is');
  }
  const row = history.lastPassed(commits);
  if (row !== undefined) return history.record(row);
  throw new HilError(
    'usage',
    `the history has no run of a commit of ${branch} that passed with no file changed`,
    'cockpit-hil history lists what there is',
  );
}

/** An id or the beginning of one first: what nobody would call a branch. */
async function inHistory(history: History, name: string): Promise<AnyRecord> {
  if (name.startsWith(GREEN)) return lastGreen(history, name.slice(GREEN.length));
  try {
    return history.record(history.find(name));
  } catch (error) {
    const commit = await commitOf(ROOT, name);
    if (commit === undefined) throw error;
    const row = history.ofCommit(commit);
    if (row !== undefined) return history.record(row);
    throw new HilError(
      'usage',
      `the history has no run of commit ${commit.slice(0, 12)} (${name}) with no file changed`,
      'cockpit-hil history lists what there is',
      { cause: error },
    );
  }
}

/**
 * The record that a person means.
 * @param name one of {@link RUN_NAMES}
 * @throws HilError (usage) when there is none, or more than one
 */
export async function findRecord(name: string): Promise<FoundRecord> {
  if (await isFile(name)) return { record: await readAnyRecord(name), path: name };
  if (name.endsWith('.json')) {
    throw new HilError('usage', `no such file: ${name}`, 'check the path');
  }
  using history = openHistory();
  const record = await inHistory(history, name);
  const path = defaultRecordPath(record.id);
  return (await isFile(path)) ? { record, path } : { record };
}

/**
 * The record of a run that a person means; of a nightly, whose cases are runs, there is none.
 * @param name one of {@link RUN_NAMES}
 * @throws HilError (usage) when there is none
 */
export async function findRun(name: string): Promise<RunRecord> {
  if (name.includes('/') || name.endsWith('.json') || (await isFile(name))) {
    return readRunRecord(name);
  }
  const { record } = await findRecord(name);
  if (record.schema === 'cockpit-hil/run') return record;
  throw new HilError(
    'usage',
    `${record.id} is a nightly, not a run`,
    `cockpit-hil show ${record.id} --case ID --json FILE writes the run of one of its cases`,
  );
}
