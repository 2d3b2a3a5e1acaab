import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { z } from 'zod';
import { errorText, HilError } from '../../errors/index.ts';
import type { Footprint } from '../environment.ts';
import type { AnyRecord } from '../result-view.ts';
import { unpackRecord } from './body.ts';
import { insertCosts, type CostsDocument } from './costs.ts';
import { historyError, historyPath, openDatabase } from './database.ts';
import { insertRecord } from './insert.ts';
import { prunable, prune, shrink, type PruneLimit, type Pruning } from './prune.ts';
import {
  CASE_COLUMNS,
  caseRow,
  RUN_COLUMNS,
  runRow,
  trendRow,
  type CaseRow,
  type RunRow,
  type TrendRow,
} from './rows.ts';

const recordRow = z.object({ id: z.string(), record: z.instanceof(Uint8Array) });
const opcodeRow = z.object({ run: z.number(), name: z.string(), count: z.number() });
const costRow = z.object({
  measuredAt: z.string(),
  commit: z.string().nullable(),
  /** SHA-256 of the sources of the firmware that was measured. */
  sources: z.string().nullable(),
  machine: z.string(),
  build: z.string(),
  name: z.string(),
  instructions: z.number(),
  cycles: z.number(),
});
const footprintRow = z.object({
  run: z.number(),
  bench: z.string(),
  flash: z.number(),
  ram: z.number(),
  symbols: z.string(),
});
const symbolsSchema = z.record(z.string(), z.number());

/** What an opcode cost in one measurement. */
export type CostRow = z.infer<typeof costRow>;

/** Which runs; what is left out doesn't matter. */
interface RunFilter {
  readonly kind?: RunRow['kind'] | undefined;
  readonly suite?: string | undefined;
  readonly caseId?: string | undefined;
}

/** The runs, nightlies and measurements of the past, in an SQLite file. Several processes may use it at once. */
export class History implements Disposable {
  readonly #db: DatabaseSync;
  readonly path: string;

