import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { wordAt, wordBytes } from '../../../../src/bench/emulated/bytes.ts';
import {
  StlinkCommands,
  type ProbedCore,
  type ProbedMemory,
} from '../../../../src/bench/emulated/stlink-commands.ts';
import {
  StlinkServer,
  takeRequest,
  type StlinkProbe,
} from '../../../../src/bench/emulated/stlink-server.ts';

/** A 16-byte command from bytes and little-endian words. */
function command(...bytes: readonly number[]): Uint8Array {
  const padded = new Uint8Array(16);
  padded.set(bytes);
  return padded;
}

const le32 = (value: number): number[] => [...wordBytes(value)];
const NONE = new Uint8Array(0);

describe('commands', () => {
  /** 64 bytes of memory at 0x20000000, and a core whose registers are their selectors times three. */
  function open() {
    const ram = new Uint8Array(64);
    const calls: string[] = [];
    const at = (address: number, length: number): number | undefined => {
      const offset = address - 0x2000_0000;
      return offset >= 0 && offset + length <= ram.length ? offset : undefined;
    };
    const memory: ProbedMemory = {
      read: (address, length, size) => {
        calls.push(`read ${size}`);
        const offset = at(address, length);
        return offset === undefined ? 'fault' : ram.slice(offset, offset + length);
      },
      write: (address, bytes, size) => {
        calls.push(`write ${size}`);
        const offset = at(address, bytes.length);
        if (offset === undefined) return 'fault';
        ram.set(bytes, offset);
        return 'ok';
      },
    };
    const note = (text: string) => () => {
      calls.push(text);
      return Promise.resolve();
    };
    const core: ProbedCore = {
      readRegister: (selector) => Promise.resolve(selector > 100 ? undefined : selector * 3),
      writeRegister: (selector, value) => {
        calls.push(`r${selector}=${value}`);
        return Promise.resolve(selector <= 100);
      },
      reset: note('reset'),
      assertReset: note('nrst low'),
      releaseReset: note('nrst high'),
    };
    return { stlink: new StlinkCommands(core, memory), ram, calls };
  }

  it('is an ST-LINK/V3E with the ids of the Nucleo', () => {
    const { stlink } = open();
    const version = stlink.execute(command(0xf1), NONE) as Uint8Array;
    expect(version[0]).toBe(0x30);
    expect([...version.subarray(2)]).toEqual([0x83, 0x04, 0x4e, 0x37]);
    const extended = stlink.execute(command(0xfb), NONE) as Uint8Array;
    expect(extended[0]).toBe(3);
    expect([...extended.subarray(8, 12)]).toEqual([0x83, 0x04, 0x4e, 0x37]);
  });

  it('says 3.3 V: twice the second reading times 1.2 V over the first', () => {
    const readings = open().stlink.execute(command(0xf7), NONE) as Uint8Array;
    expect((2 * wordAt(readings, 4) * 1.2) / wordAt(readings, 0)).toBeCloseTo(3.3);
  });

  it('is in debug mode between ENTER and EXIT', () => {
    const { stlink } = open();
    const mode = () => (stlink.execute(command(0xf5), NONE) as Uint8Array)[0];
    expect(mode()).toBe(1);
    expect(stlink.execute(command(0xf2, 0x30, 0xa3), NONE)).toEqual(Uint8Array.of(0x80, 0));
    expect(mode()).toBe(2);
    void stlink.execute(command(0xf2, 0x21), NONE);
    expect(mode()).toBe(1);
  });

  it.each([
    [0x08, 0x07, 4],
    [0x48, 0x47, 2],
    [0x0d, 0x0c, 1],
  ])('writes (%i) and reads (%i) memory in accesses of %i bytes', (write, read, size) => {
    const { stlink, ram, calls } = open();
    const data = Uint8Array.of(1, 2, 3, 4);
    const place = [...le32(0x2000_0008), 4, 0];
    void stlink.execute(command(0xf2, write, ...place), data);
    expect([...ram.subarray(7, 13)]).toEqual([0, 1, 2, 3, 4, 0]);
    expect(stlink.execute(command(0xf2, read, ...place), NONE)).toEqual(data);
    expect(calls).toEqual([`write ${size}`, `read ${size}`]);
    expect(stlink.execute(command(0xf2, 0x3e), NONE)).toEqual(wordBytes(0x80, 0x2000_0008, 0));
  });

  it('reports a bus fault in the last status, and clears it with the next access', () => {
    const { stlink } = open();
    const bad = [...le32(0x3000_0000), 4, 0];
    expect(stlink.execute(command(0xf2, 0x07, ...bad), NONE)).toHaveLength(4);
    expect(stlink.execute(command(0xf2, 0x3e), NONE)).toEqual(wordBytes(0x11, 0x3000_0000, 0));
    void stlink.execute(command(0xf2, 0x07, ...le32(0x2000_0000), 4, 0), NONE);
    expect(wordAt(stlink.execute(command(0xf2, 0x3e), NONE) as Uint8Array, 0)).toBe(0x80);
  });

  it.each([
    ['unaligned address', 0x2000_0002, 4],
    ['odd length', 0x2000_0000, 6],
    ['no length', 0x2000_0000, 0],
  ])('refuses a 32-bit access with %s', (_, address, length) => {
    const { stlink, calls } = open();
    void stlink.execute(command(0xf2, 0x07, ...le32(address), length, 0), NONE);
    expect((stlink.execute(command(0xf2, 0x3e), NONE) as Uint8Array)[0]).toBe(0x11);
    expect(calls).toEqual([]);
  });

  it('reads and writes debug registers with a status in front', () => {
    const { stlink } = open();
    const write = command(0xf2, 0x35, ...le32(0x2000_0004), ...le32(0x1234_5678));
    expect(stlink.execute(write, NONE)).toEqual(Uint8Array.of(0x80, 0));
    const read = command(0xf2, 0x36, ...le32(0x2000_0004));
    expect(stlink.execute(read, NONE)).toEqual(wordBytes(0x80, 0x1234_5678));
    const bad = command(0xf2, 0x36, ...le32(0x3000_0000));
    expect(stlink.execute(bad, NONE)).toEqual(wordBytes(0x11, 0));
  });

  it('reads and writes core registers by selector', async () => {
    const { stlink, calls } = open();
    expect(await stlink.execute(command(0xf2, 0x33, 15), NONE)).toEqual(wordBytes(0x80, 45));
    expect(await stlink.execute(command(0xf2, 0x33, 101), NONE)).toEqual(wordBytes(0x81, 0));
    const write = command(0xf2, 0x34, 13, ...le32(77));
    expect(await stlink.execute(write, NONE)).toEqual(Uint8Array.of(0x80, 0));
    expect(calls).toEqual(['r13=77']);
    const all = await stlink.execute(command(0xf2, 0x3a), NONE);
    expect(all).toHaveLength(88);
    expect([wordAt(all, 0), wordAt(all, 4 + 4 * 16)]).toEqual([0x80, 48]);
  });

  it('drives the reset line', async () => {
    const { stlink, calls } = open();
    for (const level of [0, 1, 2]) await stlink.execute(command(0xf2, 0x3c, level), NONE);
    await stlink.execute(command(0xf2, 0x32), NONE);
    expect(calls).toEqual(['nrst low', 'nrst high', 'nrst low', 'nrst high', 'reset']);
  });

  it('answers every possible command without throwing', async () => {
    const { stlink } = open();
    for (let first = 0; first < 256; first++)
      for (let second = 0; second < 256; second++) {
        const bytes = new Uint8Array(16).fill(0xff);
        bytes.set([first, second]);
        expect(await stlink.execute(bytes, NONE)).toBeInstanceOf(Uint8Array);
      }
  });
});

