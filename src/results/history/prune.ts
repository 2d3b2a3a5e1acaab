import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { transaction } from './database.ts';
import { RUN_COLUMNS, runRow, type RunRow } from './rows.ts';

/** Which runs are old: all but the newest so many, or those that were started before a time. */
export type PruneLimit = { readonly keep: number } | { readonly before: Date };

/** What pruning does or has done. */
export interface Pruning {
  /** Runs that go, newest first. */
  readonly gone: readonly RunRow[];
  /** As old, and kept: the last of their suite and benches that passed. */
  readonly kept: readonly RunRow[];
}

/**
 * Runs with their age, the newest is 1, and whether each is the last that passed of its suite, or program, and benches: of all, or of those of
 * a commit with no file changed, which `green:BRANCH` asks for.
 */
const AGED = `
  WITH known AS (
    SELECT key, started_at, outcome, git_dirty IS 0 AS clean, kind,
      coalesce(suite, (SELECT group_concat(id) FROM (
        SELECT id FROM cases JOIN case_names ON case_names.key = cases.name WHERE cases.run = runs.key ORDER BY id))) AS what,
      (SELECT group_concat(name) FROM (SELECT name FROM benches WHERE benches.run = runs.key ORDER BY name)) AS places
    FROM runs)
  SELECT key,
    row_number() OVER (ORDER BY started_at DESC, key DESC) AS age,
    outcome = 'passed' AND (
      row_number() OVER (PARTITION BY kind, what, places, outcome ORDER BY started_at DESC, key DESC) = 1
      OR (clean AND row_number() OVER (PARTITION BY kind, what, places, outcome, clean ORDER BY started_at DESC, key DESC) = 1)
    ) AS green
  FROM known`;

const prunedRow = z.object({ run: runRow, green: z.boolean() });

/** Which runs a limit takes; nothing is changed. */
export function prunable(db: DatabaseSync, limit: PruneLimit): Pruning {
  const [keep, before] = 'keep' in limit ? [limit.keep, null] : [null, limit.before.toISOString()];
  const rows = db
    .prepare(
      `SELECT aged.green, ${RUN_COLUMNS} FROM (${AGED}) AS aged JOIN runs USING (key)
       WHERE (?1 IS NULL OR aged.age > ?1) AND (?2 IS NULL OR started_at < ?2)
       ORDER BY aged.age`,
    )
    .all(keep, before)
    .map((row) => prunedRow.parse({ run: row, green: row.green === 1 }));
  const of = (wanted: boolean): RunRow[] =>
    rows.filter(({ green }) => green === wanted).map(({ run }) => run);
  return { gone: of(false), kept: of(true) };
}

/**
 * Removes what {@link prunable} names. A transaction for each run, so that nobody who writes meanwhile is kept waiting for long; the last that
 * passed stays that whatever others add or remove between them.
 */
export function prune(db: DatabaseSync, limit: PruneLimit): Pruning {
  const pruning = prunable(db, limit);
  const remove = db.prepare('DELETE FROM runs WHERE key = ?');
  for (const { key } of pruning.gone) transaction(db, () => remove.run(key));
  transaction(db, () => {
    db.exec(`
      DELETE FROM case_names WHERE key NOT IN (SELECT name FROM cases UNION SELECT name FROM attempts);
      DELETE FROM footprints WHERE firmware_sha256 NOT IN (SELECT firmware_sha256 FROM benches WHERE firmware_sha256 IS NOT NULL)`);
  });
  return pruning;
}

/** Gives the file system back what is free in the file. Needs it alone for a moment. @throws when others keep it for over 5 s */
export function shrink(db: DatabaseSync): void {
  db.exec('VACUUM');
  // The smaller file is in the log until this.
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}
