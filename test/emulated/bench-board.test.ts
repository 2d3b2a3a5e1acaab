import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { startEmulatedNucleo } from '../../src/bench/emulated/index.ts';
import { measureOnBoard } from '../../src/measure/index.ts';
import { startOpenOcd, type OpenOcd } from '../../src/probe/index.ts';

const BOARD_FILE = 'board/st_nucleo_g4.cfg';

/** FP_CTRL and FP_COMP0 (DDI 0403E C1.11): six comparators, each for one halfword. */
const FP_CTRL = 0xe0002000;
const FP_COMP = 0xe0002008;

/** Addresses of the breakpoints that are semihosting calls. */
async function semihostingCalls(elf: string): Promise<number[]> {
  const { stdout } = await execa('arm-none-eabi-objdump', ['-d', '--no-show-raw-insn', elf]);
  return [...stdout.matchAll(/^ *([0-9a-f]+):\tbkpt\t0x00ab/gm)].map((match) =>
    parseInt(match[1] ?? '', 16),
  );
}

/**
 * Has the breakpoint unit stop the core at semihosting calls. A core with debugging enabled stops there by itself; the
 * emulated one doesn't. Not by OpenOCD's `bp`: where OpenOCD knows of a breakpoint, it goes there again.
 */
async function stopAt(openocd: OpenOcd, addresses: readonly number[]): Promise<void> {
  const write = (at: number, value: number) =>
    openocd.command(`mww 0x${at.toString(16)} 0x${value.toString(16)}`);
  await write(FP_CTRL, 0b11);
  for (const [index, address] of addresses.entries()) {
    const half = (address & 2) === 0 ? 0x4000_0000 : 0x8000_0000;
    await write(FP_COMP + 4 * index, half + (address & 0x1fff_fffc) + 1);
  }
}

const push = { opcode: 1, flags: 0, immediate: 5 };
const halt = { opcode: 0, flags: 0, immediate: 0 };
const job = (pushes: number) => ({
  program: {
    instructions: [...Array.from({ length: pushes }, () => push), halt],
    strings: [],
    entry: 0,
    loop: undefined,
    debug: undefined,
  },
  before: 0,
  steps: 1000,
});

test.each([
  ['flash', 'vm-bench-switch.elf'],
  ['CCM SRAM', 'vm-bench-switch-ccm.elf'],
])(
  "the board's leg of the benchmark, hot code in %s: flashed, run and read through OpenOCD's semihosting",
  async (_, name) => {
    const elf = resolve('build/firmware/nucleo-release', name);
    await using resources = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'cockpit-hil-test-'));
    resources.defer(() => rm(folder, { recursive: true, force: true }));
    const nucleo = resources.use(await startEmulatedNucleo({ folder, gpioPins: new Map() }));
    const calls = await semihostingCalls(elf);
    expect(calls.length).toBeGreaterThan(0);
    const start = async (log: (line: string) => void) => {
      const openocd = await startOpenOcd({ args: nucleo.openocdArgs, boardFile: BOARD_FILE, log });
      await stopAt(openocd, calls);
      return openocd;
    };
    const output = await measureOnBoard(start, elf, [job(3), job(8)]);
    expect(output.compiler).toMatch(/^GCC \d+\./);
    expect(output.flags).toContain('-O2');
    expect(output.hotBytes).toBeGreaterThan(4096);
    // It is no G474, whose clock the firmware would start.
    expect(output.clockHz).toBeUndefined();
    expect(output.results.map(({ steps, end, error }) => [steps, end, error])).toEqual([
      [4, 2, 0],
      [9, 2, 0],
    ]);
  },
);
