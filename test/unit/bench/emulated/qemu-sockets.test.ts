import { describe, expect, it } from 'vitest';
import { QmpClient } from '../../../../src/bench/emulated/qmp.ts';
import { parseQtestLine, QtestClient } from '../../../../src/bench/emulated/qtest.ts';
import { onLines } from '../../../../src/bench/emulated/sockets.ts';
import { socketPair } from './socket-pair.ts';

const GREETING =
  '{"QMP": {"version": {"qemu": {"micro": 2, "minor": 0, "major": 10}, "package": "x"}, "capabilities": []}}\r\n';

/** A QMP server that answers commands by a table of results; a string starting with ! is an error text. */
async function openQmp(answers: Record<string, unknown>) {
  const { ours, theirs } = await socketPair();
  const client = new QmpClient(ours);
  theirs.write(GREETING);
  onLines(theirs, (line) => {
    const { execute, id } = JSON.parse(line) as { execute: string; id: number };
    const answer = answers[execute];
    if (answer === undefined) return;
    const refused = typeof answer === 'string' && answer.startsWith('!');
    const body = refused ? { error: { class: 'GenericError', desc: answer } } : { return: answer };
    theirs.write(JSON.stringify({ ...body, id }) + '\r\n');
  });
  return { client, theirs };
}

describe('QMP', () => {
  it('greets with its version and leaves negotiation', async () => {
    const { client } = await openQmp({ qmp_capabilities: {} });
    expect(await client.handshake()).toEqual({ major: 10, minor: 0, micro: 2 });
  });

  it('gives each reply to its own command', async () => {
    const { client } = await openQmp({ a: 1, b: 'two' });
    expect(await Promise.all([client.execute('b'), client.execute('a')])).toEqual(['two', 1]);
  });

  it('rejects with what QEMU refused', async () => {
    const { client } = await openQmp({ bad: '!no such thing' });
    await expect(client.execute('bad')).rejects.toThrow('no such thing');
  });

  it('waits for the event of a command, and tells listeners', async () => {
    const { client, theirs } = await openQmp({ system_reset: {} });
    const events: unknown[] = [];
    client.onEvent((event, data) => events.push([event, data]));
    const done = client.executeAndAwait('system_reset', 'RESET');
    theirs.write('{"event": "RESET", "data": {"guest": false}, "timestamp": {"seconds": 1}}\r\n');
    await done;
    expect(events).toEqual([['RESET', { guest: false }]]);
  });

  it('survives garbage', async () => {
    const { client, theirs } = await openQmp({ a: 1 });
    theirs.write('\0\x01{]\n{}\n[1,2]\n{"return": 5, "id": 999}\n{"return": 7}\n{"error": 3}\n');
    expect(await client.execute('a')).toBe(1);
  });

  it('rejects what is waiting when QEMU goes', async () => {
    const { client, theirs } = await openQmp({});
    const waiting = client.execute('a');
    theirs.destroy();
    await expect(waiting).rejects.toThrow('has ended');
    await expect(client.execute('a')).rejects.toThrow('has ended');
  });
});

describe('qtest lines', () => {
  it.each([
    ['OK', { kind: 'ok', fields: [] }],
    ['OK 0x00000000410fc240', { kind: 'ok', fields: ['0x00000000410fc240'] }],
    ['FAIL Unknown device', { kind: 'fail', reason: 'Unknown device' }],
    ['IRQ raise 45', { kind: 'irq', line: 45, level: 1 }],
    ['IRQ lower 5', { kind: 'irq', line: 5, level: 0 }],
    ['IRQ raise', { kind: 'other' }],
    ['', { kind: 'other' }],
    ['\0garbage', { kind: 'other' }],
  ])('%j', (line, expected) => {
    expect(parseQtestLine(line)).toEqual(expected);
  });
});

describe('qtest', () => {
  async function openQtest(answers: Record<string, string>) {
    const { ours, theirs } = await socketPair();
    const client = new QtestClient(ours);
    const seen: string[] = [];
    onLines(theirs, (line) => {
      seen.push(line);
      theirs.write((answers[line] ?? 'FAIL unknown') + '\n');
    });
    return { client, seen, theirs };
  }

  it('reads and writes values of each size', async () => {
    const { client, seen } = await openQtest({
      'readl 0xe000ed00': 'OK 0x00000000410fc240',
      'readw 0x1fff75e0': 'OK 0x0000000000000200',
      'writeb 0x20000000 0xff': 'OK',
    });
    expect(await client.readValue(0xe000_ed00, 4)).toBe(0x410f_c240);
    expect(await client.readValue(0x1fff_75e0, 2)).toBe(0x200);
    await client.writeValue(0x2000_0000, 1, 0xff);
    expect(seen).toHaveLength(3);
  });

  it('reads and writes memory as hex', async () => {
    const { client, seen } = await openQtest({
      'read 0x20000000 0x3': 'OK 0x0102ff',
      'write 0x20000000 0x3 0x0102ff': 'OK',
    });
    expect(await client.readMemory(0x2000_0000, 3)).toEqual(Uint8Array.of(1, 2, 255));
    await client.writeMemory(0x2000_0000, Uint8Array.of(1, 2, 255));
    expect(seen).toHaveLength(2);
  });

  it.each(['OK', 'OK 0x01', 'OK 0xzzzzzz', 'OK 010203'])('refuses the memory %j', async (text) => {
    const { client } = await openQtest({ 'read 0x0 0x3': text });
    await expect(client.readMemory(0, 3)).rejects.toThrow('garbled');
  });

  it('keeps replies in order, with level changes between them', async () => {
    const { client, theirs } = await openQtest({ 'readl 0x0': 'IRQ raise 5\nOK 0x1' });
    const edges: unknown[] = [];
    const stop = client.onIrq((line, level) => edges.push([line, level]));
    expect(await client.readValue(0, 4)).toBe(1);
    expect(edges).toEqual([[5, 1]]);
    stop();
    theirs.write('IRQ lower 5\n');
    expect(await client.readValue(0, 4)).toBe(1);
    expect(edges).toHaveLength(1);
  });

  it('rejects with the command that failed', async () => {
    const { client } = await openQtest({});
    await expect(client.setInput('/machine/soc/gpioc', 13, 1)).rejects.toThrow(
      'set_irq_in /machine/soc/gpioc unnamed-gpio-in 13 1',
    );
  });

  it('rejects what is waiting when QEMU goes', async () => {
    const { client, theirs } = await openQtest({});
    theirs.destroy();
    await expect(client.readValue(0, 4)).rejects.toThrow('has ended');
  });
});
