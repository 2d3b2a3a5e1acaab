import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { loadBench, loadBoard, type BenchFile } from '../../../src/bench/index.ts';
import type { Check } from '../../../src/doctor/check.ts';
import { checkDevices } from '../../../src/doctor/devices.ts';
import { checkDisk } from '../../../src/doctor/disk.ts';
import { examine, type Machine } from '../../../src/doctor/index.ts';
import { checkUdevRule } from '../../../src/doctor/rights.ts';
import { checkTools } from '../../../src/doctor/tools.ts';
import { repositoryPath } from '../../helpers/paths.ts';
import { fakeMachine } from './fake-machine.ts';

const MIB = 1024 * 1024;

async function nucleo(
  environment: Record<string, string> = {},
): Promise<Extract<BenchFile, { kind: 'nucleo' }>> {
  const bench = await loadBench('nucleo', undefined, environment);
  if (bench.kind !== 'nucleo') throw new Error('not the bench that was asked for');
  return bench;
}

const bad = (checks: readonly Check[]): Check[] => checks.filter(({ state }) => state !== 'ok');

/** What is wrong with the devices of a machine. */
async function devices(
  change: Partial<Machine>,
  environment?: Record<string, string>,
): Promise<Check[]> {
  return bad(await checkDevices(await nucleo(environment), fakeMachine(change)));
}

describe('tools', () => {
  test('a machine that has them all', async () => {
    expect(bad(await checkTools(undefined, fakeMachine(), 'v24.21.0'))).toEqual([]);
  });

  test('one that is missing is in the way of the benches that need it', async () => {
    const machine = fakeMachine({
      version: async (program) =>
        program === 'qemu-system-arm' ? undefined : fakeMachine().version(program),
    });
    const missing = { name: 'qemu-system-arm', found: 'is not installed' };
    const fix = 'sudo apt-get install qemu-system-arm, or ./scripts/setup';
    expect(bad(await checkTools('emulated', machine, 'v24.0.0'))).toEqual([
      { ...missing, state: 'FAIL', fix },
    ]);
    expect(bad(await checkTools('nucleo', machine, 'v24.0.0'))).toEqual([
      { ...missing, state: 'warn', fix },
    ]);
  });

  test('one that is too old is named with both versions', async () => {
    const machine = fakeMachine({ version: () => Promise.resolve('QEMU emulator version 7.2.19') });
    const checks = bad(await checkTools('emulated', machine, 'v22.4.1'));
    expect(checks).toContainEqual({
      ...{ name: 'qemu-system-arm', state: 'FAIL', found: '7.2.19; 9.1 or newer is needed' },
      fix: 'sudo apt-get install qemu-system-arm, or ./scripts/setup',
    });
    expect(checks[0]).toMatchObject({ name: 'node', found: 'v22.4.1; 24 or newer is needed' });
  });
});

