import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HilError } from '../../../src/errors/index.ts';
import {
  createChannel,
  createLinePair,
  LostReplyError,
  RefusalError,
  type ChannelEvent,
} from '../../../src/link/index.ts';
import { encodeFrame, parseLine, type Frame } from '../../../src/wire/index.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

/** A channel, and the far end of its line, answered by hand. */
function setUp(settings: Parameters<typeof createChannel>[1] = {}) {
  const [host, board] = createLinePair({ name: 'port' });
  const channel = createChannel(host, settings);
  const requests: Frame[] = [];
  const lines: string[] = [];
  board.onLine((text) => {
    lines.push(text);
    const parsed = parseLine(text);
    if (parsed.kind === 'frame') requests.push(parsed.frame);
  });
  const send = async (
    type: 'R' | 'X' | 'E' | 'Q',
    seq: number,
    ...fields: string[]
  ): Promise<void> => {
    await board.write(encodeFrame({ type, seq, fields }));
    await settle();
  };
  return { channel, board, requests, lines, send };
}

/** The outcome of a promise, with its rejection handled from the start. */
const outcome = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('a request', () => {
  it('resolves with the fields of its reply', async () => {
    const { channel, requests, send } = setUp();
    const reply = channel.request('POLL', ['0', '7']);
    await settle();
    expect(requests).toEqual([{ type: 'Q', seq: 0, fields: ['POLL', '0', '7'] }]);
    await send('R', 0, 'ok', 'next=7');
    expect(await reply).toEqual({ fields: ['ok', 'next=7'], eventsBefore: 0 });
  });

  it('waits until the copies of the one before have arrived', async () => {
    const { channel, lines, send } = setUp({
      bytesPerMs: 1,
      now: () => vi.getMockedSystemTime()?.getTime() ?? 0,
    });
    const first = channel.request('ECHO', ['A'.repeat(188)], { timeoutMs: 100, tries: 4 });
    const second = channel.request('STATUS', ['0']);
    await vi.advanceTimersByTimeAsync(150);
    expect(lines).toHaveLength(2);
    const bytes = 2 * ((lines[0]?.length ?? 0) + 1);
    await send('R', 0, 'ok');
    await first;
    // Two copies of some 200 bytes on a line that takes a byte a millisecond.
    await vi.advanceTimersByTimeAsync(bytes - 150 - 1);
    expect(lines).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(lines).toHaveLength(3);
    await send('R', 1, 'ok');
    await second;
  });

  it('goes on as soon as every copy of the one before is answered', async () => {
    const { channel, lines, send } = setUp({
      bytesPerMs: 1,
      now: () => vi.getMockedSystemTime()?.getTime() ?? 0,
    });
    const first = channel.request('ECHO', ['A'.repeat(188)], { timeoutMs: 100, tries: 4 });
    const second = channel.request('STATUS', ['0']);
    await vi.advanceTimersByTimeAsync(250);
    expect(lines).toHaveLength(3);
    await send('R', 0, 'ok');
    await first;
    await send('R', 0, 'ok');
    expect(lines).toHaveLength(3);
    await send('R', 0, 'ok');
    expect(lines).toHaveLength(4);
    await send('R', 1, 'ok');
    await second;
  });

  it('gives up none on a line slower than they are repeated, whose board answers each copy', async () => {
    const now = (): number => vi.getMockedSystemTime()?.getTime() ?? 0;
    const { channel, board } = setUp({ bytesPerMs: 0.9, now });
    let free = 0;
    board.onLine((text) => {
      const parsed = parseLine(text);
      if (parsed.kind !== 'frame') return;
      // The line takes 0.9 bytes each millisecond, one copy after the other.
      free = Math.max(free, now()) + text.length / 0.9;
      setTimeout(() => {
        void board.write(encodeFrame({ type: 'R', seq: parsed.frame.seq, fields: ['ok'] }));
      }, free - now());
    });
    const all = Promise.all(
      Array.from({ length: 8 }, () => outcome(channel.request('DATA', ['A'.repeat(490)]))),
    );
    await vi.advanceTimersByTimeAsync(60_000);
    expect(
      (await all).map((it) => (it instanceof LostReplyError ? it.message : 'answered')),
    ).toEqual(Array.from({ length: 8 }, () => 'answered'));
    expect(channel.counters.repeats).toBe(8);
  });

  it('takes the next number each time, over 255', async () => {
    const { channel, requests, send } = setUp({ firstSeq: 254 });
    for (const seq of [254, 255, 0, 1]) {
      const reply = channel.request('HELLO');
      await settle();
      await send('R', seq, 'ok');
      await reply;
    }
    expect(requests.map(({ seq }) => seq)).toEqual([254, 255, 0, 1]);
  });

  it('is repeated byte for byte, and lost after the last try', async () => {
    const { channel, lines } = setUp();
    const lost = outcome(channel.request('STATUS', ['0'], { timeoutMs: 100, tries: 3 }));
    await vi.advanceTimersByTimeAsync(299);
    expect(lines).toHaveLength(3);
    expect(new Set(lines).size).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    const error = (await lost) as HilError;
    expect(error).toBeInstanceOf(LostReplyError);
    expect(error.causeClass).toBe('link');
    expect(error.message).toBe(
      'no reply to STATUS on port after 3 tries in 300 ms; nothing was ever received',
    );
    expect(lines).toHaveLength(3);
    expect(channel.counters).toMatchObject({ requests: 1, repeats: 2 });
  });

  it('that is lost says what was seen last', async () => {
    const { channel, board } = setUp();
    const lost = outcome(channel.request('STATUS', ['0'], { timeoutMs: 100, tries: 2 }));
    await board.write('HardFault at 0x08001234\r\n');
    await vi.advanceTimersByTimeAsync(200);
    expect(((await lost) as HilError).message).toContain(
      'the last line came 200 ms ago: "HardFault at 0x08001234',
    );
  });

  it('takes a reply to a repeat', async () => {
    const { channel, send } = setUp();
    const reply = channel.request('STATUS', ['0'], { timeoutMs: 100, tries: 3 });
    await vi.advanceTimersByTimeAsync(250);
    await send('R', 0, 'ok');
    expect((await reply).fields).toEqual(['ok']);
  });

  it('is never answered by the late reply to another one', async () => {
    const { channel, send } = setUp();
    const first = outcome(channel.request('STATUS', ['0'], { timeoutMs: 100, tries: 1 }));
    const second = channel.request('STATUS', ['1']);
    await vi.advanceTimersByTimeAsync(100);
    expect(await first).toBeInstanceOf(LostReplyError);
    await send('R', 0, 'late');
    await send('X', 0, 'busy', 'late');
    await send('R', 1, 'right');
    expect((await second).fields).toEqual(['right']);
    expect(channel.counters.strayReplies).toBe(2);
  });

  it('ignores the doubled reply to the one before', async () => {
    const { channel, send } = setUp();
    const first = channel.request('STATUS', ['0']);
    await send('R', 0, 'one');
    await first;
    const second = channel.request('STATUS', ['1']);
    await send('R', 0, 'one');
    await send('R', 1, 'two');
    expect((await second).fields).toEqual(['two']);
  });

  it('waits its turn', async () => {
    const { channel, requests, send } = setUp();
    const replies = Promise.all([channel.request('A'), channel.request('B'), channel.request('C')]);
    await settle();
    expect(requests.map(({ fields }) => fields[0])).toEqual(['A']);
    await send('R', 0, 'a');
    expect(requests.map(({ fields }) => fields[0])).toEqual(['A', 'B']);
    await send('R', 1, 'b');
    await send('R', 2, 'c');
    expect((await replies).map(({ fields }) => fields[0])).toEqual(['a', 'b', 'c']);
  });

  it('is refused when too many wait', async () => {
    const { channel } = setUp();
    const waiting = Array.from({ length: 65 }, () => outcome(channel.request('A')));
    await expect(channel.request('A')).rejects.toThrow(/64 requests wait/);
    await channel.close();
    await Promise.all(waiting);
  });

  it('that cannot be written is rejected and the next one goes on', async () => {
    const { channel, send } = setUp();
    const bad = outcome(channel.request('A', ['two words']));
    const good = channel.request('B');
    expect(await bad).toBeInstanceOf(HilError);
    await send('R', 0, 'ok');
    expect((await good).fields).toEqual(['ok']);
  });
});

