import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectAgent, DATA_BYTES, ECHO_BYTES, REGION_BYTES } from '../../../src/agent/index.ts';
import { HilError } from '../../../src/errors/index.ts';
import { createChannel, createLinePair, RefusalError } from '../../../src/link/index.ts';
import { encodeFrame } from '../../../src/wire/index.ts';
import { FakeAgent, HELLO, type FakeSettings } from '../../helpers/fake-agent.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function board(settings: FakeSettings = {}) {
  const [host, far] = createLinePair({ name: 'port' });
  const fake = new FakeAgent(far, settings);
  const agent = connectAgent(createChannel(host));
  return { fake, agent, far };
}

const outcome = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);
const failed = async (work: Promise<unknown>, ms: number): Promise<HilError> => {
  const settled = outcome(work);
  await vi.advanceTimersByTimeAsync(ms);
  const error = await settled;
  if (error instanceof HilError) return error;
  throw new Error(`not a HilError: ${String(error)}`);
};

describe('hello', () => {
  it('waits until the board has booted', async () => {
    const { fake, agent } = board();
    const answer = fake.answer;
    fake.answer = () => undefined;
    const hello = agent.hello();
    await vi.advanceTimersByTimeAsync(1400);
    fake.answer = answer;
    await vi.advanceTimersByTimeAsync(200);
    expect(await hello).toMatchObject({ board: 'fake', isa: 0x89abcdef, chunks: 8 });
  });

  it('says that nothing came', async () => {
    const { fake, agent } = board();
    fake.answer = () => undefined;
    const error = await failed(agent.hello(), 3000);
    expect(error.causeClass).toBe('rig');
    expect(error.message).toBe('no agent answered HELLO on port within 3000 ms; not one byte came');
    expect(error.fix).toMatch(/port .* firmware is flashed/);
  });

  it('says what came instead, as at a wrong baud rate', async () => {
    const { fake, agent, far } = board();
    fake.answer = () => undefined;
    const hello = agent.hello();
    await far.write('\u00fe\u0013x\n');
    const error = await failed(hello, 3000);
    expect(error.message).toMatch(/4 bytes came that are no reply; the last line came .*x"/);
    expect(error.fix).toMatch(/baud/);
  });

  it('says that the port echoes', async () => {
    const [host, far] = createLinePair({ name: 'port' });
    far.onLine((text) => void far.write(`${text}\n`));
    const error = await failed(connectAgent(createChannel(host)).hello(), 3000);
    expect(error.message).toMatch(/only sends back what it is sent/);
  });

  it('says that the board sends frames but no answer', async () => {
    const { fake, agent } = board();
    fake.answer = () => undefined;
    const hello = agent.hello();
    fake.event('DONE', '0', 'halted', '1', '0', '0');
    const error = await failed(hello, 3000);
    expect(error.causeClass).toBe('firmware');
    expect(error.message).toMatch(/although it sends other frames/);
  });

  it('refuses another protocol', async () => {
    const { fake, agent } = board();
    // Its other values may be any.
    fake.answer = () => ['proto=5', ...HELLO.slice(1, 5), 'colour=green'];
    expect((await failed(agent.hello(), 10)).message).toBe(
      'the board speaks protocol 5, this host 4',
    );
  });

  it('starts the count of events anew', async () => {
    const { fake, agent } = board();
    fake.transmit(
      encodeFrame({ type: 'E', seq: 9, fields: ['DONE', '0', 'halted', '1', '0', '0'] }),
    );
    await agent.hello();
    fake.event('DONE', '0', 'halted', '1', '0', '0');
    await vi.advanceTimersByTimeAsync(0);
    expect(agent.channel.counters.missedEvents).toBe(0);
  });
});

describe('the board itself', () => {
  it('tells why it started and how much of its stack was used', async () => {
    const { agent } = board();
    expect(await agent.board()).toMatchObject({
      reset: ['pin', 'software'],
      stack: { size: 3072, used: 712 },
      watchdog: 0,
    });
  });

  it('starts its watchdog, or says that it has none', async () => {
    const { fake, agent } = board();
    await agent.watchdog(5000);
    expect(fake.received.at(-1)?.fields).toEqual(['WATCHDOG', '5000']);
    fake.answer = () => ['X', 'unsupported', 'this_board_has_no_watchdog'];
    const refused = await outcome(agent.watchdog(5000));
    expect(refused).toBeInstanceOf(RefusalError);
    expect(refused).toMatchObject({ code: 'unsupported' });
  });
});

describe('the rate of the line', () => {
  it('is asked for once, and what the board makes of it is told', async () => {
    const { fake, agent } = board();
    fake.answer = () => ['ok', 'baud=921604', 'ppm=4', 'back=1200'];
    expect(await agent.rate(921_600)).toEqual({ baud: 921_604, ppm: 4, back: 1200 });
    expect(fake.received.at(-1)?.fields).toEqual(['RATE', '921600']);
    fake.answer = () => undefined;
    const error = await failed(agent.rate(460_800), 1000);
    expect(error.message).toMatch(/no reply to RATE on port after 1 tries/);
    expect(fake.received).toHaveLength(2);
  });
});

describe('load', () => {
  const image = Uint8Array.from({ length: 2 * DATA_BYTES + 5 }, (_, index) => (index * 7) & 0xff);

  it('uploads the whole image in parts and says how far it is', async () => {
    const { fake, agent } = board();
    const progress: number[] = [];
    const commit = await agent.load(2, image, ({ sent, total }) => progress.push(sent / total));
    expect(commit).toEqual({ instructions: 7, strings: 2 });
    expect(fake.image).toEqual(image);
    expect(fake.executed).toEqual(['LOAD', 'DATA', 'DATA', 'DATA', 'COMMIT']);
    expect(fake.received[0]?.fields).toEqual(['LOAD', '2', '725', String(crc32(image))]);
    expect(progress.at(-1)).toBe(1);
    expect(progress).toHaveLength(3);
  });

  it('survives a line that loses every other reply', async () => {
    let count = 0;
    const { fake, agent } = board({ fault: (line) => ((count += 1) % 2 === 1 ? [] : [line]) });
    const commit = agent.load(0, image);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await commit).toEqual({ instructions: 7, strings: 2 });
    expect(fake.image).toEqual(image);
    // Repeated, and answered from the board's memory of its last reply.
    expect(fake.executed).toEqual(['LOAD', 'DATA', 'DATA', 'DATA', 'COMMIT']);
    expect(fake.received.length).toBe(10);
  });

  it('notices a board that lost its place', async () => {
    const { fake, agent } = board();
    const answer = fake.answer;
    fake.answer = (fields) => (fields[0] === 'DATA' ? ['ok', 'next=0'] : answer(fields));
    expect((await failed(agent.load(0, image), 10)).message).toBe(
      'the board expects byte 0 after DATA up to 360',
    );
  });

  it('passes a refusal on', async () => {
    const { fake, agent } = board();
    const answer = fake.answer;
    fake.answer = (fields) =>
      fields[0] === 'COMMIT' ? ['X', 'bad-image', 'bad-isa'] : answer(fields);
    const error = await failed(agent.load(0, image), 10);
    expect(error).toBeInstanceOf(RefusalError);
    expect(error).toMatchObject({ code: 'bad-image', detail: 'bad-isa' });
  });

  it('keeps its longest line within 512 bytes', () => {
    const field = 'A'.repeat((DATA_BYTES / 3) * 4);
    expect(
      encodeFrame({ type: 'Q', seq: 0, fields: ['DATA', '3', '4294967295', field] }).length,
    ).toBeLessThanOrEqual(512);
  });
});

