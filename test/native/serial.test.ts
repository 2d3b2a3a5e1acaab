import { symlink, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSerial, type Line } from '../../src/link/index.ts';
import { OwnedChild } from '../../src/process/index.ts';
import { encodeFrame } from '../../src/wire/index.ts';
import { startNativeAgent, type NativeAgent } from '../helpers/native-agent.ts';

let native: NativeAgent;

beforeEach(async () => {
  native = await startNativeAgent();
});
afterEach(async () => {
  await native[Symbol.asyncDispose]();
});

const HELLO = encodeFrame({ type: 'Q', seq: 0, fields: ['HELLO'] });
const open = (): Promise<Line> => openSerial({ path: native.path, baud: 115_200 });
const nextLine = (line: Line): Promise<string> =>
  new Promise((resolve) => {
    const stop = line.onLine((text) => {
      stop();
      resolve(text);
    });
  });
const nextClose = (line: Line): Promise<string | undefined> =>
  new Promise((resolve) =>
    line.onClose((reason) => {
      resolve(reason?.message);
    }),
  );

describe('a pseudo-terminal', () => {
  it('carries lines both ways', async () => {
    await using line = await open();
    const reply = nextLine(line);
    await line.write(HELLO);
    expect(await reply).toMatch(/^@R00 proto=4 /);
    expect(line.stats.bytesOut).toBe(HELLO.length);
  });

  it('is found through a link, and called by the name it was given', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cockpit-link-'));
    try {
      const path = join(folder, 'vcp');
      await symlink(native.path, path);
      await using line = await openSerial({ path, baud: 115_200, name: 'the board' });
      expect(line.name).toBe('the board');
      const reply = nextLine(line);
      await line.write(HELLO);
      expect(await reply).toMatch(/^@R00/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('can be opened again after closing, without what arrived in between', async () => {
    for (let round = 0; round < 3; round += 1) {
      const line = await open();
      const reply = nextLine(line);
      await line.write(HELLO);
      expect(await reply).toMatch(/^@R00/);
      await line.close();
    }
  });

  it('that is open is in use: the holder is named', async () => {
    await using line = await open();
    await expect(openSerial({ path: line.name, baud: 115_200 })).rejects.toMatchObject({
      causeClass: 'rig',
      message: expect.stringMatching(
        new RegExp(`^${native.path} is in use by pid ${process.pid} \\(cockpit-hil`),
      ) as string,
    });
  });

  it('that another program has locked is in use: the program is named', async () => {
    // flock(1) locks its own descriptor, as picocom does, and keeps it while its command runs.
    await using other = await OwnedChild.start('flock', [
      native.path,
      'sh',
      '-c',
      'echo locked; exec cat',
    ]);
    await new Promise((resolve) => other.stdout.once('data', resolve));
    await expect(open()).rejects.toMatchObject({
      causeClass: 'rig',
      message: expect.stringMatching(/is in use by .*pid \d+ \((flock|cat|sh)\)/) as string,
    });
  });

  it('ends when the other side goes away', async () => {
    await using line = await open();
    const closed = nextClose(line);
    native.child.signal('SIGKILL');
    expect(await closed).toMatch(/^the other side of .* went away/);
  });

  it('ends also when the other side goes away during a read', async () => {
    // The moment cannot be hit on purpose; of forty hang-ups right after opening about three come during the first read.
    for (let round = 0; round < 40; round += 1) {
      await using agent = await startNativeAgent();
      await using line = await openSerial({ path: agent.path, baud: 115_200 });
      const closed = nextClose(line);
      agent.child.signal('SIGKILL');
      expect(await closed).toMatch(/went away/);
    }
  });

  it('closes although the other side takes no bytes', async () => {
    const line = await open();
    native.child.signal('SIGSTOP');
    // More than the kernel's buffers hold.
    const writes = Array.from({ length: 12 }, () =>
      line.write('x'.repeat(8000)).catch((error: unknown) => error),
    );
    await line.close();
    const outcomes = await Promise.all(writes);
    expect(outcomes.some((outcome) => outcome instanceof Error)).toBe(true);
  });
});
