import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { migrate, versionOf } from '../../../src/results/history/database.ts';
import { MIGRATIONS } from '../../../src/results/history/migrations.ts';
import {
  costsDocument,
  exportHistory,
  History,
  importHistory,
  recordInHistory,
  type CostsDocument,
} from '../../../src/results/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import {
  sampleAttempt,
  sampleCase,
  sampleNightly,
  sampleRun,
} from '../../helpers/sample-results.ts';

async function emptyHistory(): Promise<History> {
  return History.open(join(await temporaryFolder(), 'deeper', 'history.db'));
}

const failed = (summary: string) =>
  sampleRun({ verdict: { outcome: 'failed', causeClass: 'firmware', summary } });

/** A nightly in which `blink` passed, `loops` was flaky and `sort` failed. */
const nightly = sampleNightly([
  sampleCase('blink'),
  sampleCase('loops', { outcome: 'flaky' }, [
    sampleAttempt(failed('silent')),
    sampleAttempt(sampleRun(), { number: 2 }),
  ]),
  sampleCase('sort', {}, [sampleAttempt(failed('wrong at step 9'))]),
]);

const costs: CostsDocument = {
  schema: 'cockpit-hil/vm-costs',
  version: 1,
  measuredAt: '2026-11-22T10:00:00.000Z',
  machine: 'an emulator',
  builds: {
    switch: {
      opcodes: [{ name: 'PUSH', instructions: 11.5, cycles: 0 }],
      workloads: [],
      compiler: 'gcc',
      flags: '-O2',
    },
  },
};