describe('a refusal', () => {
  it('is an error with its code', async () => {
    const { channel, send } = setUp();
    const refused = outcome(channel.request('COMMIT', ['0']));
    await send('X', 0, 'bad-image', 'bad-crc');
    const error = (await refused) as RefusalError;
    expect(error).toBeInstanceOf(RefusalError);
    expect(error).toMatchObject({ code: 'bad-image', detail: 'bad-crc', causeClass: 'harness' });
    expect(error.message).toBe('the board refused COMMIT: bad-image (bad-crc)');
  });

  it('for want of room is the program’s fault', async () => {
    const { channel, send } = setUp();
    const refused = outcome(channel.request('LOAD'));
    await send('X', 0, 'no-room', 'too_big');
    expect(await refused).toMatchObject({ causeClass: 'program', detail: 'too big' });
  });

  it('of an unknown kind is the firmware’s fault', async () => {
    const { channel, send } = setUp();
    const refused = outcome(channel.request('LOAD'));
    await send('X', 0, 'tired', 'x');
    expect(await refused).toMatchObject({ causeClass: 'firmware' });
  });
});

describe('everything else on the line', () => {
  it('events: passed on with gaps in their numbers, which wrap', async () => {
    const { channel, send } = setUp();
    const events: ChannelEvent[] = [];
    channel.onEvent((event) => events.push(event));
    await send('E', 253, 'a');
    await send('E', 254, 'b');
    await send('E', 1, 'c');
    await send('E', 2, 'd');
    expect(events).toEqual([
      { fields: ['a'], index: 1, missed: 0 },
      { fields: ['b'], index: 2, missed: 0 },
      { fields: ['c'], index: 3, missed: 2 },
      { fields: ['d'], index: 4, missed: 0 },
    ]);
    expect(channel.counters).toMatchObject({ events: 4, missedEvents: 2 });
  });

  it('events of a board that restarted count anew', async () => {
    const { channel, send } = setUp();
    await send('E', 7, 'a');
    channel.forgetEvents();
    await send('E', 0, 'b');
    expect(channel.counters.missedEvents).toBe(0);
  });

  it('a reply says how many events came before it', async () => {
    const { channel, send } = setUp();
    const reply = channel.request('POLL');
    await send('E', 0, 'a');
    await send('E', 1, 'b');
    await send('R', 0, 'ok');
    await send('E', 2, 'c');
    expect((await reply).eventsBefore).toBe(2);
  });

  it('console text: passed on', async () => {
    const { channel, board } = setUp();
    const texts: string[] = [];
    channel.onConsole((text) => texts.push(text));
    await board.write('hello\r\nworld\n');
    await settle();
    expect(texts).toEqual(['hello', 'world']);
    expect(channel.counters.consoleLines).toBe(2);
  });

  it('damaged frames and echoes: counted', async () => {
    const { channel, board, send } = setUp();
    await board.write('@R00 ok*0000\n');
    await send('Q', 0, 'HELLO');
    expect(channel.counters).toMatchObject({ badFrames: 1, echoes: 1, strayReplies: 0 });
  });

  it('a damaged reply answers nothing', async () => {
    const { channel, board, send } = setUp();
    const reply = channel.request('STATUS', ['0'], { timeoutMs: 100, tries: 2 });
    await board.write(encodeFrame({ type: 'R', seq: 0, fields: ['ok'] }).replace('ok', 'no'));
    await vi.advanceTimersByTimeAsync(150);
    await send('R', 0, 'yes');
    expect((await reply).fields).toEqual(['yes']);
    expect(channel.counters.badFrames).toBe(1);
  });
});

describe('the end', () => {
  it('by closing rejects what is pending at once', async () => {
    const { channel } = setUp();
    const pending = [outcome(channel.request('A')), outcome(channel.request('B'))];
    await channel.close();
    for (const result of await Promise.all(pending))
      expect(result).toMatchObject({ causeClass: 'link', message: 'the line port was closed' });
    await expect(channel.request('C')).rejects.toThrow('the line port was closed');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('by the other side names it', async () => {
    const { channel, board } = setUp();
    const pending = outcome(channel.request('A'));
    await board.close();
    await settle();
    expect(((await pending) as HilError).message).toMatch(/other side of port went away/);
    expect(channel.ended?.causeClass).toBe('link');
  });

  it('comes with disposal', async () => {
    const { channel } = setUp();
    {
      await using owned = channel;
      expect(owned.ended).toBeUndefined();
    }
    expect(channel.ended).toBeDefined();
  });
});
