import { expect, test } from 'vitest';
import { ProbeError, startOpenOcd } from '../../../src/probe/index.ts';
import { alive, failure, fakeProgram } from './fake-program.ts';

const boardFile = 'board/st_nucleo_g4.cfg';

async function start(mode: string, more: { serial?: string; signal?: AbortSignal } = {}) {
  const fake = await fakeProgram('fake-openocd');
  const lines: string[] = [];
  return {
    lines,
    openocd: startOpenOcd({
      args: { pre: ['--before'], post: ['--fake', mode] },
      boardFile,
      program: fake,
      startTimeoutMs: 3000,
      log: (line) => lines.push(line),
      ...more,
    }),
  };
}

test('starts, tells ports and probe, and ends without a process left', async () => {
  const { openocd, lines } = await start('ready');
  let pid: number | undefined;
  {
    await using board = await openocd;
    pid = board.pid;
    expect(alive(pid)).toBe(true);
    expect(board.gdbPort).toBe(40001);
    expect(board.probeInfo).toEqual({
      serial: undefined,
      version: 'V3J10M3',
      usbId: '0483:374E',
      targetVoltage: 3.28125,
    });
    expect(lines).toContain('Info : clock speed 2000 kHz');
  }
  expect(alive(pid)).toBe(false);
});

test('OpenOCD that ignores `shutdown` is ended all the same', async () => {
  const { openocd } = await start('stubborn');
  let pid: number | undefined;
  {
    await using board = await openocd;
    pid = board.pid;
  }
  expect(alive(pid)).toBe(false);
});

test('binds to loopback, disables telnet, and orders pre, board file, serial, post, init', async () => {
  const { openocd } = await start('ready', { serial: '00 1;2' });
  await using board = await openocd;
  const { value } = await board.command('argv');
  const args = value.split('|');
  expect(args[1]).toBe('bindto 127.0.0.1; gdb_port 0; tcl_port 0; telnet_port disabled');
  const places = ['--before', boardFile, 'adapter serial 00\\ 1\\;2', '--fake', 'init'].map(
    (argument) => args.indexOf(argument),
  );
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places.at(-1)).toBe(args.length - 1);
});

test('reads memory by words or bytes, little-endian, whatever the log says meanwhile', async () => {
  const { openocd } = await start('ready');
  await using board = await openocd;
  expect([...(await board.readMemory(0x20000001, 3))]).toEqual([1, 0xff, 0x80]);
  expect([...(await board.readMemory(0x20000000, 4))]).toEqual([1, 0, 0, 0x80]);
  expect(await board.mcuId()).toEqual({ idcode: 0x20016469, deviceId: 0x469, revisionId: 0x2001 });
  expect((await failure(board.readMemory(0x20000000, 8))).message).toBe(
    'OpenOCD answered 1 of 2 values read at 0x20000000',
  );
  expect(await board.targetState()).toBe('halted');
  expect(await board.registers()).toEqual(
    new Map([
      ['r0', 4],
      ['pc', 0x08000040],
    ]),
  );
});

test("a command that fails is an error with OpenOCD's own words, and the next one works", async () => {
  const { openocd } = await start('ready');
  await using board = await openocd;
  const error = await failure(board.halt());
  expect(error.causeClass).toBe('rig');
  expect(error.message).toContain('halting the core failed');
  expect(error.message).toContain('timed out while waiting for target halted');
  expect(await board.targetState()).toBe('halted');
});

test('OpenOCD that is not installed names ./scripts/setup', async () => {
  const error = await failure(
    startOpenOcd({ args: { pre: [], post: [] }, boardFile, program: 'openocd-not-there' }),
  );
  expect(error.causeClass).toBe('rig');
  expect(error.line).toBe('openocd-not-there is not installed (fix: run ./scripts/setup)');
});

test('no ST-LINK on USB: cause, fix and the log as evidence', async () => {
  const { openocd } = await start('no-probe');
  const error = await failure(openocd);
  expect(error).toBeInstanceOf(ProbeError);
  expect(error.causeClass).toBe('rig');
  expect(error.message).toContain('no ST-LINK on USB (OpenOCD: open failed)');
  expect(error.fix).toContain("plug the Nucleo's USB cable in");
  expect(error).toHaveProperty('evidence', expect.arrayContaining(['Error: open failed']));
});

test('a core that was not examined is an error although OpenOCD stays up', async () => {
  const { openocd } = await start('unexamined');
  const error = await failure(openocd);
  expect(error.message).toContain('the microcontroller does not answer over SWD');
});

test('OpenOCD that never listens is given up and ended', async () => {
  const fake = await fakeProgram('fake-openocd');
  const error = await failure(
    startOpenOcd({
      args: { pre: [], post: ['--fake', 'silent'] },
      boardFile,
      program: fake,
      startTimeoutMs: 300,
    }),
  );
  expect(error.message).toContain('timed out after 300 ms waiting for OpenOCD to start');
});

test('an abort ends the start', async () => {
  const abort = new AbortController();
  const { openocd } = await start('silent', { signal: abort.signal });
  abort.abort(new Error('Ctrl-C'));
  expect((await failure(openocd)).message).toBe("OpenOCD's start was ended: Ctrl-C");
});

test('OpenOCD killed amid a command: an error that says so, and none for the owner to clean up', async () => {
  const { openocd, lines } = await start('ready');
  await using board = await openocd;
  const busy = board.command('sleep 100000', { timeoutMs: 8000 });
  const failed = failure(busy);
  await expect.poll(() => lines).toContain('Info : busy with sleep 100000');
  process.kill(board.pid ?? 0, 'SIGKILL');
  const error = await failed;
  expect(error.causeClass).toBe('rig');
  expect(error.message).toBe(
    'OpenOCD was ended by SIGKILL; it said last: Info : busy with sleep 100000',
  );
  expect((await failure(board.targetState())).message).toContain('OpenOCD was ended by SIGKILL');
});

test('a command without an answer times out, and its late answer is not taken for the next', async () => {
  const { openocd } = await start('ready');
  await using board = await openocd;
  const error = await failure(board.command('sleep 100000', { timeoutMs: 50 }));
  expect(error.message).toBe(
    "timed out after 50 ms waiting for OpenOCD's answer to `sleep 100000`",
  );
  expect((await failure(board.targetState())).causeClass).toBe('rig');
});
