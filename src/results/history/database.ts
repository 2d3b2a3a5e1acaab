import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { errorText, HilError } from '../../errors/index.ts';
import { MIGRATIONS } from './migrations.ts';

/**
 * How long to wait for another process that is writing. Taking in a nightly of 2,000 cases holds the lock for well under a second;
 * this is enough for several of them at once.
 */
const BUSY_MS = 5000;

/** Where the history is when COCKPIT_HISTORY doesn't say, relative to the working directory. */
const DEFAULT_PATH = '.cockpit-hil/history.db';

/** The history's file. */
export function historyPath(): string {
  const given = process.env.COCKPIT_HISTORY ?? '';
  return given === '' ? DEFAULT_PATH : given;
}

/** The version of a database's tables. */
export function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0);
}

/** Does something whole or not at all. Others who want to write wait meanwhile. */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk may have rolled back already.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/**
 * Brings the tables to the newest version. Of several processes that open an old history at once, one does it.
 * @throws HilError (usage) when a newer harness has been here
 */
export function migrate(db: DatabaseSync, path: string, steps = MIGRATIONS): void {
  const known = steps.length;
  const check = (): number => {
    const version = versionOf(db);
    if (version <= known) return version;
    throw new HilError(
      'usage',
      `the history ${path} has version ${version}; this harness knows up to ${known}`,
      'use the newer harness, or name another file with COCKPIT_HISTORY',
    );
  };
  if (check() === known) return;
  transaction(db, () => {
    for (const step of steps.slice(check())) db.exec(step);
    db.exec(`PRAGMA user_version = ${known}`);
  });
}

/**
 * Opens the history, makes it where there is none, and brings it to the newest version.
 * @throws HilError (rig) when it can't be opened, (usage) when it is a newer harness's
 */
export function openDatabase(path: string): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    db = new DatabaseSync(path, { timeout: BUSY_MS, enableForeignKeyConstraints: true });
    // With a log beside the file, readers and the one writer don't wait for each other.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    migrate(db, path);
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof HilError) throw error;
    throw historyError(path, error);
  }
}

/** What SQLite complained about, as a user meets it. */
export function historyError(path: string, error: unknown): HilError {
  return new HilError(
    'rig',
    `cannot use the history ${path}: ${errorText(error)}`,
    'free some disk space, or name another file with COCKPIT_HISTORY',
    { cause: error },
  );
}
