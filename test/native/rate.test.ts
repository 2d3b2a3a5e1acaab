import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectAgent, type Agent } from '../../src/agent/index.ts';
import { BenchSession, loadBench, loadBoard } from '../../src/bench/index.ts';
import { createChannel, DamageWatch, openSerial } from '../../src/link/index.ts';
import { runRecordSchema } from '../../src/results/index.ts';
import { cockpitHil } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { repositoryPath } from '../helpers/paths.ts';

const ALL = [115_200, 230_400, 460_800, 921_600, 1_000_000, 2_000_000];

/** A native bench whose pseudo terminal is a cable. */
async function benchFile(cable: string): Promise<string> {
  const file = join(await temporaryFolder(), 'cable.yaml');
  const text = `kind: native\nboard: nucleo_g474re\nprogram: build/firmware/native/cockpit-agent\ncable: { ${cable} }\n`;
  await writeFile(file, text);
  return file;
}

let owner: AsyncDisposableStack;
beforeEach(() => {
  owner = new AsyncDisposableStack();
});
afterEach(() => owner.disposeAsync());

async function openCable(cable: string): Promise<BenchSession> {
  const bench = await loadBench(await benchFile(cable));
  if (bench.kind !== 'native') throw new Error('not the bench that was written');
  const board = await loadBoard(bench.board);
  const { signal } = new AbortController();
  const log = pino({ level: 'silent' });
  return BenchSession.open({ bench, board, firmware: bench.program, signal, log }, owner);
}

const rateOf = ({ channel }: Agent): number | undefined => channel.speed.baud;

describe('a line whose cable carries some rates', () => {
  it.each([
    [115_200, { baud: 115_200, next: { baud: 230_400, why: 'an answer was lost' } }],
    [921_600, { baud: 921_600, next: { baud: 1_000_000, why: 'an answer was lost' } }],
    [2_000_000, { baud: 2_000_000 }],
  ])('%i: is used at the highest that held', async (carries, rate) => {
    const session = await openCable(`carries: ${carries}`);
    const { agent, ...connected } = await session.connect();
    expect(connected.rate).toEqual(rate);
    expect(rateOf(agent)).toBe(rate.baud);
    // What was tried is no damage of the line as it is used.
    const { badFrames, boardBadFrames, lostFrames, repeats } = agent.channel.counters;
    expect({ badFrames, boardBadFrames, lostFrames, repeats }).toEqual({
      ...{ badFrames: 0, boardBadFrames: 0, lostFrames: 0, repeats: 0 },
    });
    expect(await agent.echo(Uint8Array.of(1, 2, 3))).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('is tried no higher than the bench file says', async () => {
    const session = await openCable('carries: 2000000, highest: 500000');
    expect((await session.connect()).rate).toEqual({ baud: 500_000 });
  });

  it('is swept: every rate is tried, and the highest that held is used', async () => {
    const session = await openCable('carries: 460800, seed: 7');
    const { agent } = await session.connect();
    const trials = (await session.sweepRates(1)) ?? [];
    expect(trials.map(({ baud, why }) => [baud, why === undefined])).toEqual(
      ALL.map((baud) => [baud, baud <= 460_800]),
    );
    // Four patterns of 372, 372, 372 and 256 bytes, there and back.
    expect(trials.slice(0, 3).map(({ bytes, damaged }) => [bytes, damaged])).toEqual([
      [2744, 0],
      [2744, 0],
      [2744, 0],
    ]);
    expect(trials.slice(3).some(({ damaged }) => damaged > 0)).toBe(true);
    expect(rateOf(agent)).toBe(460_800);
    expect(session.connected?.rate).toMatchObject({ baud: 460_800, next: { baud: 921_600 } });
  });

  it('has no rate without a cable', async () => {
    const bench = await loadBench('native');
    const board = await loadBoard(bench.board);
    const settings = {
      ...{ bench, board, signal: new AbortController().signal, log: pino({ level: 'silent' }) },
      firmware: bench.kind === 'native' ? bench.program : '',
    };
    const session = await BenchSession.open(settings, owner);
    const { rate, hello } = await session.connect();
    expect([rate, hello.rate, await session.sweepRates(1)]).toEqual([undefined, 0, undefined]);
  });
});

describe('a board at a raised rate', () => {
  it('stays there while nothing is asked of it, for longer than it would by itself', async () => {
    const { agent } = await (await openCable('carries: 921600')).connect();
    await delay(2000);
    await agent.status(0);
    expect(rateOf(agent)).toBe(921_600);
    expect(agent.channel.counters.repeats).toBe(0);
  });

  it('is found at the first rate when the host was away, and is raised again', async () => {
    const session = await openCable('carries: 921600');
    const { agent } = await session.connect();
    const watch = new DamageWatch(agent.channel);
    // The board's 1,200 ms pass without this thread.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
    await agent.status(0);
    expect(agent.channel.speed).toMatchObject({ baud: 115_200, falls: 1 });
    expect(watch.seen() ?? '').not.toMatch(/garbage|damaged frames:/);
    await session.confirm();
    expect(rateOf(agent)).toBe(921_600);
  });

  it('is found when it starts anew by itself, and the line is not blamed', async () => {
    const { agent } = await (await openCable('carries: 921600')).connect();
    const watch = new DamageWatch(agent.channel);
    await agent.channel.request('REBOOT');
    expect(await agent.status(0)).toMatchObject({ state: 'empty' });
    expect(rateOf(agent)).toBe(115_200);
    expect(watch.seen() ?? '').not.toMatch(/garbage|damaged frames:/);
  });

  it('goes down with REBOOT and up with the next connection', async () => {
    const session = await openCable('carries: 921600');
    const { agent } = await session.connect();
    await agent.reboot();
    expect(rateOf(agent)).toBe(115_200);
    await agent.hello();
    const again = await session.connect();
    expect(again.rate).toMatchObject({ baud: 921_600 });
    expect(rateOf(again.agent)).toBe(921_600);
  });

  it('is left at the first rate, where the next program finds it at once', async () => {
    const session = await openCable('carries: 921600');
    await session.connect();
    const { serial } = session.rig;
    await session.disconnect();
    if (!('path' in serial)) throw new Error('a native bench has a terminal');
    await using line = await openSerial(serial);
    // One try: the board would need 1,200 ms by itself.
    const hello = await connectAgent(createChannel(line)).hello({ tries: 1, timeoutMs: 1000 });
    expect(hello.board).toBe('nucleo_g474re');
  });
});

it('a run says at which rate it was, on the terminal and in its record', async () => {
  const folder = await temporaryFolder();
  const bench = await benchFile('carries: 921600');
  const record = join(folder, 'record.json');
  const demo = repositoryPath('hil-config', 'programs', 'startup_coordination_demo.ino');
  const result = await cockpitHil(['run', demo, '--bench', bench, '--json', record]);
  expect(result.code).toBe(0);
  const text = 'the line is at 921600 baud; not 1000000: an answer was lost';
  expect(result.stdout + result.stderr).toContain(text);
  const { board, link } = runRecordSchema.parse(JSON.parse(await readFile(record, 'utf8')));
  expect(board?.rate).toEqual({
    ...{ baud: 921_600, next: { baud: 1_000_000, why: 'an answer was lost' } },
  });
  expect(link).toMatchObject({ badFrames: 0, repeats: 0 });
});
