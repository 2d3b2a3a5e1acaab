import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createChannel,
  createLine,
  DamageWatch,
  LostReplyError,
  type Channel,
} from '../../../src/link/index.ts';
import { createPortPair } from '../../../src/link/pair.ts';
import { encodeFrame } from '../../../src/wire/index.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A channel over a port with a rate. `passed` is what left the port, with the rate at that time. */
function setUp({ baud }: { baud?: number } = { baud: 115_200 }) {
  const [near, far] = createPortPair();
  let now = baud;
  const passed: string[] = [];
  near.setBaud = (rate) => {
    now = rate;
    return Promise.resolve();
  };
  far.onData((bytes) => passed.push(`${now ?? 'none'} ${Buffer.from(bytes).toString('latin1')}`));
  const line = createLine(near, { name: 'port', ...(baud !== undefined && { baud }) });
  const channel = createChannel(line);
  const say = async (text: string): Promise<void> => {
    await far.write(Buffer.from(text, 'latin1'));
    await vi.advanceTimersByTimeAsync(0);
  };
  return { channel, line, passed, say };
}

const outcome = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);
const request = encodeFrame({ type: 'Q', seq: 0, fields: ['ECHO', '='] });
const reply = encodeFrame({ type: 'R', seq: 0, fields: ['='] });
const echo = (channel: Channel): Promise<unknown> => outcome(channel.request('ECHO', ['=']));

describe('the rate of a channel', () => {
  it('changes after what was written before, and ends what the board had received of a line', async () => {
    const { channel, passed } = setUp();
    void echo(channel);
    await channel.speed.set(921_600, 1200);
    expect(channel.speed).toMatchObject({ baud: 921_600, first: 115_200, raised: true });
    expect(passed).toEqual([`115200 ${request}`, '921600 \n']);
  });

  it('is none on a line without one', async () => {
    const { channel } = setUp({});
    expect(channel.speed).toMatchObject({ first: undefined, baud: undefined, raised: false });
    const lost = echo(channel);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await lost).toBeInstanceOf(LostReplyError);
    expect(channel.speed.falls).toBe(0);
  });

  it('goes back to the first one once the board must be there, and not before', async () => {
    const { channel, passed, say } = setUp();
    await channel.speed.set(921_600, 1200);
    const answered = echo(channel);
    await vi.advanceTimersByTimeAsync(1499);
    expect(passed.slice(1)).toEqual(Array(3).fill(`921600 ${request}`));
    await vi.advanceTimersByTimeAsync(1);
    expect(passed.slice(4)).toEqual(['115200 \n', `115200 ${request}`]);
    await say(reply);
    expect(await answered).toMatchObject({ fields: ['='] });
    expect(channel.speed).toMatchObject({ baud: 115_200, raised: false, falls: 1 });
  });

  it('is lost within the same time when the board is at none', async () => {
    const { channel } = setUp();
    await channel.speed.set(921_600, 1200);
    const lost = echo(channel);
    await vi.advanceTimersByTimeAsync(1999);
    expect(channel.ended).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(await lost).toMatchObject({
      message: expect.stringMatching(/4 tries in 2000 ms/) as string,
    });
  });

  it('takes a board that starts at the first rate for no damage of the line', async () => {
    const { channel, say } = setUp();
    await channel.speed.set(921_600, 1200);
    const first = echo(channel);
    await say(reply);
    await first;
    const watch = new DamageWatch(channel);
    const second = echo(channel);
    await say('@R01 no\u00fe\n\u00fe\u0001\n');
    expect(watch.seen()).toBe('damaged frames: 1, lines of garbage: 1');
    await vi.advanceTimersByTimeAsync(1500);
    await say(encodeFrame({ type: 'R', seq: 1, fields: ['='] }));
    await second;
    expect(watch.seen()).toBeUndefined();
    // What is damaged from then on is.
    await say('@R01 no\n');
    expect(watch.seen()).toBe('damaged frames: 1');
  });

  it('keeps damage that frames came after', async () => {
    const { channel, say } = setUp();
    await channel.speed.set(921_600, 1200);
    const watch = new DamageWatch(channel);
    const answered = echo(channel);
    await say(`@R01 no\n${encodeFrame({ type: 'E', seq: 0, fields: ['X'] })}`);
    await vi.advanceTimersByTimeAsync(1500);
    await say(reply);
    await answered;
    expect(watch.seen()).toBe('damaged frames: 1');
  });

  it('drops what was received of a line that is not over', async () => {
    const { channel, line, say } = setUp();
    const lines: string[] = [];
    line.onLine((text) => lines.push(text));
    await say('half a');
    await channel.speed.set(921_600, 1200);
    await say('whole\n');
    expect(lines).toEqual(['whole']);
  });

  it('counts anew when told to', async () => {
    const { channel, say } = setUp();
    await say('@R01 no\n');
    expect(channel.counters.badFrames).toBe(1);
    channel.clearCounters();
    expect(Object.values(channel.counters).every((count) => count === 0)).toBe(true);
  });

  it('tells for how long nothing was asked', async () => {
    const { channel, say } = setUp();
    const answered = echo(channel);
    await vi.advanceTimersByTimeAsync(300);
    expect(channel.restingMs).toBe(0);
    await say(reply);
    await answered;
    await vi.advanceTimersByTimeAsync(100);
    expect(channel.restingMs).toBe(400);
  });
});
