import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  readValidationRecord,
  requireValidation,
  validationPath,
  writeValidationRecord,
  type ValidationRecord,
} from '../../../src/results/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { sampleValidation } from '../../helpers/sample-validation.ts';

const { identity, bench } = sampleValidation();
const NOW = new Date('2026-11-23T08:00:00Z');

/** A validation that nobody signed. */
function unsigned(change: Partial<ValidationRecord> = {}): ValidationRecord {
  const record = sampleValidation(change);
  delete record.by;
  return record;
}

/** Requires a validation of the sample's board where these records are. */
async function need(records: readonly ValidationRecord[], withinDays = 30, more = {}) {
  const folder = await temporaryFolder();
  for (const record of records)
    await writeValidationRecord(validationPath(record.id, folder), record);
  return requireValidation({
    ...{ uid: identity.uid, bench: bench.name, withinDays, now: NOW, folder },
    ...more,
  });
}

describe('a validation record', () => {
  it('is written whole, and reads back the same', async () => {
    const folder = await temporaryFolder();
    const path = validationPath('one', join(folder, 'new'));
    await writeValidationRecord(path, sampleValidation());
    expect(await readValidationRecord(path)).toEqual(sampleValidation());
    expect(await readdir(join(folder, 'new'))).toEqual(['one.json']);
  });

  it('is not written when it does not fit its schema', async () => {
    const folder = await temporaryFolder();
    const bad = { ...sampleValidation(), steps: [] };
    await expect(writeValidationRecord(join(folder, 'bad.json'), bad)).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['{"schema": "cockpit-hil/run", "version": 1}', /is no validation record/],
    ['{"schema": "cockpit-hil/validation", "version": 9}', /of version 9; this harness reads/],
    ['{"schema": "cockpit-hil/validation", "version": 1}', /damaged validation record: id/],
  ])('refuses %s', async (text, message) => {
    const path = join(await temporaryFolder(), 'other.json');
    await writeFile(path, text);
    await expect(readValidationRecord(path)).rejects.toThrow(message);
  });
});

describe('a board that must have been validated', () => {
  it('is used when its newest validation passed within the days', async () => {
    const old = sampleValidation({ id: 'old', startedAt: '2026-09-01T08:00:00.000Z' });
    expect(await need([old, sampleValidation()], 3)).toMatchObject({ id: 'validation' });
  });

  it.each([
    ['there is none', [], /has no validation record/],
    [
      'it is of another board',
      [sampleValidation({ identity: { ...identity, uid: 'f'.repeat(24) } })],
      /has no validation record/,
    ],
    [
      'it is of another bench',
      [sampleValidation({ bench: { ...bench, name: 'other' } })],
      /has no validation record/,
    ],
    [
      'it is too old',
      [sampleValidation({ startedAt: '2026-10-23T08:00:00.000Z' })],
      /of 2026-10-23.*one of the last 30 days is needed/,
    ],
    [
      'it is of the day after tomorrow',
      [sampleValidation({ startedAt: '2026-11-25T08:00:00.000Z' })],
      /one of the last 30 days is needed/,
    ],
    [
      'a newer one failed',
      [
        sampleValidation(),
        sampleValidation({
          id: 'newer',
          startedAt: '2026-11-22T08:00:00.000Z',
          verdict: { outcome: 'failed', summary: 'no' },
        }),
      ],
      /newer, has failed/,
    ],
    ['nobody signed that of a real board', [unsigned()], /signed by nobody/],
  ])('is refused when %s, with the command that makes one', async (_, records, message) => {
    const refused = need(records);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({
      causeClass: 'rig',
      fix: 'cockpit-hil validate --bench nucleo --by NAME',
    });
  });

  it('needs no signature when it is a process', async () => {
    const emulated = unsigned({ bench: { ...bench, kind: 'emulated' } });
    expect(await need([emulated])).toMatchObject({ id: 'validation' });
  });

  it('says which records it could not read', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'damaged.json'), '{');
    await expect(need([], 30, { folder })).rejects.toThrow(
      /no validation record \(.*damaged\.json/,
    );
  });
});
