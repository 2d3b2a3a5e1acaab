import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { isSupported, launchQemu, qemuArguments } from '../../../../src/bench/emulated/qemu.ts';

const PATHS = {
  flashImage: '/f/erased.bin',
  qmp: '/f/qmp',
  qtest: '/f/with,comma',
  gdb: '/f/gdb',
  wake: '/f/wake',
};

it('puts LPUART1, the sixth serial port, on the pty, and starts paused', () => {
  const args = qemuArguments(PATHS);
  const serials = args.filter((_, index) => args[index - 1] === '-serial');
  expect(serials).toEqual(['chardev:wake', 'null', 'null', 'null', 'null', 'chardev:vcp']);
  expect(args).toContain('pty,id=vcp');
  expect(args).toContain('socket,id=wake,path=/f/wake');
  expect(args).toContain('-S');
  expect(args).toContain('unix:/f/with,,comma');
});

it('puts LPUART1 on a socket when it is to', () => {
  const args = qemuArguments({ ...PATHS, serial: '/f/a,b' });
  expect(args).toContain('socket,id=vcp,path=/f/a,,b,server=on,wait=off');
  expect(args).not.toContain('pty,id=vcp');
});

it.each([
  [8, 2, false],
  [9, 0, false],
  [9, 1, true],
  [10, 0, true],
])('version %d.%d supported: %j', (major, minor, supported) => {
  expect(isSupported({ major, minor })).toBe(supported);
});

/** A folder that is first in PATH, with a program in place of QEMU. */
async function withQemu(script: string | undefined): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fake-qemu-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'qemu-system-arm');
  if (script !== undefined) await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', script === undefined ? folder : `${folder}:${process.env.PATH ?? ''}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  return folder;
}

it.each([
  ['is missing', undefined, 'qemu-system-arm is not installed'],
  ['lacks the machine', 'echo "unsupported machine type" >&2; exit 1', 'version 9.1 or newer'],
  ['ends at once', 'echo "out of luck" >&2; exit 3', 'ended at start (exit code 3): out of luck'],
])('says what is wrong and how to mend it when QEMU %s', async (_, script, message) => {
  const folder = await withQemu(script);
  const failure: unknown = await launchQemu(folder, {}).catch((error: unknown) => error);
  expect(failure).toMatchObject({ causeClass: 'rig', fix: 'run ./scripts/setup' });
  expect(failure).toHaveProperty('message', expect.stringContaining(message));
});
