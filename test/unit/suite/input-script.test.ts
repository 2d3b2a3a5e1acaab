import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectAgent } from '../../../src/agent/index.ts';
import { loadBoard } from '../../../src/bench/index.ts';
import { createChannel, createLinePair } from '../../../src/link/index.ts';
import type { InputScript } from '../../../src/results/index.ts';
import { encodeInputScript, scriptedValue } from '../../../src/suite/input-script.ts';
import { readInputScript, scriptOfRecord } from '../../../src/suite/recorded-script.ts';
import { inputServerOf, isScripted, scriptFor } from '../../../src/suite/input-server.ts';
import { FakeAgent, HELLO } from '../../helpers/fake-agent.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { sampleRecord } from '../../helpers/sample-record.ts';
import { hexBytes, scripts } from '../../helpers/wire-vectors.ts';

async function file(text: string): Promise<string> {
  const path = join(await temporaryFolder(), 'inputs.yaml');
  await writeFile(path, text);
  return path;
}

/** The smallest board that has what these scripts name. */
const board = await loadBoard('nucleo_g474re');
const read = (given: string, boards = [board]) => readInputScript(given, boards);

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
    expect(await read(await file(FILE))).toEqual(SCRIPT);
  });

  it('reads JSON, which is YAML too', async () => {
    const path = await file('{"pins": {"4": {"values": [1]}}}');
    expect(await read(path)).toEqual({
      ports: [{ kind: 'values', port: 4, values: [1], then: 'last' }],
    });
  });

  it('takes a seed for everything', async () => {
    expect(await read('seed:4294967295')).toEqual({ ports: [], others: 0xffff_ffff });
    await expect(read('seed:4294967296')).rejects.toThrow('at most 4294967295');
    for (const bad of ['seed:', 'seed:x', 'seed:-1'])
      await expect(read(bad)).rejects.toThrow(`${bad}: a seed is a whole number`);
  });

  it.each([
    ['a misspelt key', 'pin:\n  4: { values: [1] }', 'did you mean "pins"?'],
    ['a level that is none', 'pins:\n  4: { values: [0, 2] }', ':2: pins.4'],
    ['no value', 'pins:\n  4: { values: [] }', ':2: pins.4'],
    ['an analog value too high', 'analog:\n  16: { values: [4096] }', ':2: analog.16'],
    ['a range upside down', 'analog:\n  16: { seed: 1, from: 5, to: 4 }', ':2: analog.16'],
    ['no number of a pin', 'pins:\n  LED: { values: [1] }', 'pins'],
    ['a number with a zero too many', 'pins:\n  "04": { values: [1] }', 'pins'],
    [
      'a pin that the board doesn’t have',
      'pins:\n  4: { values: [1] }\n  99: { values: [1] }',
      ':3: pins.99: ST Nucleo-G474RE has no pin 99; it has 0 to 22',
    ],
    [
      'one that isn’t analog',
      'analog:\n  4: { seed: 1 }',
      ':2: analog.4: ST Nucleo-G474RE has no analog pin 4; it has 16 to 21',
    ],
    [
      'a button that the board doesn’t have',
      'buttons:\n  1: { seed: 1 }',
      ':2: buttons.1: ST Nucleo-G474RE has no button 1; it has 0',
    ],
  ])('refuses %s, with its line', async (_, text, message) => {
    await expect(read(await file(text))).rejects.toThrow(message);
  });

  it('refuses what one board of several doesn’t have', async () => {
    const small = { ...board, name: 'Small', pins: board.pins.slice(0, 3) };
    const path = await file('pins:\n  3: { values: [1] }');
    await expect(read(path, [board, small])).rejects.toThrow('Small has no pin 3; it has 0 to 2');
    const bare = { ...board, name: 'Bare', buttons: [] };
    await expect(read(await file('buttons:\n  0: { seed: 1 }'), [bare])).rejects.toThrow(
      'Bare has no button 0; it has none',
    );
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

/** What a script's bytes say, read here from docs/wire.md. */
function decoded(bytes: Uint8Array): InputScript {
  const data = Buffer.from(bytes);
  const ports: InputScript['ports'] = [];
  let others: number | undefined;
  for (let at = 0; at < data.length;) {
    const [port, kind, count] = [data.readUInt16LE(at), data[at + 2], data[at + 3] ?? 0];
    at += 4;
    if (kind === 2 && port === 0xffff) {
      others = data.readUInt32LE(at);
    } else if (kind === 2) {
      const [from, to] = [data.readUInt16LE(at + 4), data.readUInt16LE(at + 6)];
      ports.push({ kind: 'seed', port, seed: data.readUInt32LE(at), from, to });
    } else {
      const start = at;
      const values = Array.from({ length: count }, (_, n) => data.readUInt16LE(start + 2 * n));
      ports.push({ kind: 'values', port, values, then: kind === 1 ? 'repeat' : 'last' });
    }
    at += kind === 2 ? 8 : 2 * count;
  }
  return { ports, ...(others === undefined ? {} : { others }) };
}

describe.each(scripts)('the golden script: $name', ({ bytes, reads }) => {
  const script = decoded(hexBytes(bytes));

  it('has those bytes', () => {
    expect(Buffer.from(encodeInputScript(script)).toString('hex')).toBe(bytes);
  });

  it.each(reads)('gives port $port those values', ({ port, values }) => {
    const given = values.map((_, read) => scriptedValue(script, port, read) ?? null);
    expect(given).toEqual(values);
  });
});

describe('a recorded run as a script', () => {
  type Inputs = ReturnType<typeof sampleRecord>['programs'][number]['inputs'];
  const recordOf = (inputs: Inputs): ReturnType<typeof sampleRecord> => {
    const record = structuredClone(sampleRecord());
    delete record.scripted;
    record.programs.length = 1;
    const [first] = record.programs;
    if (first !== undefined) first.inputs = inputs;
    return record;
  };

  it('is refused for a board without what was read', async () => {
    const path = await file(JSON.stringify(recordOf([[3, 22, 0]])));
    expect(await read(`record:${path}`)).toMatchObject({ ports: [{ port: 22 }] });
    const small = { ...board, name: 'Small', pins: board.pins.slice(0, 3) };
    await expect(read(`record:${path}`, [small])).rejects.toThrow(
      `${path}: Small has no pin 22; it has 0 to 2`,
    );
  });

  it('gives each port what it read, and then its last value', () => {
    const record = recordOf([
      [3, 4, 0],
      [5, 0x110, 700],
      [9, 4, 1],
      [12, 0x401, 99],
      [14, 4, 1],
      [15, 4, 1],
    ]);
    expect(scriptOfRecord(record)).toEqual({
      script: {
        ports: [
          { kind: 'values', port: 4, values: [0, 1], then: 'last' },
          { kind: 'values', port: 0x110, values: [700], then: 'last' },
        ],
      },
    });
  });

  it('is the script of the run when it had one', () => {
    expect(scriptOfRecord({ ...recordOf([]), scripted: { given: 'x', script: SCRIPT } })).toEqual({
      script: SCRIPT,
    });
  });

  it.each([
    ['only a clock', [[0, 0x401, 5]], 'nothing was read but the clock'],
    [
      'too much of one port',
      Array.from({ length: 256 }, (_, n) => [n, 4, n % 2]),
      'one port was read 256 times before its last change, and a script holds 255',
    ],
    [
      'too much of all',
      Array.from({ length: 600 }, (_, n) => [n, n % 3, Math.floor(n / 3) % 2]),
      'a script of it has 1212 bytes, and a board room for 1024',
    ],
  ])('is none of a run that read %s', (_, inputs, why) => {
    expect(scriptOfRecord(recordOf(inputs as Inputs))).toEqual({ why });
  });

  it('is none of several programs', () => {
    const record = recordOf([[0, 4, 1]]);
    const [first] = record.programs;
    if (first !== undefined) record.programs.push(first);
    expect(scriptOfRecord(record)).toEqual({
      why: 'several programs ran, and there is one script for all of them',
    });
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
      if (fields[0] === 'HELLO') return [...HELLO, 'script=1000'];
      return ['ok', `next=${fields[2] === '0' ? 360 : 400}`];
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

  it('must have taken every part', async () => {
    const [host, far] = createLinePair({ name: 'port' });
    const fake = new FakeAgent(far);
    fake.answer = (fields) => (fields[0] === 'HELLO' ? HELLO : ['ok', 'next=11']);
    const agent = connectAgent(createChannel(host));
    const server = inputServerOf({ agent, hello: await agent.hello() });
    await expect(server.serve(0, new Uint8Array(12))).rejects.toMatchObject({
      causeClass: 'firmware',
      message: 'the board expects byte 11 after SCRIPT 0',
    });
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
