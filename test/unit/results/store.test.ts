import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  checkRecordPath,
  exitCode,
  readRunRecord,
  runId,
  runRecordSchema,
  writeRunRecord,
} from '../../../src/results/index.ts';
import {
  sampleDivergence,
  sampleProgram,
  sampleRecord,
  sampleTriage,
} from '../../helpers/sample-record.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

describe('a run record', () => {
  it('is written whole, and reads back the same', async () => {
    const path = join(await temporaryFolder(), 'new', 'folder', 'record.json');
    await writeRunRecord(path, sampleRecord());
    expect(await readRunRecord(path)).toEqual(sampleRecord());
    expect(await readdir(join(path, '..'))).toEqual(['record.json']);
  });

  it('reads back the same with everything that a divergence leaves', async () => {
    const path = join(await temporaryFolder(), 'record.json');
    const record = sampleRecord({
      verdict: { outcome: 'failed', causeClass: 'transient', summary: 'now and then' },
      world: { pins: [{ adc: true, pwm: false, dac: false }, null], buttons: 1 },
      programs: [
        sampleProgram({
          image: Buffer.from([0, 1, 254, 255]).toString('base64'),
          inputs: [[3, 0x0100, 4095]],
          divergence: sampleDivergence({
            epoch: 2,
            inputs: { count: 1, last: [{ step: 3, port: 'analog pin 0', value: 4095 }] },
          }),
          triage: sampleTriage(),
        }),
      ],
    });
    await writeRunRecord(path, record);
    expect(await readRunRecord(path)).toEqual(record);
  });

  it('names the file that cannot be written', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    const path = join(folder, 'file', 'record.json');
    await expect(writeRunRecord(path, sampleRecord())).rejects.toThrow(
      `cannot write the run record ${path}`,
    );
  });

  it.each([
    ['another version', { version: 1 }],
    ['an unknown field', { extra: 1 }],
    ['no program', { programs: [] }],
    ['a strange outcome', { verdict: { outcome: 'fine', summary: '' } }],
  ])('with %s is refused', (_, change) => {
    expect(runRecordSchema.safeParse({ ...sampleRecord(), ...change }).success).toBe(false);
  });
});

describe('readRunRecord', () => {
  it.each<[string, string, string]>([
    ['another version', JSON.stringify({ ...sampleRecord(), version: 1 }), 'version 1; this'],
    ['other JSON', '{"a": 1}', 'is no run record'],
    ['no JSON', 'hello', 'is not JSON'],
    [
      'a damaged one',
      JSON.stringify({ ...sampleRecord(), clock: 'sundial' }),
      'is a damaged run record: clock: ',
    ],
  ])('refuses %s', async (_, text, message) => {
    const path = join(await temporaryFolder(), 'record.json');
    await writeFile(path, text);
    await expect(readRunRecord(path)).rejects.toThrow(message);
  });

  it('says that there is no such file', async () => {
    await expect(readRunRecord('/no/such/record.json')).rejects.toThrow('no such file');
  });
});

describe('checkRecordPath', () => {
  it('makes the folder, and nothing else', async () => {
    const folder = await temporaryFolder();
    await checkRecordPath(join(folder, 'a', 'b', 'record.json'));
    expect(await readdir(join(folder, 'a', 'b'))).toEqual([]);
  });

  it('takes a record that is there already', async () => {
    const path = join(await temporaryFolder(), 'record.json');
    await writeFile(path, 'old');
    await checkRecordPath(path);
    expect(await readFile(path, 'utf8')).toBe('old');
  });

  it.each([
    'file/record.json',
    'file/a/record.json',
    'folder',
    'folder/',
    '/proc/none/record.json',
  ])('refuses %s', async (name) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    await mkdir(join(folder, 'folder'));
    await expect(checkRecordPath(resolve(folder, name))).rejects.toMatchObject({
      causeClass: 'usage',
    });
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