  private constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.path = path;
  }

  /**
   * Opens the history, an empty one where there is none yet.
   * @throws HilError (rig) when the file can't be used, (usage) when it is a newer harness's
   */
  static open(path: string = historyPath()): History {
    return new History(openDatabase(path), path);
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  /**
   * Takes a record in, whole or not at all.
   * @returns false when it is there already
   * @throws HilError (rig) when the disk is full, or another process keeps the file locked for over 5 s
   */
  add(record: AnyRecord): boolean {
    return this.#guarded(() => insertRecord(this.#db, record));
  }

  /** Takes in what `bench vm` measured. @returns false when it is there already */
  addCosts(costs: CostsDocument): boolean {
    return this.#guarded(() => insertCosts(this.#db, costs));
  }

  /** The newest runs, newest first. @param only those of a kind, of a suite, or with a case */
  runs(last: number, only: RunFilter = {}): RunRow[] {
    const { kind = null, suite = null, caseId = null } = only;
    return this.#all(
      runRow,
      `SELECT ${RUN_COLUMNS} FROM runs
       WHERE (?1 IS NULL OR kind = ?1) AND (?2 IS NULL OR suite = ?2)
         AND (?3 IS NULL OR runs.key IN
           (SELECT run FROM cases JOIN case_names ON case_names.key = cases.name WHERE case_names.id = ?3))
       ORDER BY started_at DESC, key DESC LIMIT ?4`,
      kind,
      suite,
      caseId,
      last,
    );
  }

  /** A case in the newest runs that had it, newest first. @param before only runs that were started before this time */
  caseRuns(id: string, last: number, before?: string): CaseRow[] {
    return this.#all(
      caseRow,
      `SELECT ${CASE_COLUMNS} FROM cases JOIN runs ON runs.key = cases.run JOIN case_names ON case_names.key = cases.name
       WHERE case_names.id = ?1 AND (?2 IS NULL OR started_at < ?2)
       ORDER BY started_at DESC, runs.key DESC LIMIT ?3`,
      id,
      before ?? null,
      last,
    );
  }

  /** Ids of all cases. */
  caseIds(): string[] {
    const row = z.object({ id: z.string() });
    return this.#all(row, 'SELECT id FROM case_names ORDER BY id').map(({ id }) => id);
  }

  /** Outcomes and durations of all cases of some runs. */
  trend(runs: readonly RunRow[]): TrendRow[] {
    return this.#all(
      trendRow,
      `SELECT cases.run, case_names.id, outcome, ms FROM cases JOIN case_names ON case_names.key = cases.name
       WHERE cases.run IN (SELECT value FROM json_each(?))`,
      JSON.stringify(runs.map(({ key }) => key)),
    );
  }

  /** How often each opcode ran in some runs. */
  opcodes(runs: readonly RunRow[]): z.infer<typeof opcodeRow>[] {
    return this.#all(
      opcodeRow,
      'SELECT run, name, count FROM opcodes WHERE run IN (SELECT value FROM json_each(?))',
      JSON.stringify(runs.map(({ key }) => key)),
    );
  }

  /** What the firmware of each bench took in some runs, where that is known. */
  footprints(runs: readonly RunRow[]): (Footprint & { run: number; bench: string })[] {
    return this.#all(
      footprintRow,
      `SELECT run, name AS bench, flash, ram, symbols FROM benches JOIN footprints USING (firmware_sha256)
       WHERE run IN (SELECT value FROM json_each(?))`,
      JSON.stringify(runs.map(({ key }) => key)),
    ).map((row) => ({ ...row, symbols: symbolsSchema.parse(JSON.parse(row.symbols)) }));
  }

  /** The newest measurements of what opcodes cost, oldest first. */
  costs(last: number): CostRow[] {
    return this.#all(
      costRow,
      `SELECT measured_at AS measuredAt, git_commit AS "commit", sources_sha256 AS sources, machine, build, name, instructions, cycles
       FROM opcode_costs JOIN (SELECT * FROM measurements ORDER BY measured_at DESC LIMIT ?) AS newest
         ON newest.key = opcode_costs.measurement
       ORDER BY measured_at, build, name`,
      last,
    );
  }

  /**
   * The run that a person means.
   * @param name its id, the beginning of it that no other has, or `latest`
   * @throws HilError (usage) when there is none, or more than one
   */
  find(name: string): RunRow {
    if (name === 'latest') {
      const [newest] = this.runs(1);
      if (newest !== undefined) return newest;
      throw new HilError('usage', `the history ${this.path} is empty`, 'run something first');
    }
    const found = this.#all(
      runRow,
      `SELECT ${RUN_COLUMNS} FROM runs WHERE substr(runs.id, 1, length(?1)) = ?1 ORDER BY runs.id LIMIT 3`,
      name,
    );
    const exact = found.find(({ id }) => id === name);
    const [only, second] = found;
    if (exact !== undefined) return exact;
    if (only === undefined) {
      const what = `the history has no run ${name}`;
      throw new HilError('usage', what, 'cockpit-hil history lists what there is');
    }
    if (second === undefined) return only;
    throw new HilError(
      'usage',
      `${name} is the beginning of several runs: ${only.id}, ${second.id}${found.length > 2 ? ', …' : ''}`,
      'give more of the id',
    );
  }

  /** Newest run of some commits that passed; undefined when there is none. @param commits newest first */
  lastPassed(commits: readonly string[]): RunRow | undefined {
    return this.#all(
      runRow,
      `SELECT ${RUN_COLUMNS} FROM runs WHERE outcome = 'passed' AND git_dirty = 0 AND git_commit IN (SELECT value FROM json_each(?))
       ORDER BY started_at DESC, key DESC LIMIT 1`,
      JSON.stringify(commits),
    )[0];
  }

  /** Newest run of a commit, of files as they are there; undefined when there is none. */
  ofCommit(commit: string): RunRow | undefined {
    return this.#all(
      runRow,
      `SELECT ${RUN_COLUMNS} FROM runs WHERE git_commit = ? AND git_dirty = 0 ORDER BY started_at DESC, key DESC LIMIT 1`,
      commit,
    )[0];
  }

  /**
   * A run's whole record.
   * @throws HilError (usage) when a harness with another shape of records wrote it
   */
  record({ key }: Pick<RunRow, 'key'>): AnyRecord {
    const [row] = this.#all(recordRow, 'SELECT id, record FROM runs WHERE key = ?', key);
    if (row === undefined) throw new HilError('harness', `the history has no run ${key}`);
    return this.#guarded(() => unpackRecord(row.record, row.id));
  }

  /** Which runs {@link prune} would remove. */
  prunable(limit: PruneLimit): Pruning {
    return this.#guarded(() => prunable(this.#db, limit));
  }

  /** Removes old runs, but the last that passed of each suite, or program, and benches. */
  prune(limit: PruneLimit): Pruning {
    return this.#guarded(() => prune(this.#db, limit));
  }

  /** Makes the file as small as what is in it. @throws HilError (rig) when others use it for over 5 s */
  shrink(): void {
    this.#guarded(() => {
      shrink(this.#db);
    });
  }

  /** Keys of all runs, oldest first. */
  keys(): number[] {
    const row = z.object({ key: z.number() });
    return this.#all(row, 'SELECT key FROM runs ORDER BY started_at, key').map(({ key }) => key);
  }

  /** All measurements as they were taken in, oldest first. */
  documents(): unknown[] {
    const row = z.object({ document: z.string() });
    return this.#all(row, 'SELECT document FROM measurements ORDER BY measured_at').map(
      ({ document }): unknown => JSON.parse(document),
    );
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof HilError) throw error;
      throw historyError(this.path, error);
    }
  }

  #all<T>(row: z.ZodType<T>, sql: string, ...values: SQLInputValue[]): T[] {
    return this.#guarded(() =>
      this.#db
        .prepare(sql)
        .all(...values)
        .map((found) => row.parse(found)),
    );
  }
}

/** Does something with the history. @returns undefined, or one line for a person about why that came to nothing */
function attempted(work: (history: History) => void): string | undefined {
  try {
    using history = History.open();
    work(history);
    return undefined;
  } catch (error) {
    return `not in the history: ${error instanceof HilError ? error.line : errorText(error)}`;
  }
}

/**
 * Takes a record into the history. Whatever is wrong with that, the run stands.
 * @returns undefined, or one line for a person about why it isn't in the history
 */
export function recordInHistory(record: AnyRecord): string | undefined {
  return attempted((history) => history.add(record));
}

/** As {@link recordInHistory}, for what opcodes cost. */
export function costsInHistory(costs: CostsDocument): string | undefined {
  return attempted((history) => history.addCosts(costs));
}
