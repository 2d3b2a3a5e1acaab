import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { History, recordInHistory } from '../../src/results/index.ts';
import { cockpitHil } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { repositoryPath } from '../helpers/paths.ts';
import { sampleNightly, sampleCase, sampleRun } from '../helpers/sample-results.ts';

const WRITER = repositoryPath('test', 'native', 'fakes', 'history-writer.ts');
const SKETCH = repositoryPath('test', 'programs', 'traffic_light.ino');

/** A process that takes nightlies in. */
function writer(path: string, prefix: string, ...numbers: readonly number[]) {
  const args = [WRITER, path, prefix, ...numbers.map(String)];
  return execa(process.execPath, args, { reject: false });
}

async function historyFile(): Promise<string> {
  return join(await temporaryFolder(), 'history.db');
}

/** What SQLite itself says of the file. */
function integrity(path: string): unknown {
  using db = new DatabaseSync(path);
  return [db.prepare('PRAGMA integrity_check').all(), db.prepare('PRAGMA foreign_key_check').all()];
}
const SOUND = [[{ integrity_check: 'ok' }], []];

describe('a history that several processes use', () => {
  it('loses nothing when they make it and write to it at once', async () => {
    const path = await historyFile();
    const writers = ['a', 'b', 'c', 'd'].map((prefix) => writer(path, prefix, 20, 3));
    const ends = await Promise.all(writers);
    expect(ends.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(Array(4).fill([0, '']));
    using history = History.open(path);
    const runs = history.runs(100);
    expect(runs).toHaveLength(80);
    expect(runs.every(({ cases }) => cases === 3)).toBe(true);
    expect(integrity(path)).toEqual(SOUND);
  });

  it('has every record whole or not at all when a writer is killed', async () => {
    const path = await historyFile();
    // A nightly of 200 cases is 1 row, then 2 for its bench, 600 at first and later 400 for its cases, and 4 for opcodes.
    const confirmed: string[] = [];
    for (const deadAfter of [1, 2, 3, 300, 606, 606 + 4, 3 * 406 + 390, 2 * 407 + 1]) {
      const prefix = `${deadAfter}-`;
      const { signal, stdout } = await writer(path, prefix, 1000, 200, deadAfter);
      expect(signal).toBe('SIGKILL');
      confirmed.push(...stdout.split('\n').filter((id) => id !== ''));
      expect(integrity(path)).toEqual(SOUND);
      using history = History.open(path);
      const runs = history.runs(10_000);
      expect(runs.map(({ id }) => id).sort()).toEqual(confirmed.toSorted());
      expect(runs.filter(({ cases }) => cases !== 200)).toEqual([]);
      for (const row of runs.slice(0, 2)) expect(history.record(row)).toMatchObject({ id: row.id });
    }
    expect(confirmed.length).toBeGreaterThan(3);
    using history = History.open(path);
    expect(history.add(sampleRun({ id: 'afterwards' }))).toBe(true);
  });

  it('is pruned while others write: nothing of theirs is lost, and they notice nothing', async () => {
    const cwd = await temporaryFolder();
    const path = join(cwd, 'history.db');
    {
      using history = History.open(path);
      const cases = Array.from({ length: 20 }, (_, index) => sampleCase(`old ${index}`));
      for (let number = 10; number < 70; number += 1) {
        const startedAt = `2020-01-01T01:00:${String(number % 60).padStart(2, '0')}.000Z`;
        history.add(sampleNightly(cases, { id: `old-${number}`, startedAt }));
      }
    }
    const prune = (...args: string[]) =>
      cockpitHil(['history', 'prune', ...args], { cwd, env: { COCKPIT_HISTORY: path } });
    const listed = await prune('--keep', '10', '--dry-run');
    expect(listed.stdout).toMatch(/^PASSED +old-/m);
    expect(listed.stdout).toMatch(/^50 runs would go; nothing was changed$/m);
    // Between those and what the writers add, whenever this is run.
    const days = Math.floor((Date.now() - Date.parse('2022-01-01')) / (24 * 3600 * 1000));
    const [a, b, ...pruned] = await Promise.all([
      writer(path, 'a-', 30, 20),
      writer(path, 'b-', 30, 20),
      ...[1, 2].map(() => prune('--older-than', String(days))),
    ]);
    for (const { exitCode, stderr } of [a, b]) expect([exitCode, stderr]).toEqual([0, '']);
    expect(pruned.map(({ code }) => code)).toEqual([0, 0]);
    {
      using history = History.open(path);
      const written = ['a', 'b'].flatMap((who) =>
        Array.from({ length: 30 }, (_, n) => `${who}-${n}`),
      );
      const left = history.runs(1000).map(({ id }) => id);
      expect(left.filter((id) => !id.startsWith('old-')).sort()).toEqual(written.sort());
      // The last old one that passed was kept only as long as there was no newer one.
      expect(left.length - written.length).toBeLessThanOrEqual(1);
    }
    expect(integrity(path)).toEqual(SOUND);
    const last = await prune('--keep', '1');
    expect(last.code).toBe(0);
    expect(last.stdout).toMatch(/history\.db: \d+\.\d MiB, before \d+\.\d MiB$/m);
    using history = History.open(path);
    const [row] = history.runs(9);
    expect(history.runs(9)).toHaveLength(1);
    if (row !== undefined) expect(history.record(row)).toMatchObject({ id: row.id });
  });

  it('is pruned with one limit, and only where there is one', async () => {
    const cwd = await temporaryFolder();
    const prune = (...args: string[]) => cockpitHil(['history', 'prune', ...args], { cwd });
    expect(await prune('--keep', '3')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no history at') as string,
    });
    for (const args of [[], ['--keep', '3', '--older-than', '3']]) {
      expect(await prune(...args)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('give one of --keep N and --older-than DAYS') as string,
      });
    }
  });

  it('says after its bounded wait that another one keeps it locked', async () => {
    const path = await historyFile();
    History.open(path)[Symbol.dispose]();
    using other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    using history = History.open(path);
    expect(() => history.add(sampleRun())).toThrow(/cannot use the history .*database is locked/);
    other.exec('ROLLBACK');
    expect(history.add(sampleRun())).toBe(true);
  });
});