describe('the history', () => {
  it('gives back the records that it was given', async () => {
    using history = await emptyHistory();
    const run = sampleRun({ id: 'one' });
    expect(history.add(run)).toBe(true);
    expect(history.add(nightly)).toBe(true);
    expect(history.record(history.find('one'))).toEqual(run);
    expect(history.record(history.find(nightly.id))).toEqual(nightly);
  });

  it('keeps the first of two records with one id', async () => {
    using history = await emptyHistory();
    history.add(sampleRun({ id: 'one', wallMs: 1 }));
    expect(history.add(sampleRun({ id: 'one', wallMs: 2 }))).toBe(false);
    expect(history.runs(10).map(({ wallMs }) => wallMs)).toEqual([1]);
  });

  it('lists runs newest first, with their cases counted', async () => {
    using history = await emptyHistory();
    history.add(sampleRun({ id: 'older', startedAt: '2026-11-21T00:00:00.000Z' }));
    history.add(nightly);
    const [newest, older] = history.runs(10);
    expect(newest).toMatchObject({
      id: nightly.id,
      kind: 'nightly',
      outcome: 'failed',
      suite: 'smoke',
      benches: 'native',
      commit: 'c'.repeat(40),
      dirty: false,
      cases: 3,
      passed: 1,
      flaky: 1,
      failed: 1,
      errored: 0,
      // 42 each: one attempt of two cases, two of the flaky one.
      steps: 168,
      comparedMs: 4 * 1250,
    });
    expect(older).toMatchObject({ id: 'older', kind: 'run', cases: 1, passed: 1 });
    expect(history.runs(1)).toHaveLength(1);
    const ids = (only: Parameters<History['runs']>[1]) =>
      history.runs(10, only).map(({ id }) => id);
    expect(ids({ kind: 'run' })).toEqual(['older']);
    expect(ids({ suite: 'smoke' })).toEqual([nightly.id]);
    expect(ids({ suite: 'else' })).toEqual([]);
    expect(ids({ caseId: 'sketch' })).toEqual(['older']);
    expect(ids({ caseId: 'blink', kind: 'run' })).toEqual([]);
  });

  it('tells how a case went over time', async () => {
    using history = await emptyHistory();
    for (const day of [1, 2, 3]) {
      const startedAt = `2026-11-0${day}T00:00:00.000Z`;
      const cases = [sampleCase('blink', { ms: day * 100 })];
      history.add(sampleNightly(cases, { id: `night-${day}`, startedAt }));
    }
    const rows = history.caseRuns('blink', 2);
    expect(rows.map(({ runId, ms }) => [runId, ms])).toEqual([
      ['night-3', 300],
      ['night-2', 200],
    ]);
    expect(rows[0]).toMatchObject({ outcome: 'passed', digest: '0123abcd89ef4567', attempts: 1 });
    const before = history.caseRuns('blink', 9, '2026-11-03T00:00:00.000Z');
    expect(before.map(({ runId }) => runId)).toEqual(['night-2', 'night-1']);
    expect(history.caseRuns('unknown', 9)).toEqual([]);
    expect(history.caseIds()).toEqual(['blink']);
  });

  it('adds up opcodes and keeps footprints once for each firmware', async () => {
    using history = await emptyHistory();
    history.add(nightly);
    history.add({ ...nightly, id: 'again' });
    const runs = history.runs(2);
    const pushes = history.opcodes(runs).filter(({ name }) => name === 'PUSH');
    expect(pushes.map(({ count }) => count)).toEqual([60, 60]);
    expect(history.footprints(runs)).toHaveLength(2);
    expect(history.footprints(runs)[0]).toMatchObject({
      bench: 'native',
      flash: 32_504,
      symbols: { arena: 20_480 },
    });
    expect(history.trend(runs)).toHaveLength(6);
  });

  it('finds a run by id, by the beginning of one, and the latest', async () => {
    using history = await emptyHistory();
    expect(() => history.find('latest')).toThrow(/is empty/);
    for (const [id, day] of [
      ['ab', 3],
      ['abc', 2],
      ['abd', 1],
    ] as const) {
      history.add(sampleRun({ id, startedAt: `2026-11-0${day}T00:00:00.000Z` }));
    }
    expect(history.find('latest').id).toBe('ab');
    expect(history.find('ab').id).toBe('ab');
    expect(history.find('abd').id).toBe('abd');
    expect(() => history.find('a')).toThrow(/a is the beginning of several runs: ab, abc, …/);
    expect(() => history.find('%')).toThrow(/no run %/);
  });

  it('finds the last run of commits that passed with no file changed', async () => {
    using history = await emptyHistory();
    const { environment } = sampleRun();
    const add = (id: string, commit: string, dirty: boolean, outcome: 'passed' | 'failed') => {
      const verdict = { outcome, summary: outcome };
      history.add(
        sampleRun({ id, verdict, environment: { ...environment, git: { commit, dirty } } }),
      );
    };
    add('clean', 'c1', false, 'passed');
    add('dirty', 'c1', true, 'passed');
    add('red', 'c2', false, 'failed');
    expect(history.lastPassed(['c2', 'c1'])?.id).toBe('clean');
    expect(history.lastPassed(['c2'])).toBeUndefined();
    expect(history.ofCommit('c2')?.id).toBe('red');
    expect(history.ofCommit('c3')).toBeUndefined();
  });

  it('takes in what opcodes cost', async () => {
    using history = await emptyHistory();
    expect(history.addCosts(costs)).toBe(true);
    expect(history.addCosts(costs)).toBe(false);
    expect(history.costs(5)).toMatchObject([
      { build: 'switch', name: 'PUSH', instructions: 11.5, machine: 'an emulator' },
    ]);
    expect(costsDocument.safeParse(history.documents()[0]).success).toBe(true);
  });
});

