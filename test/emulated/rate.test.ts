import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openTestBench, type TestBench } from '../helpers/bench.ts';

/** RM0440, LPUART registers: CR1 and BRR of LPUART1. */
const CR1 = 0x4000_8000;
const BRR = 0x4000_800c;
/** UE, RE, TE, RXNEIE and FIFOEN. */
const ENABLED = 0x2000_002d;
/** 256 * 170 MHz / baud to the nearest, of which the emulated UART keeps the lower 16 bits. */
const AT_115200 = 377_778 & 0xffff;
const AT_921600 = 47_222;
/** The board goes back after 1.2 s of its own clock, which runs as the host lets it. */
const BACK_MS = 20_000;

let bench: TestBench;
beforeAll(async () => {
  bench = await openTestBench('emulated');
});
afterAll(() => bench[Symbol.asyncDispose]());

async function register(address: number): Promise<number> {
  const bytes = await bench.rig.probe?.openocd.readMemory(address, 4);
  return new DataView(bytes?.buffer ?? new ArrayBuffer(4)).getUint32(0, true);
}

/** A request that is answered: the rate has changed by then, as nothing is received before. */
const echo = async (): Promise<void> => {
  const bytes = Uint8Array.of(1, 2, 3);
  expect(await bench.agent.echo(bytes)).toEqual(bytes);
};

const raise = async (): Promise<readonly string[]> =>
  (await bench.agent.channel.request('RATE', ['921600'])).fields;

it('the firmware starts LPUART1 at 115200 baud, with its FIFOs', async () => {
  expect(await register(BRR)).toBe(AT_115200);
  expect((await register(CR1)) & ENABLED).toBe(ENABLED);
});

it('sets the divider of the rate that it is asked for, and is back after silence', async () => {
  expect(await raise()).toEqual(['ok', 'baud=921604', 'ppm=4', 'back=1200']);
  await echo();
  expect(await register(BRR)).toBe(AT_921600);
  expect((await register(CR1)) & ENABLED).toBe(ENABLED);
  await vi.waitFor(async () => {
    expect(await register(BRR)).toBe(AT_115200);
  }, BACK_MS);
  await echo();
});

it('starts at 115200 baud whatever the rate was before', async () => {
  await raise();
  await echo();
  await bench.agent.reboot();
  await bench.agent.hello();
  expect(await register(BRR)).toBe(AT_115200);
});

it('refuses rates that LPUART1 can not make', async () => {
  for (const baud of ['41503', '56666667']) {
    await expect(bench.agent.channel.request('RATE', [baud])).rejects.toMatchObject({
      code: 'bad-request',
    });
  }
});

it('has no rate that can be changed: the socket of the emulated UART carries any', async () => {
  expect(bench.rate).toBeUndefined();
  expect(bench.hello.rate).toBe(56_666_666);
  await expect(bench.agent.board()).resolves.toMatchObject({ lost: 0 });
});
