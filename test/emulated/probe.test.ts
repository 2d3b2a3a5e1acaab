import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmulatedNucleo, type EmulatedNucleo } from '../../src/bench/emulated/index.ts';
import { HilError } from '../../src/errors/index.ts';
import { flashIfDifferent, startGdb, startOpenOcd, type OpenOcd } from '../../src/probe/index.ts';

const BOARD_FILE = 'board/st_nucleo_g4.cfg';
const ELF = resolve('build/firmware/nucleo-harness/cockpit-agent.elf');
const FLASH = 0x08000000;

const resources = new AsyncDisposableStack();
let folder: string;
let nucleo: EmulatedNucleo;
let openocd: OpenOcd;
/** The flash's content by another program than the one under test. */
let flat: Buffer;

const start = () => startOpenOcd({ args: nucleo.openocdArgs, boardFile: BOARD_FILE });

function alive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function failure(work: Promise<unknown>): Promise<HilError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HilError)) throw new Error(`no HilError but ${String(error)}`);
  return error;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cockpit-hil-test-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const binary = join(folder, 'flat.bin');
  await execa('arm-none-eabi-objcopy', ['-O', 'binary', ELF, binary]);
  flat = await readFile(binary);
  nucleo = resources.use(
    await startEmulatedNucleo({ folder: join(folder, 'board'), gpioPins: new Map() }),
  );
  openocd = resources.use(await start());
});

afterAll(() => resources.disposeAsync());

test('an erased board is flashed; the same image is then skipped, with equal hashes', async () => {
  const phases: string[] = [];
  const first = await flashIfDifferent(openocd, ELF, { onPhase: (phase) => phases.push(phase) });
  expect(first.action).toBe('flashed');
  const erased = createHash('sha256').update(Buffer.alloc(first.bytes, 0xff)).digest('hex');
  expect(first.boardSha256Before).toBe(erased);
  expect(phases).toEqual(['halt', 'compare', 'halt', 'write', 'verify', 'run']);
  expect(await openocd.targetState()).toBe('running');
  const held = Buffer.from(await openocd.readMemory(FLASH, flat.length));
  expect(held.equals(flat)).toBe(true);

  const second = await flashIfDifferent(openocd, ELF);
  expect(second.action).toBe('skipped');
  expect(second.boardSha256Before).toBe(second.imageSha256);
  expect(second.imageSha256).toBe(first.imageSha256);
  expect(await openocd.targetState()).toBe('running');
});

test('one changed byte is noticed, flashed and verified', async () => {
  const changed = join(folder, 'one byte {changed}.elf');
  await copyFile(ELF, changed);
  const file = await readFile(changed);
  // The last 64 bytes of the flash image occur once in the ELF file: change the first of them there.
  const at = file.indexOf(flat.subarray(-64, -8));
  expect(at).toBeGreaterThan(0);
  file[at] = (file[at] ?? 0) ^ 0xff;
  await writeFile(changed, file);

  const result = await flashIfDifferent(openocd, changed);
  expect(result.action).toBe('flashed');
  expect(result.boardSha256Before).not.toBe(result.imageSha256);
  const error = await failure(openocd.command(`verify_image ${ELF}`, { doing: 'verifying' }));
  expect(error.message).toContain('the flash does not hold what was written');
  expect((await flashIfDifferent(openocd, ELF)).action).toBe('flashed');
});

test('the probe and the microcontroller say who they are', async () => {
  expect(openocd.probeInfo.version).toMatch(/^V3J\d+/);
  expect(openocd.probeInfo.targetVoltage).toBeCloseTo(3.3, 1);
  expect((await openocd.mcuId()).deviceId).toBe(0x469);
});

test('halt, registers, reset to the first instruction, run', async () => {
  await openocd.halt();
  expect(await openocd.targetState()).toBe('halted');
  await openocd.reset('halt');
  const registers = await openocd.registers();
  // The vector table: initial stack pointer, then the reset handler with the Thumb bit.
  expect(registers.get('msp')).toBe(flat.readUInt32LE(0));
  expect(registers.get('pc')).toBe(flat.readUInt32LE(4) & ~1);
  await openocd.resume();
  expect(await openocd.targetState()).toBe('running');
});

