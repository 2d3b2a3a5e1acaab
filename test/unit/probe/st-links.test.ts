import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listStLinks } from '../../../src/probe/st-links.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'st-links-'));
  const devices: Record<string, Record<string, string>> = {
    usb1: { idVendor: '1d6b', idProduct: '0002', serial: '0000:00:14.0' },
    '1-4': { idVendor: '0483', idProduct: '374e', serial: '0031', busnum: '1', devnum: '12' },
    '1-2.1': { idVendor: '0483', idProduct: '3748', busnum: '1', devnum: '5' },
    '1-3': { idVendor: '0483', idProduct: '5740', serial: 'a CDC device of somebody’s' },
    // An interface has no vendor of its own.
    '1-4:1.0': { bInterfaceClass: 'ff' },
  };
  for (const [place, files] of Object.entries(devices)) {
    await mkdir(join(folder, place));
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(folder, place, name), `${text}\n`);
    }
  }
});
afterAll(() => rm(folder, { recursive: true }));

test('finds the ST-LINKs among all devices, with and without a serial number', async () => {
  expect(await listStLinks(folder)).toEqual([
    {
      ...{ kind: 'ST-LINK/V2', usb: '0483:3748', serial: undefined },
      ...{ place: '1-2.1', device: '/dev/bus/usb/001/005' },
    },
    {
      ...{ kind: 'STLINK-V3E', usb: '0483:374e', serial: '0031' },
      ...{ place: '1-4', device: '/dev/bus/usb/001/012' },
    },
  ]);
});

test('a machine that lists no USB devices is told from one that has none', async () => {
  expect(await listStLinks(join(folder, 'nowhere'))).toBeUndefined();
  expect(await listStLinks(join(folder, '1-4'))).toEqual([]);
});
