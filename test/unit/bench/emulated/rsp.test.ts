import { describe, expect, it } from 'vitest';
import { frameRsp, RspParser } from '../../../../src/bench/emulated/rsp-framing.ts';
import { RspClient, STOP_ASKED } from '../../../../src/bench/emulated/rsp.ts';
import { socketPair } from './socket-pair.ts';

describe('framing', () => {
  it('adds the checksum', () => {
    // 0x3f = '?'; "OK" sums to 0x9a (GDB manual, E.1).
    expect(frameRsp('?')).toBe('$?#3f');
    expect(frameRsp('OK')).toBe('$OK#9a');
  });

  it('finds packets and acknowledgements, however the stream is cut', () => {
    const stream = '+$OK#9a-$T05thread:01;#07';
    const expected = [
      { kind: 'ack' },
      { kind: 'packet', payload: 'OK' },
      { kind: 'nak' },
      { kind: 'packet', payload: 'T05thread:01;' },
    ];
    for (let cut = 0; cut <= stream.length; cut++) {
      const parser = new RspParser();
      const items = [...parser.feed(stream.slice(0, cut)), ...parser.feed(stream.slice(cut))];
      expect(items).toEqual(expected);
    }
  });

  it('undoes escapes: } and the character XOR 0x20', () => {
    expect(new RspParser().feed('$a}\x03b#43')).toEqual([{ kind: 'packet', payload: 'a#b' }]);
  });

  it('tells a wrong checksum', () => {
    expect(new RspParser().feed('$OK#9b')).toEqual([{ kind: 'damaged' }]);
  });

  it('skips garbage between packets and drops endless ones', () => {
    const parser = new RspParser();
    expect(parser.feed('\0garbage$OK#9a')).toEqual([{ kind: 'packet', payload: 'OK' }]);
    expect(parser.feed('$' + 'x'.repeat(20_000))).toEqual([]);
    expect(parser.feed('$OK#9a')).toEqual([{ kind: 'packet', payload: 'OK' }]);
  });
});

/** The byte that interrupts a running target. */
const BREAK = '\x03';

describe('client', () => {
  /** A stub that answers packets by a table and records all it is sent. */
  async function open(answers: Record<string, string>) {
    const { ours, theirs } = await socketPair();
    const client = new RspClient(ours);
    const parser = new RspParser();
    const seen: string[] = [];
    theirs.setEncoding('latin1');
    theirs.on('data', (text: string) => {
      for (const [index, piece] of text.split(BREAK).entries()) {
        if (index > 0) {
          seen.push('break');
          theirs.write(frameRsp('T02thread:01;'));
        }
        for (const item of parser.feed(piece)) {
          if (item.kind !== 'packet') continue;
          seen.push(item.payload);
          const answer = answers[item.payload];
          theirs.write('+' + (answer === undefined ? '' : frameRsp(answer)));
        }
      }
    });
    return { client, seen, theirs };
  }

  it('reads and writes registers as target-order hex', async () => {
    const { client, seen } = await open({ pf: '78563412', 'Pf=04000008': 'OK' });
    expect(await client.readRegister(15)).toBe(0x1234_5678);
    await client.writeRegister(15, 0x0800_0004);
    expect(seen).toEqual(['pf', 'Pf=04000008']);
  });

  it('writes memory in blocks of 1 KiB', async () => {
    const block = 'ab'.repeat(1024);
    const { client, seen } = await open({
      [`M8000000,400:${block}`]: 'OK',
      'M8000400,2:abab': 'OK',
    });
    await client.writeMemory(0x0800_0000, new Uint8Array(1026).fill(0xab));
    expect(seen).toHaveLength(2);
  });

  it('reports a refusal with the packet', async () => {
    const { client } = await open({ 'Z1,8000000,2': 'E22' });
    await expect(client.breakpoint(0x0800_0000, true)).rejects.toThrow('Z1,8000000,2');
  });

  it('knows that the core runs, and why it stopped', async () => {
    const answers: Record<string, string> = {};
    const { client, seen } = await open(answers);
    const signals: number[] = [];
    client.onStop((signal) => signals.push(signal));
    client.resume('continue');
    expect(client.running).toBe(true);
    await client.interrupt();
    expect(client.running).toBe(false);
    expect(signals).toEqual([STOP_ASKED]);
    answers['vCont;c'] = 'T05thread:01;';
    const hit = new Promise((resolve) => client.onStop(resolve));
    client.resume('continue');
    expect(await hit).toBe(5);
    expect(seen).toEqual(['vCont;c', 'break', 'vCont;c']);
  });

  it('never disturbs a running core with a request', async () => {
    const { client, seen } = await open({});
    client.resume('continue');
    await expect(client.readRegister(0)).rejects.toThrow('while running');
    await client.interrupt();
    expect(seen).toEqual(['vCont;c', 'break']);
  });

  it('joins a description that comes in parts', async () => {
    const { client } = await open({
      'qXfer:features:read:a.xml:0,800': 'mone',
      'qXfer:features:read:a.xml:3,800': 'ltwo',
    });
    expect(await client.feature('a.xml')).toBe('onetwo');
  });

  it('rejects what is waiting when the emulator goes', async () => {
    const { client, theirs } = await open({});
    const waiting = client.request('g');
    theirs.destroy();
    await expect(waiting).rejects.toThrow('has ended');
    await expect(client.request('g')).rejects.toThrow('has ended');
  });
});
