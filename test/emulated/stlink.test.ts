import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SerialPort } from 'serialport';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startEmulatedNucleo, type EmulatedNucleo } from '../../src/bench/emulated/index.ts';
import type { PinEdge } from '../../src/bench/index.ts';
import { OwnedChild, withDeadline } from '../../src/process/index.ts';

/** Arduino numbers of LD2 (PA5), D7 (PA8) and B1 (PC13). */
const LED = 13;
const D7 = 7;
const BUTTON = 22;
const PINS = new Map([
  [LED, { port: 'A', bit: 5 }],
  [D7, { port: 'A', bit: 8 }],
  [BUTTON, { port: 'C', bit: 13 }],
] as const);
/** Programming takes OpenOCD 0.5 s here; twenty times that on a crowded machine. */
const TOOL_MS = 10_000;
/** An edge comes every 10 ms of emulated time. */
const EDGE_MS = 5000;

let folder: string;
let elf: string;

interface Finished {
  readonly code: number | null;
  readonly output: string;
}

async function run(file: string, args: readonly string[]): Promise<Finished> {
  await using child = await OwnedChild.start(file, args);
  const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
  const { code } = await withDeadline(child.exited, TOOL_MS, `${file} to end`);
  return { code, output: (await outputs).join('') };
}

function openocdArguments(nucleo: EmulatedNucleo, ...commands: readonly string[]): string[] {
  const { pre, post } = nucleo.openocdArgs;
  const ports = ['-c', 'bindto 127.0.0.1; gdb_port 0; tcl_port disabled; telnet_port disabled'];
  const rest = commands.flatMap((command) => ['-c', command]);
  return [...ports, ...pre, '-f', 'board/st_nucleo_g4.cfg', ...post, ...rest];
}

const openocd = (nucleo: EmulatedNucleo, ...commands: readonly string[]): Promise<Finished> =>
  run('openocd', openocdArguments(nucleo, ...commands));

async function start(): Promise<EmulatedNucleo> {
  const nucleo = await startEmulatedNucleo({ folder: join(folder, 'board'), gpioPins: PINS });
  onTestFinished(() => nucleo[Symbol.asyncDispose]());
  return nucleo;
}

async function program(nucleo: EmulatedNucleo): Promise<void> {
  const { code, output } = await openocd(nucleo, `program ${elf} verify reset exit`);
  expect(output).toContain('** Verified OK **');
  expect(code).toBe(0);
}

/** The next edge of a pin to a level. */
async function edge(nucleo: EmulatedNucleo, pin: number, level: 0 | 1): Promise<PinEdge> {
  let stop: () => void = () => undefined;
  const seen = new Promise<PinEdge>((resolve) => {
    stop = nucleo.pins.onEdge((found) => {
      if (found.pin === pin && found.level === level) resolve(found);
    });
  });
  try {
    return await withDeadline(seen, EDGE_MS, `pin ${pin} to go to ${level}`);
  } finally {
    stop();
  }
}

/** Command lines of all processes that name this test's folder. */
async function processesOfThisTest(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(folder)) found.push(command.replaceAll('\0', ' '));
  }
  return found;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stlink-test-'));
  elf = join(folder, 'target.elf');
  const source = join(import.meta.dirname, 'stlink-target');
  const options = '-mcpu=cortex-m4 -mthumb -Og -g -nostdlib -ffreestanding -Wall -Wextra -Werror';
  const files = ['-T', `${source}.ld`, `${source}.c`, '-o', elf];
  const built = await run('arm-none-eabi-gcc', [...options.split(' '), ...files]);
  expect(built.output).toBe('');
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

it('is programmed, verified and reset by the real OpenOCD, and then runs', async () => {
  const nucleo = await start();
  await program(nucleo);
  const on = await edge(nucleo, LED, 1);
  const off = await edge(nucleo, LED, 0);
  expect(off.timeUs).toBeGreaterThan(on.timeUs);
});

it('fails verification when flash differs, and refuses to program what is not erased', async () => {
  const nucleo = await start();
  await program(nucleo);
  // Zeros may be programmed over anything (RM0440 3.3.7); any other value may not.
  const refused = await openocd(nucleo, 'init; reset halt; flash fillw 0x08000200 0x12345678 2');
  expect(refused.code).toBe(1);
  const intact = await openocd(nucleo, `init; reset halt; verify_image ${elf}; shutdown`);
  expect(intact.code).toBe(0);
  const zeroed = await openocd(nucleo, 'init; reset halt; flash fillw 0x08000200 0 2; shutdown');
  expect(zeroed.code).toBe(0);
  const differs = await openocd(nucleo, `init; reset halt; verify_image ${elf}; shutdown`);
  expect(differs.output).toContain('diff');
  expect(differs.code).toBe(1);
});

it('erases to ones, one page at a time, survives running erased flash, and takes a program again', async () => {
  const nucleo = await start();
  await program(nucleo);
  const { code, output } = await openocd(
    nucleo,
    'init; reset halt; flash erase_sector 0 0 0',
    'echo "first <[read_memory 0x08000000 32 512]>"',
    'echo "second <[read_memory 0x08000800 32 1]>"',
    'reset run; echo "state <[stm32g4x.cpu curstate]>"; shutdown',
  );
  expect(code).toBe(0);
  const words = /first <(.*)>/.exec(output)?.[1]?.split(' ') ?? [];
  expect(words).toHaveLength(512);
  expect(new Set(words)).toEqual(new Set(['0xffffffff']));
  expect(output).not.toContain('second <0xffffffff>');
  expect(output).toContain('state <running>');
  await program(nucleo);
  await edge(nucleo, LED, 1);
});

