import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createLine,
  createLinePair,
  WRITE_TIMEOUT_MS,
  type BytePort,
  type Line,
  type RecordedLine,
} from '../../../src/link/index.ts';
import { parseLine } from '../../../src/wire/index.ts';
import { goldenFrames } from '../../helpers/wire-vectors.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A port that a test plays by hand. */
class HandPort implements BytePort {
  readonly written: string[] = [];
  write: (bytes: Uint8Array) => Promise<void> = (bytes) => {
    this.written.push(Buffer.from(bytes).toString('latin1'));
    return Promise.resolve();
  };
  close = vi.fn(() => Promise.resolve());
  data: (bytes: Uint8Array) => void = () => undefined;
  gone: (reason: string) => void = () => undefined;

  onData(listener: (bytes: Uint8Array) => void): void {
    this.data = listener;
  }

  onGone(listener: (reason: string) => void): void {
    this.gone = listener;
  }

  receive(text: string): void {
    this.data(Buffer.from(text, 'latin1'));
  }
}

function handLine(settings: Partial<Parameters<typeof createLine>[1]> = {}) {
  const port = new HandPort();
  const line = createLine(port, { name: 'hand', ...settings });
  const lines: string[] = [];
  line.onLine((text) => lines.push(text));
  return { port, line, lines };
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

describe('bytes to lines', () => {
  it.each(goldenFrames)('$name: whole when cut in two anywhere', async ({ line: golden }) => {
    const { port, lines } = handLine();
    const wire = `${golden}\n`;
    for (let cut = 0; cut <= wire.length; cut += 1) {
      port.receive(wire.slice(0, cut));
      port.receive(wire.slice(cut));
    }
    await settle();
    expect(lines).toHaveLength(wire.length + 1);
    expect(new Set(lines)).toEqual(new Set([golden]));
  });

  it('keeps every byte value but the newline', async () => {
    const { port, lines } = handLine();
    const all = String.fromCharCode(
      ...Array.from({ length: 256 }, (_, code) => code).filter((code) => code !== 10),
    );
    for (const byte of all) port.receive(byte);
    port.receive('\nnext\n');
    await settle();
    expect(lines).toEqual([all, 'next']);
  });

  it('finds several lines in one piece, in order', async () => {
    const { port, lines } = handLine();
    port.receive('one\ntwo\nthr');
    port.receive('ee\n');
    await settle();
    expect(lines).toEqual(['one', 'two', 'three']);
  });

  it('tells once of each line that begins before it ends, and of none that comes whole', async () => {
    const { port, line, lines } = handLine();
    const begins: string[] = [];
    const unsubscribe = line.onBegin((piece) => begins.push(Buffer.from(piece).toString()));
    port.receive('whole\n');
    for (const piece of ['o', 'n', 'e\nt', 'wo', '\n']) port.receive(piece);
    port.receive('x'.repeat(2000));
    port.receive('x');
    port.receive('\n');
    unsubscribe();
    port.receive('y');
    await settle();
    expect(begins).toEqual(['o', 't', 'x'.repeat(1024)]);
    expect(lines.map((text) => text.slice(0, 5))).toEqual(['whole', 'one', 'two', 'xxxxx']);
  });

  it('cuts a line that never ends, keeps it overlong, and goes on after it', async () => {
    const { port, line, lines } = handLine();
    port.receive(`@${'a'.repeat(700)}`);
    for (let piece = 0; piece < 100; piece += 1) port.receive('a'.repeat(1000));
    port.receive('\nnext\n');
    await settle();
    expect(lines.map((text) => text.length)).toEqual([1024, 4]);
    expect(parseLine(lines[0] ?? '')).toMatchObject({ kind: 'bad', reason: 'too-long' });
    expect(line.stats).toMatchObject({ bytesIn: 100_707, bytesCut: 100_701 - 1024, linesIn: 2 });
  });
});

describe('writing', () => {
  it('sends bytes one to one and one text after the other', async () => {
    const { port, line } = handLine();
    const gates: (() => void)[] = [];
    const started: string[] = [];
    port.write = (bytes) => {
      started.push(Buffer.from(bytes).toString('latin1'));
      return new Promise((resolve) => gates.push(resolve));
    };
    const writes = Promise.all([line.write('\u00e9\u00ff\n'), line.write('two\n')]);
    await settle();
    expect(started).toEqual(['\u00e9\u00ff\n']);
    gates[0]?.();
    await settle();
    expect(started).toEqual(['\u00e9\u00ff\n', 'two\n']);
    gates[1]?.();
    await writes;
    expect(line.stats.bytesOut).toBe(7);
  });

  it('gives up on a port that takes nothing', async () => {
    const { port, line } = handLine();
    port.write = () => new Promise(() => undefined);
    const failed = expect(line.write('text\n')).rejects.toThrow(
      /2000 ms waiting for hand to take 5 bytes/,
    );
    await vi.advanceTimersByTimeAsync(WRITE_TIMEOUT_MS);
    await failed;
  });

  it('lets a bounded number of writes wait', async () => {
    const { port, line } = handLine();
    port.write = () => new Promise(() => undefined);
    const waiting = Array.from({ length: 16 }, () => line.write('x\n').catch(() => undefined));
    await expect(line.write('x\n')).rejects.toThrow(/16 writes wait/);
    await vi.advanceTimersByTimeAsync(WRITE_TIMEOUT_MS);
    await Promise.all(waiting);
  });

  it('goes on after a write that failed', async () => {
    const { port, line } = handLine();
    const good = port.write;
    port.write = () => Promise.reject(new Error('cancelled'));
    await expect(line.write('one\n')).rejects.toThrow('cancelled');
    port.write = good;
    await line.write('two\n');
    expect(port.written).toEqual(['two\n']);
  });

  it('runs inside the wrapper it was given', async () => {
    const order: string[] = [];
    const { port, line } = handLine({
      beforeWrite: async (work) => {
        order.push('wake');
        await work();
        order.push('sleep');
      },
    });
    port.write = () => {
      order.push('write');
      return Promise.resolve();
    };
    await line.write('x\n');
    expect(order).toEqual(['wake', 'write', 'sleep']);
  });
});

describe('the end of a line', () => {
  const closings = (line: Line): (string | undefined)[] => {
    const seen: (string | undefined)[] = [];
    line.onClose((reason) => seen.push(reason?.message));
    return seen;
  };

  it('by closing: told once, nothing is received or sent afterwards', async () => {
    const afterClose = vi.fn(() => Promise.resolve());
    const { port, line, lines } = handLine({ afterClose });
    const seen = closings(line);
    await Promise.all([line.close(), line.close()]);
    port.receive('late\n');
    port.gone('late');
    await settle();
    expect(seen).toEqual([undefined]);
    expect(lines).toEqual([]);
    expect(port.close).toHaveBeenCalledTimes(1);
    expect(afterClose).toHaveBeenCalledTimes(1);
    await expect(line.write('x')).rejects.toThrow('the line hand is closed');
  });

  it('by the other side: told once, with the reason', async () => {
    const { port, line } = handLine();
    const seen = closings(line);
    port.gone('bad file descriptor');
    await settle();
    expect(seen).toEqual(['the other side of hand went away: bad file descriptor']);
    expect(line.closed).toBe(true);
  });

  it('is bounded when the port never closes', async () => {
    const { port, line } = handLine();
    port.close = vi.fn(() => new Promise<void>(() => undefined));
    const closed = line.close();
    await vi.advanceTimersByTimeAsync(1500);
    await closed;
  });

  it('comes with disposal', async () => {
    const { port, line } = handLine();
    {
      await using owned = line;
      expect(owned.closed).toBe(false);
    }
    expect(port.close).toHaveBeenCalledTimes(1);
  });
});

describe('the record', () => {
  it('holds the last 200 lines of both directions with their time', async () => {
    let clock = 0;
    const heard: RecordedLine[] = [];
    const { port, line } = handLine({
      now: () => (clock += 1),
      onRecord: (entry) => heard.push(entry),
    });
    await line.write('first\n');
    for (let count = 0; count < 199; count += 1) port.receive(`${count}\n`);
    await settle();
    expect(line.recent()[0]).toEqual({ at: 1, direction: 'out', text: 'first' });
    port.receive('last\n');
    await settle();
    expect(line.recent()).toHaveLength(200);
    expect(line.recent()[0]).toEqual({ at: 2, direction: 'in', text: '0' });
    expect(line.recent().at(-1)).toEqual({ at: 201, direction: 'in', text: 'last' });
    expect(heard).toHaveLength(201);
  });
});

describe('a pair', () => {
  it('carries lines both ways and tells one end when the other closes', async () => {
    const [host, board] = createLinePair({ name: 'pair' });
    const atHost: string[] = [];
    const atBoard: string[] = [];
    const ends: (string | undefined)[] = [];
    host.onLine((text) => atHost.push(text));
    board.onLine((text) => atBoard.push(text));
    host.onClose((reason) => ends.push(reason?.message));
    await host.write('question\n');
    await board.write('answer\n');
    await settle();
    expect([atBoard, atHost]).toEqual([['question'], ['answer']]);
    await board.close();
    await settle();
    expect(ends).toEqual(['the other side of pair went away: the other end was closed']);
  });

  it('forgets a listener that unsubscribed', async () => {
    const { port, line } = handLine();
    const seen: string[] = [];
    const stop = line.onLine((text) => seen.push(text));
    port.receive('one\n');
    await settle();
    stop();
    port.receive('two\n');
    await settle();
    expect(seen).toEqual(['one']);
  });
});