describe('devices of a real board', () => {
  test('a board that is plugged in, with the rights to use it', async () => {
    expect(await devices({})).toEqual([]);
    const checks = await checkDevices(await nucleo(), fakeMachine());
    expect(checks.map(({ name }) => name)).toEqual([
      ...['group plugdev', 'group dialout', 'probe', 'udev rule', 'serial port'],
    ]);
    expect(checks.at(-1)?.found).toBe('/dev/ttyACM0, and nobody has it open');
  });

  test('none is plugged in', async () => {
    const none = { stLinks: () => Promise.resolve([]), serialPorts: () => Promise.resolve([]) };
    expect(await devices(none)).toMatchObject([
      { name: 'probe', state: 'FAIL', found: 'no ST-LINK is plugged in' },
      { name: 'serial port', state: 'FAIL' },
    ]);
  });

  test('a user who is in none of the groups', async () => {
    const groups = (): ReturnType<Machine['groups']> =>
      Promise.resolve({ names: ['user'], root: false });
    expect(await devices({ groups })).toMatchObject([
      {
        name: 'group plugdev',
        fix: 'sudo usermod -aG plugdev "$USER", then log in again',
      },
      { name: 'group dialout', fix: 'sudo usermod -aG dialout "$USER", then log in again' },
    ]);
  });

  test('a probe and a port that this user may not open', async () => {
    const [probe, port, ...others] = await devices({ barrier: () => Promise.resolve('EACCES') });
    expect(probe).toMatchObject({ name: 'probe', state: 'FAIL' });
    expect(probe?.found).toContain('may not open /dev/bus/usb/001/012');
    expect(port).toMatchObject({ name: 'serial port', state: 'FAIL' });
    expect(port?.fix).toContain('usermod -aG dialout');
    expect(others).toEqual([]);
  });

  test('no udev rule', async () => {
    const [check] = await devices({ text: () => Promise.resolve(undefined) });
    expect(check).toMatchObject({ name: 'udev rule', state: 'FAIL' });
    expect(check?.fix).toContain('sudo cp scripts/60-cockpit-hil.rules /etc/udev/rules.d/');
  });

  test('a port that somebody has open, and a probe that another run has', async () => {
    const holder = { pid: 7, started: '1', command: 'bench nucleo', since: '03:00' };
    const checks = await devices({
      usersOf: () => Promise.resolve(['pid 12 (picocom)']),
      lockHolder: (resource) => Promise.resolve(resource === 'probe-0031' ? holder : undefined),
    });
    expect(checks).toMatchObject([
      { name: 'probe lock', found: 'pid 7 (bench nucleo) has it since 03:00' },
      {
        name: 'serial port',
        found: '/dev/ttyACM0 is open in pid 12 (picocom)',
        fix: 'end that program',
      },
    ]);
  });

  test('a port that is named and not there', async () => {
    const barrier = (path: string): Promise<string | undefined> =>
      Promise.resolve(path === '/dev/ttyACM9' ? 'ENOENT' : undefined);
    expect(await devices({ barrier }, { COCKPIT_SERIAL: '/dev/ttyACM9' })).toMatchObject([
      { name: 'serial port', found: 'there is no /dev/ttyACM9' },
    ]);
  });

  test('a machine that does not list its devices is warned of, not refused', async () => {
    const unlisted = {
      stLinks: () => Promise.resolve(undefined),
      serialPorts: () => Promise.resolve(undefined),
    };
    expect((await devices(unlisted)).map(({ state }) => state)).toEqual(['warn', 'warn']);
  });
});

test("the project's own rules name the Nucleo's ST-LINK, comments aside", async () => {
  const rules = await readFile(repositoryPath('scripts', '60-cockpit-hil.rules'), 'utf8');
  const text = (path: string): Promise<string | undefined> =>
    Promise.resolve(path === '/etc/udev/rules.d/60-cockpit-hil.rules' ? rules : undefined);
  for (const product of ['374e', '3748', '3753']) {
    expect(await checkUdevRule(product, fakeMachine({ text }))).toMatchObject({ state: 'ok' });
  }
  const commented = { text: () => Promise.resolve('# ATTR{idProduct}=="374e"') };
  expect(await checkUdevRule('374e', fakeMachine(commented))).toMatchObject({ state: 'FAIL' });
});

test.each([
  [9 * MIB, 'FAIL'],
  [99 * MIB, 'warn'],
  [100 * MIB, 'ok'],
])('%i bytes free are %s', async (free, state) => {
  const machine = fakeMachine({ freeBytes: () => Promise.resolve(free) });
  const checks = await checkDisk('/results', machine);
  expect(checks.map((check) => [check.name, check.state])).toEqual([
    ['disk, results', state],
    ['disk, temporary', state],
  ]);
});

test('the board is not touched while the machine is unfit', async () => {
  const bench = await loadBench('native');
  const settings = {
    ...{ bench, board: await loadBoard(bench.board), resources: new AsyncDisposableStack() },
    ...{ signal: new AbortController().signal, log: pino({ level: 'silent' }) },
  };
  const names = async (machine: Machine): Promise<string[]> => {
    const found: string[] = [];
    const examination = { machine, node: 'v24.0.0', folder: '/results', board: settings };
    for await (const check of examine(examination)) found.push(check.name);
    return found;
  };
  const unfit = fakeMachine({ version: () => Promise.resolve(undefined) });
  expect(await names(unfit)).not.toContain('bench');
  // The check that comes next is the board's, and fails or not as the native agent is built or not.
  expect(await names(fakeMachine())).toContain('bench');
  await settings.resources.disposeAsync();
});