it('can be watched while it runs, halted, stepped, resumed and reset', async () => {
  const nucleo = await start();
  await program(nucleo);
  const { code, output } = await openocd(
    nucleo,
    'init; echo "state <[stm32g4x.cpu curstate]>"',
    'set first [read_memory 0x40021000 32 1]; echo "rcc <$first>"',
    'halt; echo "state <[stm32g4x.cpu curstate]>"',
    'set a [dict get [get_reg pc] pc]; step; set b [dict get [get_reg pc] pc]',
    'echo "stepped <[expr {$a != $b}]>"',
    'set_reg {r5 0x12345678}; echo "r5 <[get_reg r5]>"',
    'resume; echo "state <[stm32g4x.cpu curstate]>"; reset run; shutdown',
  );
  expect(
    [...output.matchAll(/(?:state|stepped|r5|rcc) <(.*?)>/g)].map(([, value]) => value),
  ).toEqual(['running', expect.stringMatching(/^0x/), 'halted', '1', 'r5 0x12345678', 'running']);
  expect(code).toBe(0);
  await edge(nucleo, LED, 1);
});

it('stops at breakpoints of the real GDB through OpenOCD', async () => {
  const nucleo = await start();
  await program(nucleo);
  await using server = await OwnedChild.start('openocd', openocdArguments(nucleo, 'init'));
  server.stdout.resume();
  const listening = new Promise<string>((resolve) => {
    let log = '';
    server.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      const port = /Listening on port (\d+) for gdb connections/.exec(log)?.[1];
      if (port !== undefined) resolve(port);
    });
  });
  const port = await withDeadline(listening, TOOL_MS, 'OpenOCD to listen');
  const { output } = await run('gdb-multiarch', [
    ...['-nx', '-batch', elf, '-ex', `target extended-remote 127.0.0.1:${port}`],
    ...[
      'monitor reset halt',
      'maintenance flush register-cache',
      'p $pc == &reset_handler',
    ].flatMap((command) => ['-ex', command]),
    ...['break change_led', 'continue', 'bt', 'p led_changes', 'continue', 'p led_changes'].flatMap(
      (command) => ['-ex', command],
    ),
    ...['set $before = $pc', 'stepi', 'p $pc > $before', 'delete', 'detach'].flatMap((command) => [
      '-ex',
      command,
    ]),
  ]);
  expect(output).toContain('$1 = 1');
  expect(output).toMatch(/Breakpoint 1, change_led \(level=.*1\)/);
  expect(output).toMatch(/#1 .*main_loop/);
  expect(output).toContain('$2 = 0');
  expect(output).toMatch(/Breakpoint 1, change_led \(level=.*0\)/);
  expect(output).toContain('$3 = 1');
  expect(output).toContain('$4 = 1');
});

it('has pins that can be driven from outside, over a reset too', async () => {
  const nucleo = await start();
  await program(nucleo);
  const pressed = edge(nucleo, D7, 1);
  await nucleo.pins.drive(BUTTON, 1);
  await pressed;
  const resetLow = edge(nucleo, D7, 0);
  const highAgain = resetLow.then(() => edge(nucleo, D7, 1));
  expect((await openocd(nucleo, 'init; reset run; shutdown')).code).toBe(0);
  await highAgain;
  const released = edge(nucleo, D7, 0);
  await nucleo.pins.release(BUTTON);
  await released;
  expect(await nucleo.pins.read(BUTTON)).toBe(0);
});

it('has a serial port', async () => {
  const nucleo = await start();
  const port = new SerialPort({ path: nucleo.serialPath, baudRate: 115_200, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        port.close(() => {
          resolve();
        });
      }),
  );
  await program(nucleo);
  const sent = Buffer.from('a line of text '.repeat(20));
  let received = Buffer.alloc(0);
  const complete = new Promise<void>((resolve) => {
    port.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= sent.length) resolve();
    });
  });
  await nucleo.whileWriting(async () => {
    port.write(sent);
    await withDeadline(complete, EDGE_MS, 'the echo');
  });
  expect(received.toString()).toBe(sent.toString());
});

it('leaves nothing behind', async () => {
  const nucleo = await start();
  expect(await processesOfThisTest()).toHaveLength(1);
  await nucleo[Symbol.asyncDispose]();
  expect(await processesOfThisTest()).toEqual([]);
  expect(() => process.kill(nucleo.pid, 0)).toThrow('ESRCH');
  expect(existsSync(nucleo.serialPath)).toBe(false);
  expect(await readdir(join(folder, 'board'))).toEqual([]);
  const refused = new Promise<string>((resolve) => {
    connect(nucleo.stlinkPort, '127.0.0.1')
      .once('error', (error) => {
        resolve(error.message);
      })
      .once('connect', () => {
        resolve('connected');
      });
  });
  expect(await refused).toContain('ECONNREFUSED');
});

it('starts in a folder whose path is too long for a socket', async () => {
  const long = join(folder, 'x'.repeat(120));
  await using nucleo = await startEmulatedNucleo({ folder: long, gpioPins: PINS });
  expect(nucleo.serialPath.startsWith(long)).toBe(true);
  await program(nucleo);
});

it('leaves nothing behind when its start is broken off', async () => {
  const abort = new AbortController();
  const started = startEmulatedNucleo({
    folder: join(folder, 'board'),
    gpioPins: PINS,
    signal: abort.signal,
  });
  const reason = new Error('enough');
  setImmediate(() => {
    abort.abort(reason);
  });
  await expect(started).rejects.toBe(reason);
  expect(await processesOfThisTest()).toEqual([]);
  expect(await readdir(join(folder, 'board'))).toEqual([]);
});