describe('a disk without room', () => {
  it('leaves the history as it was', async () => {
    const path = await historyFile();
    const { stdout } = await writer(path, 'small-', 1, 1);
    expect(stdout).toBe('small-0');
    const { size } = await stat(path);
    // What a process may write to a file, in KiB: less than the next record takes. It gets an error, not the signal.
    const script = `trap '' XFSZ; ulimit -f ${Math.ceil(size / 1024) + 64}; exec "$@"`;
    const args = [process.execPath, WRITER, path, 'large-', '1', '4000'];
    const full = await execa('bash', ['-c', script, 'bash', ...args], { reject: false });
    expect(full.exitCode).toBe(1);
    expect(full.stderr).toMatch(/cannot use the history .*(disk I\/O error|disk is full)/);
    expect(integrity(path)).toEqual(SOUND);
    using history = History.open(path);
    expect(history.runs(9).map(({ id }) => id)).toEqual(['small-0']);
  });
});

describe('cockpit-hil run', () => {
  it('takes its record into the history', async () => {
    const cwd = await temporaryFolder();
    const ran = await cockpitHil(['run', SKETCH, '--bench', 'native', '--loops', '2'], { cwd });
    expect(ran.stderr).toBe('');
    expect(ran.code).toBe(0);
    using history = History.open(join(cwd, '.cockpit-hil', 'history.db'));
    const [row] = history.runs(9);
    expect(row).toMatchObject({ kind: 'run', outcome: 'passed', benches: 'native' });
    expect(history.caseIds()).toEqual(['traffic_light']);
    const record = history.record(history.find('latest'));
    const [, path = ''] = /^report {2}(\S+)$/m.exec(ran.stdout) ?? [];
    expect(record).toEqual(JSON.parse(await readFile(join(cwd, path), 'utf8')));
  });

  it('keeps its verdict when the history cannot be used', async () => {
    const cwd = await temporaryFolder();
    const path = join(cwd, 'history.db');
    await writeFile(path, 'this is no database. '.repeat(400));
    const env = { COCKPIT_HISTORY: path };
    const ran = await cockpitHil(['run', SKETCH, '--bench', 'native', '--loops', '2'], {
      cwd,
      env,
    });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('PASSED');
    expect(ran.stderr).toMatch(/^not in the history: cannot use the history [^\n]*$/);
  });
});

describe('a nightly', () => {
  it('is taken in by the same call', async () => {
    const before = process.env.COCKPIT_HISTORY;
    process.env.COCKPIT_HISTORY = await historyFile();
    try {
      expect(recordInHistory(sampleNightly([sampleCase('blink')]))).toBeUndefined();
      using history = History.open();
      expect(history.find('latest').kind).toBe('nightly');
    } finally {
      if (before === undefined) delete process.env.COCKPIT_HISTORY;
      else process.env.COCKPIT_HISTORY = before;
    }
  });
});