describe('export and import', () => {
  it('carries everything over into another history', async () => {
    using history = await emptyHistory();
    const run = sampleRun({ id: 'one', startedAt: '2026-11-21T00:00:00.000Z' });
    history.add(run);
    history.add(nightly);
    history.addCosts(costs);
    const file = join(await temporaryFolder(), 'export.jsonl');
    expect(await exportHistory(history, file)).toBe(3);
    using other = await emptyHistory();
    expect(await importHistory(other, file)).toEqual({ added: 3, known: 0 });
    expect(await importHistory(other, file)).toEqual({ added: 0, known: 3 });
    expect(other.record(other.find('latest'))).toEqual(nightly);
    expect(other.record(other.find('one'))).toEqual(run);
    expect(other.runs(9)).toEqual(history.runs(9).map((row, at) => ({ ...row, key: 2 - at })));
  });

  it('names the line that is wrong', async () => {
    using history = await emptyHistory();
    const file = join(await temporaryFolder(), 'export.jsonl');
    await writeFile(file, '{"schema":"cockpit-hil/history","version":1}\n{"schema":');
    await expect(importHistory(history, file)).rejects.toThrow(/line 2 of .* is not JSON/);
    await writeFile(file, '{"schema":"cockpit-hil/history","version":1}\n{"schema":"else"}\n');
    await expect(importHistory(history, file)).rejects.toThrow(/line 2 of .* is no record/);
    await writeFile(file, '{}\n');
    await expect(importHistory(history, file)).rejects.toThrow(/is no export/);
    await writeFile(file, '');
    await expect(importHistory(history, file)).rejects.toThrow(/is empty/);
    await expect(importHistory(history, `${file}.gone`)).rejects.toThrow(/cannot read/);
  });

  it('leaves no half a file where it cannot write', async () => {
    using history = await emptyHistory();
    await expect(exportHistory(history, '/proc/none')).rejects.toThrow(/cannot write \/proc\/none/);
  });
});

describe('the file', () => {
  it('is brought to the newest version from each older one', async () => {
    for (const version of MIGRATIONS.keys()) {
      const path = join(await temporaryFolder(), 'history.db');
      const db = new DatabaseSync(path);
      migrate(db, path, MIGRATIONS.slice(0, version));
      expect(versionOf(db)).toBe(version);
      db.close();
      using history = History.open(path);
      history.add(nightly);
      history.addCosts(costs);
      expect(history.runs(1)).toHaveLength(1);
    }
  });

  it('keeps what was in it over a migration', async () => {
    const path = join(await temporaryFolder(), 'history.db');
    const db = new DatabaseSync(path);
    migrate(db, path, ['CREATE TABLE notes (text TEXT) STRICT']);
    db.exec("INSERT INTO notes VALUES ('kept')");
    const two = ['', 'ALTER TABLE notes ADD COLUMN more TEXT'];
    migrate(db, path, two);
    expect(db.prepare('SELECT * FROM notes').all()).toEqual([{ text: 'kept', more: null }]);
    // One that fails changes nothing.
    expect(() => {
      migrate(db, path, [...two, 'DROP TABLE notes; SELECT nothing']);
    }).toThrow(/nothing/);
    expect(versionOf(db)).toBe(2);
    expect(db.prepare('SELECT text FROM notes').all()).toEqual([{ text: 'kept' }]);
    db.close();
  });

  it("is left alone when it is a newer harness's", async () => {
    const path = join(await temporaryFolder(), 'history.db');
    const db = new DatabaseSync(path);
    db.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    db.close();
    expect(() => History.open(path)).toThrow(/has version 3; this harness knows up to 2/);
  });

  it('says so when a record in it is damaged', async () => {
    const path = join(await temporaryFolder(), 'history.db');
    using history = History.open(path);
    history.add(nightly);
    using db = new DatabaseSync(path);
    db.exec("UPDATE runs SET record = x'00112233'");
    const [row] = history.runs(1);
    if (row === undefined) throw new Error('the run is gone');
    expect(() => history.record(row)).toThrow(/cannot use the history .*history\.db/);
  });

  it('is refused when it is no database', async () => {
    const path = join(await temporaryFolder(), 'history.db');
    await writeFile(path, randomBytes(4096));
    expect(() => History.open(path)).toThrow(/cannot use the history .*not a database/);
    expect((await readFile(path)).length).toBe(4096);
  });

  it('costs a run nothing but a line of warning when it cannot be used', async () => {
    const before = process.env.COCKPIT_HISTORY;
    process.env.COCKPIT_HISTORY = join(await temporaryFolder(), 'history.db', 'deeper');
    await writeFile(join(process.env.COCKPIT_HISTORY, '..'), 'a file where a folder should be');
    try {
      expect(recordInHistory(sampleRun())).toMatch(/^not in the history: cannot use the history/);
    } finally {
      if (before === undefined) delete process.env.COCKPIT_HISTORY;
      else process.env.COCKPIT_HISTORY = before;
    }
  });
});
