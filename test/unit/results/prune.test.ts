import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { History, type NightlyRecord } from '../../../src/results/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { failedRun } from '../../helpers/sample-comparison.ts';
import {
  sampleAttempt,
  sampleCase,
  sampleNightly,
  sampleRun,
} from '../../helpers/sample-results.ts';

const day = (number: number): string => `2026-11-${String(number).padStart(2, '0')}T01:00:00.000Z`;

/** A nightly of a day, that passed unless told otherwise. */
function night(
  number: number,
  change: { suite?: string; bench?: string; failed?: boolean; dirty?: boolean } = {},
): NightlyRecord {
  const { suite = 'full', bench = 'native', failed = false, dirty = false } = change;
  const attempt = failed ? sampleAttempt(failedRun('wrong')) : sampleAttempt(sampleRun());
  const record = sampleNightly([sampleCase(`case ${number}`, {}, [attempt])], {
    id: `${suite}-${bench}-${number}`,
    startedAt: day(number),
  });
  return {
    ...record,
    suite: { ...record.suite, name: suite },
    benches: record.benches.map((one) => ({ ...one, name: bench })),
    environment: { ...record.environment, git: { commit: 'c'.repeat(40), dirty } },
  };
}

function historyOf(...records: readonly Parameters<History['add']>[0][]): History {
  const history = History.open(':memory:');
  for (const record of records) history.add(record);
  return history;
}

const ids = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id);

describe('pruning a history', () => {
  it('keeps the newest so many, and removes the rest', () => {
    using history = historyOf(...[1, 2, 3, 4, 5].map((number) => night(number)));
    const { gone, kept } = history.prune({ keep: 2 });
    expect(ids(gone)).toEqual(['full-native-3', 'full-native-2', 'full-native-1']);
    expect(kept).toEqual([]);
    expect(ids(history.runs(10))).toEqual(['full-native-5', 'full-native-4']);
    expect(history.caseIds()).toEqual(['case 4', 'case 5']);
    expect(history.record(history.find('full-native-4'))).toMatchObject({ startedAt: day(4) });
  });

  it('removes what was started before a time', () => {
    using history = historyOf(...[1, 2, 3, 4].map((number) => night(number)));
    history.prune({ before: new Date(day(3)) });
    expect(ids(history.runs(10))).toEqual(['full-native-4', 'full-native-3']);
  });

  it('keeps the last that passed of each suite and bench, however old', () => {
    using history = historyOf(
      ...[night(1), night(2), night(3, { failed: true }), night(4, { suite: 'smoke' })],
      ...[night(5, { bench: 'emulated' }), night(6, { failed: true }), night(7, { failed: true })],
    );
    const { gone, kept } = history.prune({ keep: 1 });
    expect(ids(kept)).toEqual(['full-emulated-5', 'smoke-native-4', 'full-native-2']);
    expect(ids(gone)).toEqual(['full-native-6', 'full-native-3', 'full-native-1']);
    expect(history.lastPassed(['c'.repeat(40)])?.id).toBe('full-emulated-5');
  });

  it('keeps the last that passed with no file changed beside a newer one with changed files', () => {
    using history = historyOf(
      ...[night(1), night(2), night(3, { dirty: true }), night(4, { failed: true })],
    );
    expect(ids(history.prune({ keep: 1 }).kept)).toEqual(['full-native-3', 'full-native-2']);
    expect(history.lastPassed(['c'.repeat(40)])?.id).toBe('full-native-2');
  });

  it('takes runs of different programs for different things', () => {
    const run = (number: number, file: string) =>
      sampleRun({ id: `${file}-${number}`, startedAt: day(number) }, { file });
    using history = historyOf(run(1, 'a.ino'), run(2, 'b.ino'), run(3, 'b.ino'), night(4));
    expect(ids(history.prune({ keep: 1 }).gone)).toEqual(['b.ino-2']);
  });

  it('says what would go without touching anything', () => {
    using history = historyOf(...[1, 2, 3].map((number) => night(number)));
    expect(ids(history.prunable({ keep: 1 }).gone)).toEqual(['full-native-2', 'full-native-1']);
    expect(history.runs(10)).toHaveLength(3);
  });

  it('leaves no row behind, and a smaller file', async () => {
    const path = join(await temporaryFolder(), 'history.db');
    {
      using history = History.open(path);
      for (let number = 1; number <= 28; number += 1) {
        const cases = Array.from({ length: 40 }, (_, index) => sampleCase(`${number} ${index}`));
        history.add({ ...night(number), cases });
      }
    }
    const { size } = await stat(path);
    {
      using history = History.open(path);
      history.prune({ keep: 1 });
      history.shrink();
      expect((await stat(path)).size).toBeLessThan(size / 2);
    }
    using db = new DatabaseSync(path);
    expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    expect(db.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    const rows = (table: string) => db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n;
    expect(['runs', 'benches', 'footprints'].map(rows)).toEqual([1, 1, 1]);
    expect(['cases', 'case_names', 'attempts'].map(rows)).toEqual([40, 40, 40]);
  });
});
