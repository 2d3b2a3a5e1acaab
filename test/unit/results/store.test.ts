import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCode, runId, runRecordSchema, writeRunRecord } from '../../../src/results/index.ts';
import { sampleRecord } from '../../helpers/sample-record.ts';

describe('a run record', () => {
  it('is written whole, and reads back the same', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cockpit-hil-test-'));
    const path = join(folder, 'new', 'folder', 'record.json');
    await writeRunRecord(path, sampleRecord());
    expect(runRecordSchema.parse(JSON.parse(await readFile(path, 'utf8')))).toEqual(sampleRecord());
    expect(await readdir(join(folder, 'new', 'folder'))).toEqual(['record.json']);
  });

  it('names the file that cannot be written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cockpit-hil-test-'));
    await writeFile(join(folder, 'file'), '');
    const path = join(folder, 'file', 'record.json');
    await expect(writeRunRecord(path, sampleRecord())).rejects.toThrow(
      `cannot write the run record ${path}`,
    );
  });

  it.each([
    ['another version', { version: 2 }],
    ['an unknown field', { extra: 1 }],
    ['no program', { programs: [] }],
    ['a strange outcome', { verdict: { outcome: 'fine', summary: '' } }],
  ])('with %s is refused', (_, change) => {
    expect(runRecordSchema.safeParse({ ...sampleRecord(), ...change }).success).toBe(false);
  });
});

describe('exitCode', () => {
  it.each([
    ['passed', 0],
    ['failed', 1],
    ['errored', 2],
  ] as const)('%s is %i', (outcome, code) => {
    expect(exitCode({ outcome, summary: '' })).toBe(code);
  });
});

describe('runId', () => {
  it('begins with the time, and holds nothing that a file name cannot', () => {
    const at = new Date('2026-11-23T01:45:07.890Z');
    expect(runId(at, 'a b/c', 'emulated', 12)).toBe('20261123T014507Z-a_b_c-emulated-12');
  });
});