test('GDB reads call stack, variables and registers of the running firmware, and lets it run on', async () => {
  await openocd.reset('run');
  {
    await using gdb = await startGdb({ elfPath: ELF, port: openocd.gdbPort });
    const stop = await gdb.runTo('agent_round', 3000);
    expect(stop.reason).toBe('breakpoint-hit');
    const stack = await gdb.backtrace();
    expect(stack.map(({ func }) => func)).toEqual(['agent_round', 'main']);
    expect(stack[1]?.file).toContain('main.c');
    // HSI16 / 4 * 85 / 2, set up by the firmware before main's loop.
    expect(await gdb.variable('current_hz')).toEqual({ text: '170000000', number: 170_000_000 });
    const registers = await gdb.registers();
    expect(registers.get('pc')).toBe(stack[0]?.address);
    expect((await openocd.registers()).get('pc')).toBe(stack[0]?.address);

    const error = await failure(gdb.variable('no_such_variable'));
    expect(error.causeClass).toBe('usage');
    expect((await gdb.step('instruction')).reason).toBe('end-stepping-range');
    await gdb.resume();
    expect((await failure(gdb.backtrace())).fix).toBe('halt the core first');
    expect(await openocd.targetState()).toBe('running');
  }
  expect(await openocd.targetState()).toBe('running');
});

test('a GDB that is killed at a breakpoint leaves the core running and no breakpoint', async () => {
  await using gdb = await startGdb({ elfPath: ELF, port: openocd.gdbPort });
  await gdb.breakAt('agent_round');
  await gdb.resume();
  await gdb.waitForStop(3000);
  process.kill(gdb.pid ?? 0, 'SIGKILL');
  expect((await failure(gdb.backtrace())).message).toContain('GDB ended with SIGKILL');
  await expect.poll(() => openocd.targetState()).toBe('running');
  expect((await openocd.command('bp')).output).toBe('');
});

test('a core that was halted before GDB came is halted afterwards', async () => {
  await openocd.halt();
  {
    await using gdb = await startGdb({ elfPath: ELF, port: openocd.gdbPort });
    await gdb.step('instruction');
  }
  expect(await openocd.targetState()).toBe('halted');
  await openocd.resume();
});

test('OpenOCD killed amid a command: a bounded rig error; the next OpenOCD finds the board', async () => {
  await openocd[Symbol.asyncDispose]();
  const pids: (number | undefined)[] = [];
  {
    await using doomed = await start();
    pids.push(doomed.pid);
    await using gdb = await startGdb({ elfPath: ELF, port: doomed.gdbPort });
    pids.push(gdb.pid);
    const busy = failure(doomed.command('echo begun; sleep 100000', { timeoutMs: 20_000 }));
    process.kill(doomed.pid ?? 0, 'SIGKILL');
    const error = await busy;
    expect(error.causeClass).toBe('rig');
    expect(error.message).toContain('OpenOCD was ended by SIGKILL');
    expect((await failure(gdb.variable('current_hz'))).causeClass).toBe('rig');
    expect((await failure(gdb.variable('current_hz'))).causeClass).toBe('rig');
  }
  expect(pids.map(alive)).toEqual([false, false]);
  openocd = resources.use(await start());
  await openocd.reset('run');
  expect(await openocd.targetState()).toBe('running');
});

test.each([
  ['no ST-LINK server', ['-c', 'hla_stlink_backend tcp 1'], 'no ST-LINK server listens'],
  ['a missing file', ['-f', 'board/nosuch.cfg'], "Can't find board/nosuch.cfg"],
  ['a broken command', ['-c', 'nosuch_command'], 'invalid command name "nosuch_command"'],
])('OpenOCD with %s says so', async (_, post, words) => {
  const error = await failure(
    startOpenOcd({ args: { pre: [], post }, boardFile: BOARD_FILE, serial: 'NOT-A-PROBE' }),
  );
  expect(error.causeClass).toBe('rig');
  expect(error.message).toContain(words);
});

test('OpenOCD without an ST-LINK on USB says what to plug in', async () => {
  const error = await failure(
    startOpenOcd({
      args: { pre: [], post: [] },
      boardFile: BOARD_FILE,
      serial: 'NOT-A-PROBE',
    }),
  );
  expect(error.message).toContain('no ST-LINK on USB');
  expect(error.fix).toContain('USB cable');
});

test('a board that dies is a rig error', async () => {
  process.kill(nucleo.pid, 'SIGKILL');
  const error = await failure(openocd.reset('halt'));
  expect(error.causeClass).toBe('rig');
  expect(error.message).toContain('the connection to the board was lost');
});
