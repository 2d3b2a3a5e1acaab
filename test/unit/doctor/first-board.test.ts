import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadBench } from '../../../src/bench/index.ts';
import { checkChip } from '../../../src/bench/chip.ts';
import type { Check } from '../../../src/doctor/check.ts';
import { checkDevices, failed } from '../../../src/doctor/devices.ts';
import { checkDisk } from '../../../src/doctor/disk.ts';
import type { Machine } from '../../../src/doctor/index.ts';
import { checkTools } from '../../../src/doctor/tools.ts';
import { repositoryPath } from '../../helpers/paths.ts';
import { fakeMachine } from './fake-machine.ts';

/** A row of the table; the last two cells have texts of the doctor in code, with `…` for what differs. */
interface Row {
  readonly names: readonly string[];
  readonly found: readonly string[];
  readonly fixes: readonly string[];
}

const codeIn = (cell = ''): string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text ?? '');

function rows(): Row[] {
  const page = readFileSync(repositoryPath('docs', 'first-board.md'), 'utf8');
  const section = page.split('### The doctor says')[1]?.split('\n### ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| `'));
  return lines.map((line) => {
    const [, names, found, fixes] =
      line.split(' | ').length === 3 ? ['', ...line.split(' | ')] : [];
    return { names: codeIn(names), found: codeIn(found), fixes: codeIn(fixes) };
  });
}

/** Whether a text of the doctor is one of those of a cell. */
function fits(text: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split('…').map((part) => part.replaceAll(/[^\w\s]/g, String.raw`\$&`));
    return new RegExp(`^${parts.join('.*')}$`).test(text);
  });
}

const TABLE = rows();

/** Whether the table says of a check what the doctor says. */
function isTold({ name, found, fix }: Check): boolean {
  return TABLE.some(
    (row) =>
      row.names.includes(name) &&
      fits(found, row.found) &&
      (fix === undefined || fits(fix, row.fixes)),
  );
}

const LINK = {
  kind: 'STLINK-V3E',
  usb: '0483:374e',
  serial: '0031',
  place: '1-4',
  device: '/dev/x',
};
const PORT = { path: '/dev/ttyACM0', usb: '0483:374e', serialNumber: '0031' };
const of =
  <T>(value: T) =>
  () =>
    Promise.resolve(value);
const holder = { pid: 7, started: '1', command: 'bench nucleo', since: '03:00' };

/** Machines, each with something that is in the way. */
const MACHINES: Readonly<Record<string, Partial<Machine>>> = {
  'no tools': { version: of(undefined) },
  'old tools': { version: of('0.1') },
  'tools without a version': { version: of('well') },
  'no space': { freeBytes: of(0) },
  'no right to write or open': { barrier: of('EACCES') },
  'no such folder': { freeBytes: () => Promise.reject(new Error('ENOENT')) },
  'no group': { groups: of({ names: [], root: false }) },
  root: { groups: of({ names: [], root: true }) },
  'no probe and no port': { stLinks: of([]), serialPorts: of([]) },
  'two probes and two ports': {
    stLinks: of([LINK, { ...LINK, serial: '0032' }]),
    serialPorts: of([PORT, { ...PORT, path: '/dev/ttyACM1' }]),
  },
  'nothing listed': { stLinks: of(undefined), serialPorts: of(undefined) },
  'no rule': { text: of(undefined) },
  'taken by others': { usersOf: of(['pid 12 (picocom)']), lockHolder: of(holder) },
  'another board’s port': { serialPorts: of([{ ...PORT, serialNumber: '0099' }]) },
};

async function nucleo(environment: Record<string, string> = {}) {
  const bench = await loadBench('nucleo', undefined, environment);
  if (bench.kind !== 'nucleo') throw new Error('not the bench that was asked for');
  return bench;
}

describe('what the doctor complains of is in the table of docs/first-board.md, with its fix', () => {
  const bad = (checks: readonly Check[]): Check[] => checks.filter(({ state }) => state !== 'ok');

  test.each(Object.entries(MACHINES))('%s', async (_, change) => {
    const machine = fakeMachine(change);
    const checks = bad([
      ...(await checkTools('nucleo', machine, 'v22.0.0')),
      ...(await checkDisk('/results', machine)),
      ...(await checkDevices(await nucleo(), machine)),
    ]);
    // Node's version at least.
    expect(checks.length).toBeGreaterThan(1);
    expect(checks.filter((check) => !isTold(check))).toEqual([]);
  });

  test('a probe and a port by name that are not there', async () => {
    const machine = fakeMachine({ barrier: of('ENOENT') });
    const named = { COCKPIT_PROBE: '77', COCKPIT_SERIAL: '/dev/ttyACM9' };
    const checks = bad(await checkDevices(await nucleo(named), machine));
    expect(checks.map(({ name }) => name)).toEqual(['probe', 'serial port']);
    expect(checks.filter((check) => !isTold(check))).toEqual([]);
  });

  test('another chip', () => {
    const board = { id: 'nucleo_g474re', mcu: 'STM32G474RET6' };
    const chip = (deviceId: number) => ({
      mcu: { idcode: deviceId, deviceId, revisionId: 0 },
      uid: 'aa',
    });
    for (const [deviceId, uid] of [
      [0x415, undefined],
      [0x469, 'bb'],
    ] as const) {
      let check: Check | undefined;
      try {
        checkChip(chip(deviceId), { board, uid });
      } catch (error) {
        check = failed('chip', error);
      }
      expect(check).toBeDefined();
      expect(check !== undefined && isTold(check)).toBe(true);
    }
  });

  test('every fix for a board that does not answer HELLO', () => {
    const source = readFileSync(repositoryPath('src', 'agent', 'hello.ts'), 'utf8');
    // The last argument of an error of several lines.
    const fixes = [...source.matchAll(/^ +'([^']+)',\n +\);$/gm)].map(([, fix]) => fix ?? '');
    expect(fixes.length).toBeGreaterThan(4);
    const agent = TABLE.filter(({ names }) => names.includes('agent')).flatMap((row) => row.fixes);
    for (const fix of fixes) {
      expect([fix, fits(`cockpit-hil flash --bench nucleo, or ${fix}`, agent)]).toEqual([
        fix,
        true,
      ]);
    }
  });

  test('every check that there is', () => {
    const folder = repositoryPath('src', 'doctor');
    const source = readdirSync(folder)
      .map((file) => readFileSync(`${folder}/${file}`, 'utf8'))
      .join('\n');
    const names = [...source.matchAll(/\b(?:warn|fail|failed)\(\s*['`]([^'`$]+)['`]/g)];
    const known = new Set(TABLE.flatMap((row) => row.names));
    expect(names.length).toBeGreaterThan(8);
    expect(names.map(([, name = '']) => name).filter((name) => !known.has(name))).toEqual([]);
  });
});
