import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expandVariables, loadBench } from '../../../src/bench/bench-file.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bench-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The message for a bench file of the given text, the file name cut off. */
async function refusal(text: string): Promise<string> {
  const file = join(folder, 'broken.yaml');
  await writeFile(file, text);
  try {
    await loadBench(file, folder, {});
  } catch (error) {
    return (error as Error).message.replace(`${file}:`, '');
  }
  return 'accepted';
}

describe('loadBench', () => {
  test('reads the emulated bench; paths are in the project', async () => {
    const bench = await loadBench('emulated');
    expect(bench).toMatchObject({ kind: 'emulated', name: 'emulated', board: 'nucleo_g474re' });
    if (bench.kind === 'emulated') expect(bench.firmware.startsWith(`${ROOT}/build/`)).toBe(true);
  });

  test('reads the native bench', async () => {
    expect(await loadBench('native')).toMatchObject({ kind: 'native', board: 'nucleo_g474re' });
  });

  test('reads the real bench, with and without a port named in the environment', async () => {
    const chosen = await loadBench('nucleo', undefined, { COCKPIT_SERIAL: '/dev/ttyACM3' });
    expect(chosen).toMatchObject({ serial: { port: '/dev/ttyACM3', usb: '0483:374e' } });
    const found = await loadBench('nucleo', undefined, {});
    expect(found).toMatchObject({ serial: { port: 'auto' }, probe: { serial: 'any' } });
  });

  test('a ladder has its rungs in the order of the file, with limits of its own or the usual ones', async () => {
    const file = join(folder, 'ladder.yaml');
    const ladder = 'recovery:\n  - { rung: nrst, limit: 1.5s }\n  - { rung: power-cycle }\n';
    await writeFile(file, `kind: native\nboard: b\nprogram: x\n${ladder}`);
    const { recovery } = await loadBench(file, folder, {});
    expect(recovery).toEqual([
      { rung: 'nrst', limitMs: 1500 },
      { rung: 'power-cycle', limitMs: 120_000 },
    ]);
    expect((await loadBench('emulated')).recovery).toBeUndefined();
  });

  test('a watchdog leaves the probe time to look', async () => {
    const file = join(folder, 'watchdog.yaml');
    const nucleo = `kind: nucleo\nboard: b\nserial: { port: auto, usb: '0483:374e', baud: 115200 }\nprobe: { serial: any }\nfirmware: x\n`;
    await writeFile(file, `${nucleo}watchdog: 20s\n`);
    expect(await loadBench(file, folder, {})).toMatchObject({ watchdog: 20_000 });
    for (const time of ['14.9s', '31s', '0s'])
      expect(await refusal(`${nucleo}watchdog: ${time}\n`)).toMatch(/^6:.*15s to 30s|longer than/);
  });

  test('the highest rate of a line is 2,000,000 baud, or what the file says', async () => {
    const file = join(folder, 'rate.yaml');
    const nucleo = (more: string): string =>
      `kind: nucleo\nboard: b\nserial: { port: auto, usb: '0483:374e', baud: 115200${more} }\nprobe: { serial: any }\nfirmware: x\n`;
    for (const [more, highest] of [
      ['', 2_000_000],
      [', highest: 115200', 115_200],
    ] as const) {
      await writeFile(file, nucleo(more));
      expect(await loadBench(file, folder, {})).toMatchObject({ serial: { highest } });
    }
    expect(await refusal(nucleo(', highest: 9600'))).toMatch(/serial\.highest: .*41504/);
  });

  test('a native bench may have a cable', async () => {
    const file = join(folder, 'cable.yaml');
    await writeFile(file, 'kind: native\nboard: b\nprogram: x\ncable: { carries: 921600 }\n');
    expect(await loadBench(file, folder, {})).toMatchObject({
      cable: { carries: 921_600, seed: 1, highest: 2_000_000 },
    });
  });

  test('names an unknown bench and lists those there are', async () => {
    await expect(loadBench('emulate')).rejects.toMatchObject({
      causeClass: 'usage',
      message: 'there is no bench "emulate"; did you mean "emulated"?',
      fix: 'use one of: emulated, native, nucleo',
    });
  });

  test('names a file that is not there', async () => {
    await expect(loadBench('./no-such.yaml')).rejects.toMatchObject({
      causeClass: 'usage',
      message: `there is no file ${resolve('no-such.yaml')}`,
    });
  });

  test.each([
    ['an unknown kind', 'kind: robot\nboard: b\n', /^1: kind: .*nucleo.*emulated.*native/],
    ['a missing key', 'kind: native\nboard: b\n', /^1: program: this key is missing$/],
    [
      'a misspelt key',
      'kind: native\nboard: b\nprogram: x\nprogramm: y\n',
      /^4: unknown key "programm"; did you mean "program"\?$/,
    ],
    [
      'a key of another kind',
      'kind: native\nboard: b\nprogram: x\nfirmware: y\n',
      /^4: unknown key "firmware"; allowed: kind, board, program, recovery, cable$/,
    ],
    [
      'a baud rate that LPUART1 cannot divide down to',
      'kind: nucleo\nboard: b\nserial:\n  port: auto\n  usb: 0483:374e\n  baud: 9600\nprobe: { serial: any }\nfirmware: f\n',
      /^6: serial\.baud: .*41504/,
    ],
    [
      'a rung that there is not',
      'kind: native\nboard: b\nprogram: x\nrecovery:\n  - { rung: reconect }\n',
      /^5: recovery\.0\.rung: .*"reconnect"/,
    ],
    [
      'a rung that is there twice',
      'kind: native\nboard: b\nprogram: x\nrecovery:\n  - { rung: nrst }\n  - { rung: nrst }\n',
      /^6: recovery\.1\.rung: nrst is there twice$/,
    ],
    [
      'a limit without a unit',
      "kind: native\nboard: b\nprogram: x\nrecovery:\n  - { rung: nrst, limit: '5' }\n",
      /^5: recovery\.0\.limit: must be a time such as 500ms, 3s or 2min$/,
    ],
    [
      'a unique number that is none',
      'kind: emulated\nboard: b\nfirmware: f\nuid: 0x1234\n',
      /^4: uid: .*$/,
    ],
    ['broken YAML', 'kind: native\nboard: "b\n', /^[23]: /],
    ['an empty file', '', /^1: /],
  ])('refuses %s', async (_what, text, message) => {
    expect(await refusal(text)).toMatch(message);
  });

  test('refuses a variable that is not set and has no default', async () => {
    expect(await refusal('kind: native\nboard: b\nprogram: ${AGENT}\n')).toBe(
      'environment variable AGENT is not set',
    );
  });
});

test('expandVariables works like a shell', () => {
  const environment = { A: 'one', EMPTY: '' };
  expect(expandVariables('${A}/${A}-${B:-two}', environment)).toBe('one/one-two');
  expect(expandVariables('[${EMPTY}][${EMPTY:-default}][${B:-}]', environment)).toBe(
    '[][default][]',
  );
  expect(expandVariables('$A {A} ${}', environment)).toBe('$A {A} ${}');
});