/** A USB command as OpenOCD's TCP backend frames it. */
function usb(handle: number, direction: number, length: number, ...bytes: number[]): Uint8Array {
  const message = new Uint8Array(32);
  message.set([5, 0, 0, 0, ...le32(handle), ...bytes]);
  message[24] = direction;
  message.set(le32(length), 28);
  return message;
}

describe('requests', () => {
  it('are cut from the stream at every position', () => {
    const data = Uint8Array.of(9, 8, 7);
    const stream = Buffer.concat([usb(1, 0, 3, 0xf2, 8), data, Uint8Array.of(1)]);
    for (let length = 0; length < 35; length++)
      expect(takeRequest(stream.subarray(0, length))).toBeUndefined();
    const taken = takeRequest(stream);
    expect(taken).toMatchObject({ used: 35, request: { op: 5, data: Buffer.from(data) } });
  });

  it('have no data phase towards the probe when they read', () => {
    expect(takeRequest(usb(1, 1, 64, 0xf2, 7))).toMatchObject({ used: 32 });
  });

  it.each([
    ['unknown operation', Uint8Array.of(7)],
    ['endless data phase', usb(1, 0, 0xffff_ffff)],
  ])('are refused: %s', (_, bytes) => {
    expect(takeRequest(bytes)).toBe('bad');
  });
});

