import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSocket, type Line } from '../../../src/link/index.ts';

let folder: string;
let path: string;
let server: Server;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cockpit-socket-'));
  path = join(folder, 'vcp.sock');
  server = createServer();
  server.listen(path);
  await once(server, 'listening');
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** A line, and the board's end of it. */
async function open(at = path): Promise<{ line: Line; board: Socket }> {
  const accepted = once(server, 'connection');
  const line = await openSocket({ path: at });
  const [board] = (await accepted) as [Socket];
  return { line, board };
}

const nextClose = (line: Line): Promise<string | undefined> =>
  new Promise((resolve) =>
    line.onClose((reason) => {
      resolve(reason?.message);
    }),
  );

describe('a socket in place of a serial port', () => {
  it('carries every byte both ways', async () => {
    const { line, board } = await open();
    const arrived = once(board, 'data');
    await line.write('\u0081\u00ff');
    expect([...((await arrived) as [Buffer])[0]]).toEqual([0x81, 0xff]);
    const received = new Promise((resolve) => line.onLine(resolve));
    board.write('@R00');
    board.write(' ok\n');
    expect(await received).toBe('@R00 ok');
    expect(line.stats).toMatchObject({ bytesIn: 8, bytesOut: 2, linesIn: 1 });
    await line.close();
  });

  it('is found through a link whose path is longer than that of a socket may be', async () => {
    const link = join(folder, 'l'.repeat(200));
    await symlink(path, link);
    const { line } = await open(link);
    expect(line.name).toBe(link);
    await line.close();
  });

  it('tells when the other side goes away, and not when it is closed here', async () => {
    const { line, board } = await open();
    const gone = nextClose(line);
    board.destroy();
    expect(await gone).toBe(`the other side of ${path} went away: it was closed`);
    await expect(line.write('x')).rejects.toMatchObject({ causeClass: 'link' });
    const again = await open();
    const closed = nextClose(again.line);
    await again.line.close();
    await again.line.close();
    expect(await closed).toBeUndefined();
  });

  it('is refused with the path when nobody listens', async () => {
    const nowhere = join(folder, 'nowhere');
    await expect(openSocket({ path: nowhere })).rejects.toMatchObject({
      causeClass: 'rig',
      message: expect.stringContaining(`cannot connect to ${nowhere}: `) as string,
    });
  });
});
