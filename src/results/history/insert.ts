import type { DatabaseSync } from 'node:sqlite';
import type { RunRecord } from '../run-record.ts';
import { lastRun, resultView, type AnyRecord, type ResultView } from '../result-view.ts';
import { transaction } from './database.ts';
import { packRecord } from './body.ts';

const orNull = <T>(value: T | undefined): T | null => value ?? null;

/** Steps compared in all attempts. */
function stepsOf({ attempts }: ResultView['cases'][number]): number {
  const programs = attempts.flatMap(({ run }) => run?.programs ?? []);
  return programs.reduce((sum, { stepsCompared }) => sum + stepsCompared, 0);
}

/** Milliseconds in which steps were compared. */
function comparedMs(view: ResultView): number {
  return view.cases
    .flatMap(({ attempts }) => attempts.flatMap(({ run }) => run?.timing ?? []))
    .reduce((sum, { phase, ms }) => (phase === 'run' ? sum + ms : sum), 0);
}

/** What the model did in all programs of a run, in one text; undefined when that isn't known. */
function digestOf(run: RunRecord | undefined): string | undefined {
  const digests = run?.programs.map(({ model }) => model?.digest);
  if (digests === undefined || digests.includes(undefined)) return undefined;
  return digests.map((digest) => `${digest?.stream ?? ''}${digest?.state ?? ''}`).join('+');
}

function opcodeCounts(view: ResultView): Map<string, number> {
  const counts = new Map<string, number>();
  const programs = view.cases.flatMap((one) => lastRun(one)?.programs ?? []);
  for (const { model } of programs) {
    for (const [name, count] of Object.entries(model?.opcodes ?? {})) {
      counts.set(name, (counts.get(name) ?? 0) + count);
    }
  }
  return counts;
}

/** The row of the run itself. @returns its key, or undefined when the history has it already */
function insertRun(
  db: DatabaseSync,
  view: ResultView,
  body: { readonly version: number; readonly packed: Uint8Array },
): number | undefined {
  const { verdict, environment, suite } = view;
  const { git, sources, tools = {} } = environment;
  const steps = view.cases.reduce((sum, one) => sum + stepsOf(one), 0);
  const { changes, lastInsertRowid } = db
    .prepare(
      `INSERT INTO runs (id, kind, started_at, wall_ms, outcome, cause, summary, suite, suite_sha256, command, git_commit,
         git_dirty, model_sha256, compiler_sha256, sources_sha256, harness, node, platform, tools, steps, compared_ms,
         record_version, record)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    )
    .run(
      view.id,
      view.kind,
      view.startedAt,
      view.wallMs,
      verdict.outcome,
      orNull(verdict.causeClass),
      verdict.summary,
      orNull(suite?.name),
      orNull(suite?.sha256),
      view.command,
      orNull(git?.commit),
      git === undefined ? null : Number(git.dirty),
      orNull(sources?.model),
      orNull(sources?.compiler),
      orNull(sources?.firmware),
      environment.harness,
      environment.node,
      environment.platform,
      JSON.stringify(tools),
      steps,
      comparedMs(view),
      body.version,
      body.packed,
    );
  return changes === 0 ? undefined : Number(lastInsertRowid);
}

function insertBenches(db: DatabaseSync, run: number, { benches }: ResultView): void {
  const bench = db.prepare('INSERT INTO benches VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const footprint = db.prepare('INSERT INTO footprints VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
  for (const { name, kind, ranOn, state, identity, footprint: taken, attempts } of benches) {
    const { board, uid, firmware, firmwareSha256, elf, isa } = identity ?? {};
    const known = [board, uid, firmware, firmwareSha256, elf, isa].map(orNull);
    bench.run(run, name, kind, orNull(ranOn), state, ...known, attempts);
    if (taken === undefined || firmwareSha256 === undefined) continue;
    footprint.run(firmwareSha256, taken.flash, taken.ram, JSON.stringify(taken.symbols));
  }
}

function insertCases(db: DatabaseSync, run: number, { cases }: ResultView): void {
  const named = db.prepare('SELECT key FROM case_names WHERE id = ?');
  const name = db.prepare('INSERT INTO case_names (id) VALUES (?)');
  const row = db.prepare('INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const attempt = db.prepare('INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  for (const one of cases) {
    const key = Number(named.get(one.id)?.key ?? name.run(one.id).lastInsertRowid);
    const { outcome, causeClass, summary, mode, clock, ms, attempts } = one;
    const digest = orNull(digestOf(lastRun(one)));
    const steps = stepsOf(one);
    row.run(
      ...[key, run, outcome, orNull(causeClass), summary, mode, clock],
      ...[ms, attempts.length, steps, digest],
    );
    for (const { number, bench, startedAt, ms: took, verdict } of attempts) {
      const { outcome: ended, causeClass: cause } = verdict;
      attempt.run(run, key, number, bench, startedAt, took, ended, orNull(cause));
    }
  }
}

/**
 * Takes a record in, whole or not at all.
 * @returns false when the history has one of that id already
 */
export function insertRecord(db: DatabaseSync, record: AnyRecord): boolean {
  const view = resultView(record);
  // Before the others are kept waiting.
  const body = { version: record.version, packed: packRecord(record) };
  return transaction(db, () => {
    const run = insertRun(db, view, body);
    if (run === undefined) return false;
    insertBenches(db, run, view);
    insertCases(db, run, view);
    const opcode = db.prepare('INSERT INTO opcodes VALUES (?, ?, ?)');
    for (const [name, count] of opcodeCounts(view)) opcode.run(run, name, count);
    return true;
  });
}
