import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectAgent } from '../../../src/agent/index.ts';
import { createChannel, createLinePair } from '../../../src/link/index.ts';
import type { InputScript } from '../../../src/results/index.ts';
import {
  encodeInputScript,
  readInputScript,
  scriptedValue,
} from '../../../src/suite/input-script.ts';
import { inputServerOf, isScripted, scriptFor } from '../../../src/suite/input-server.ts';
import { FakeAgent, HELLO } from '../../helpers/fake-agent.ts';

async function file(text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'cockpit-hil-test-')), 'inputs.yaml');
  await writeFile(path, text);
  return path;
}

const FILE = `
pins:
  4: { values: [0, 0, 1] }
  5: { values: [0, 1], then: repeat }
analog:
  16: { seed: 7, from: 100, to: 900 }
buttons:
  0: { seed: 3 }
others: 9
`;

const SCRIPT: InputScript = {
  ports: [
    { kind: 'values', port: 4, values: [0, 0, 1], then: 'last' },
    { kind: 'values', port: 5, values: [0, 1], then: 'repeat' },
    { kind: 'seed', port: 0x110, seed: 7, from: 100, to: 900 },
    { kind: 'seed', port: 0x300, seed: 3, from: 0, to: 1 },
  ],
  others: 9,
};

describe('readInputScript', () => {
  it('reads a file', async () => {
    expect(await readInputScript(await file(FILE))).toEqual(SCRIPT);
  });

  it('reads JSON, which is YAML too', async () => {
    const path = await file('{"pins": {"4": {"values": [1]}}}');
    expect(await readInputScript(path)).toEqual({
      ports: [{ kind: 'values', port: 4, values: [1], then: 'last' }],
    });
  });

  it('takes a seed for everything', async () => {
    expect(await readInputScript('seed:4294967295')).toEqual({ ports: [], others: 0xffff_ffff });
    await expect(readInputScript('seed:4294967296')).rejects.toThrow('at most 4294967295');
  });

  it.each([
    ['a misspelt key', 'pin:\n  4: { values: [1] }', 'did you mean "pins"?'],
    ['a level that is none', 'pins:\n  4: { values: [0, 2] }', ':2: pins.4'],
    ['no value', 'pins:\n  4: { values: [] }', ':2: pins.4'],
    ['an analog value too high', 'analog:\n  16: { values: [4096] }', ':2: analog.16'],
    ['a range upside down', 'analog:\n  16: { seed: 1, from: 5, to: 4 }', ':2: analog.16'],
    ['no number of a pin', 'pins:\n  LED: { values: [1] }', 'pins'],
  ])('refuses %s, with its line', async (_, text, message) => {
    await expect(readInputScript(await file(text))).rejects.toThrow(message);
  });
});

describe('scriptedValue', () => {
  const reads = (port: number, count: number): (number | undefined)[] =>
    Array.from({ length: count }, (_, n) => scriptedValue(SCRIPT, port, n));

  it('gives a sequence, and then its last value or all of it again', () => {
    expect(reads(4, 6)).toEqual([0, 0, 1, 1, 1, 1]);
    expect(reads(5, 5)).toEqual([0, 1, 0, 1, 0]);
  });

  // Worked out by another program from the text of docs/wire.md.
  it('gives what follows from a seed', () => {
    expect(reads(0x110, 6)).toEqual([164, 678, 279, 317, 701, 670]);
    const others = { ports: [], others: 1 };
    const of = (port: number, count: number): unknown[] =>
      Array.from({ length: count }, (_, n) => scriptedValue(others, port, n));
    expect(of(4, 12)).toEqual([0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 1, 1]);
    expect(of(0x110, 4)).toEqual([2458, 1878, 3167, 1390]);
  });

  it('gives nothing for a port that is live', () => {
    expect(scriptedValue({ ports: [] }, 4, 0)).toBeUndefined();
  });
});

describe('encodeInputScript', () => {
  it('writes the bytes of docs/wire.md', () => {
    const hex = Buffer.from(encodeInputScript(SCRIPT)).toString('hex');
    expect(hex).toBe(
      [
        '04000003' + '000000000100',
        '05000102' + '00000100',
        '10010200' + '07000000' + '6400' + '8403',
        '00030200' + '03000000' + '0000' + '0100',
        'ffff0200' + '09000000' + '0000' + '0000',
      ].join(''),
    );
  });
});

describe('a server', () => {
  const server = (room: number) => ({ room, serve: () => Promise.resolve() });

  it('is given a script that it has room for', () => {
    expect(scriptFor(server(12), { ports: [], others: 1 })).toHaveLength(12);
    expect(() => scriptFor(server(11), { ports: [], others: 1 })).toThrow('has 12 bytes');
  });

  it('that has none refuses every script', () => {
    expect(() => scriptFor(server(0), { ports: [], others: 1 })).toThrow('no script=');
  });
});

describe('the firmware agent as a server', () => {
  it('is sent the script in parts that fit a line', async () => {
    const [host, far] = createLinePair({ name: 'port' });
    const fake = new FakeAgent(far);
    const requests: string[][] = [];
    fake.answer = (fields) => {
      requests.push([...fields]);
      return fields[0] === 'HELLO' ? [...HELLO, 'script=1000'] : ['ok', 'next=0'];
    };
    const agent = connectAgent(createChannel(host));
    const hello = await agent.hello();
    const server = inputServerOf({ agent, hello });
    expect(server.room).toBe(1000);
    const script = Uint8Array.from({ length: 400 }, (_, index) => index & 0xff);
    await server.serve(2, script);
    const sent = requests.filter(([name]) => name === 'SCRIPT');
    expect(sent.map(([, vm, offset]) => [vm, offset])).toEqual([
      ['2', '0'],
      ['2', '360'],
    ]);
    const bytes = sent.map(([, , , part = '']) => Buffer.from(part, 'base64'));
    expect(Buffer.concat(bytes)).toEqual(Buffer.from(script));
  });

  it('serves nothing when its HELLO says nothing of scripts', async () => {
    const [host, far] = createLinePair({ name: 'port' });
    expect(new FakeAgent(far).state).toBe('loaded');
    const agent = connectAgent(createChannel(host));
    expect(inputServerOf({ agent, hello: await agent.hello() }).room).toBe(0);
  });
});

describe('isScripted', () => {
  const input = (port: number) => ({ step: 0, port, value: 0 });

  it('is true of a run that reads nothing but what the script has', () => {
    expect(isScripted(undefined, [])).toBe(true);
    expect(isScripted(undefined, [input(4)])).toBe(false);
    const script = { ports: SCRIPT.ports.slice(0, 1) };
    expect(isScripted(script, [input(4)])).toBe(true);
    expect(isScripted(script, [input(4), input(5)])).toBe(false);
  });
});