describe('the other calls', () => {
  it('send what docs/wire.md says', async () => {
    const { fake, agent } = board();
    await agent.go(1, { mode: 'free', clock: 'real', steps: 4_294_967_295, loops: 3 });
    await agent.reset(1);
    await agent.stop(3);
    await agent.status(2);
    await agent.poll(0, 0);
    await agent.reboot();
    expect(fake.received.map(({ fields }) => fields.join(' '))).toEqual([
      'GO 1 free real 4294967295 3',
      'RESET 1',
      'STOP 3',
      'STATUS 2',
      'POLL 0 0',
      'REBOOT',
    ]);
  });

  it('echo carries any bytes, up to a full line', async () => {
    const { agent } = board();
    for (const length of [0, 1, 256, ECHO_BYTES]) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 31) & 0xff);
      expect(await agent.echo(bytes)).toEqual(bytes);
    }
    await expect(agent.echo(new Uint8Array(ECHO_BYTES + 1))).rejects.toThrow(/exceeds 512/);
  });

  it('peek reads a whole region in parts of 256 bytes', async () => {
    const { fake, agent } = board();
    const bytes = await agent.peek(2, 'stack');
    expect(bytes).toEqual(
      Uint8Array.from({ length: REGION_BYTES.stack }, (_, index) => index & 0xff),
    );
    expect(fake.received.map(({ fields }) => fields.join(' '))).toEqual([
      'PEEK 2 stack 0 256',
      'PEEK 2 stack 256 256',
    ]);
  });

  it('peekState reads little-endian words', async () => {
    const { agent } = board();
    const state = await agent.peekState(0);
    expect(state.globals).toHaveLength(64);
    expect(state.globals[1]).toBe(0x07060504);
    expect(state.globals[63]).toBe(0xfffefdfc | 0);
    expect(state.arrays).toHaveLength(1024);
    expect(state.lengths).toEqual(Uint8Array.from({ length: 16 }, (_, index) => index));
    expect(state.frames).toHaveLength(24);
    expect(state.frames[1]).toEqual({ returnPc: 0x0b0a0908, base: 0x0f0e0d0c });
  });

  it('peek notices a reply of another length', async () => {
    const { fake, agent } = board();
    fake.answer = () => ['AA=='];
    expect((await failed(agent.peek(0, 'lengths'), 10)).message).toBe(
      'PEEK of 16 bytes of lengths returned 1',
    );
  });
});