describe('server', () => {
  async function open(probe: StlinkProbe = { execute: (bytes) => bytes.slice(0, 2) }) {
    let released = 0;
    const server = await StlinkServer.listen({
      probe,
      serial: 'ABC',
      released: () => {
        released++;
        return Promise.resolve();
      },
      log: () => undefined,
    });
    onTestFinished(() => server[Symbol.asyncDispose]());
    const client = async () => {
      const socket = connect(server.port, '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    };
    return { server, client, released: () => released };
  }

  /** Sends a request and collects a reply of a known length; rejects when the connection closes first. */
  async function ask(socket: Socket, request: Uint8Array, length: number): Promise<Buffer> {
    socket.write(request);
    const chunks: Buffer[] = [];
    while (Buffer.concat(chunks).length < length)
      chunks.push((await once(socket, 'data'))[0] as Buffer);
    return Buffer.concat(chunks);
  }

  const OPEN = Uint8Array.of(3, 0, 0, 0, 1, 0, 0, 0);

  it('lists one probe with its serial number', async () => {
    const socket = await (await open()).client();
    expect(wordAt(await ask(socket, Uint8Array.of(6, 1, 0, 0), 16), 0)).toBeGreaterThanOrEqual(2);
    expect(wordAt(await ask(socket, Uint8Array.of(0, 0), 4), 0)).toBe(1);
    expect(wordAt(await ask(socket, Uint8Array.of(1), 4), 0)).toBe(1);
    const info = await ask(socket, Uint8Array.of(2, 0, 0, 0, 41, 0, 0, 0), 45);
    expect(wordAt(info, 0)).toBe(1);
    expect(info.subarray(8, 12).toString('latin1')).toBe('ABC\0');
    expect([...info.subarray(40)]).toEqual([0x83, 0x04, 0x4e, 0x37, 0]);
    socket.destroy();
  });

  it('executes commands of the client that opened the probe', async () => {
    const socket = await (await open()).client();
    const opened = await ask(socket, OPEN, 8);
    expect(wordAt(opened, 0)).toBe(1);
    const reply = await ask(socket, usb(wordAt(opened, 4), 1, 2, 0xf1, 0x42), 6);
    expect([...reply]).toEqual([1, 0, 0, 0, 0xf1, 0x42]);
    socket.destroy();
  });

  it('is shared: each client has its own handle, and the last to go releases the core', async () => {
    const { client, released } = await open();
    const [first, second] = [await client(), await client()];
    expect(wordAt(await ask(second, usb(1, 1, 2, 0xf1), 6), 0)).not.toBe(1);
    const one = await ask(first, OPEN, 8);
    const two = await ask(second, OPEN, 8);
    expect([wordAt(one, 0), wordAt(two, 0)]).toEqual([1, 1]);
    expect(wordAt(two, 4)).not.toBe(wordAt(one, 4));
    expect(wordAt(await ask(second, usb(wordAt(one, 4), 1, 2, 0xf1), 6), 0)).not.toBe(1);
    expect(wordAt(await ask(second, usb(wordAt(two, 4), 1, 2, 0xf1), 6), 0)).toBe(1);
    const CLOSE = Uint8Array.of(4, 0, 0, 0, 1, 0, 0, 0);
    await ask(first, CLOSE, 4);
    expect(released()).toBe(0);
    await ask(second, CLOSE, 4);
    expect(released()).toBe(1);
    first.destroy();
    second.destroy();
  });

  it('executes the commands of two clients one after the other', async () => {
    const running: string[] = [];
    let finish: () => void = () => undefined;
    const probe: StlinkProbe = {
      execute: (command) => {
        running.push(`begin ${command[1] ?? 0}`);
        return new Promise((resolve) => {
          finish = () => {
            running.push(`end ${command[1] ?? 0}`);
            resolve(command.subarray(0, 2));
          };
        });
      },
    };
    const { client } = await open(probe);
    const [first, second] = [await client(), await client()];
    const handles = [wordAt(await ask(first, OPEN, 8), 4), wordAt(await ask(second, OPEN, 8), 4)];
    const one = ask(first, usb(handles[0] ?? 0, 1, 2, 0xf1, 1), 6);
    await expect.poll(() => running).toEqual(['begin 1']);
    const two = ask(second, usb(handles[1] ?? 0, 1, 2, 0xf1, 2), 6);
    // Sent after the second command, and answered: so that command is at the server too.
    const third = await client();
    await ask(third, Uint8Array.of(1), 4);
    third.destroy();
    expect(running).toEqual(['begin 1']);
    finish();
    await one;
    await expect.poll(() => running).toEqual(['begin 1', 'end 1', 'begin 2']);
    finish();
    await two;
    first.destroy();
    second.destroy();
  });

  it('answers an error when a command fails, so that OpenOCD does not wait for ever', async () => {
    const failing: StlinkProbe = { execute: () => Promise.reject(new Error('gone')) };
    const socket = await (await open(failing)).client();
    const handle = wordAt(await ask(socket, OPEN, 8), 4);
    expect(wordAt(await ask(socket, usb(handle, 1, 2, 0xf1), 6), 0)).not.toBe(1);
    socket.destroy();
  });

  it('closes the connection on garbage and serves the next client', async () => {
    const { client } = await open();
    const bad = await client();
    bad.write(Buffer.alloc(5000, 0xee));
    bad.resume();
    await once(bad, 'close');
    const good = await client();
    expect(wordAt(await ask(good, OPEN, 8), 0)).toBe(1);
    good.destroy();
  });
});
