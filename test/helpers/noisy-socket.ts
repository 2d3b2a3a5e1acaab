import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from './folder.ts';

/** A serial line's socket with somebody in between, who puts bytes of his own into what the board sends. */
export interface NoisySocket extends AsyncDisposable {
  /** Where the host connects instead. */
  readonly path: string;
  /** How many bursts have gone to the host so far. */
  readonly bursts: number;
}

/**
 * Stands between the host and a board's socket. What the host sends passes as it is; a burst goes into the middle of what the board
 * sends, whenever so much has passed.
 * @param board the board's socket
 * @param noise a burst, the number of bytes of the board's between two, and how many there are
 */
export async function noisySocket(
  board: string,
  noise: { readonly burst: Uint8Array; readonly every: number; readonly bursts: number },
): Promise<NoisySocket> {
  const path = join(await temporaryFolder(), 'noisy');
  let bursts = 0;
  let clean = 0;
  const sockets: Socket[] = [];
  const server = createServer((host) => {
    const far = connect(board);
    sockets.push(host, far);
    host.pipe(far);
    far.on('data', (bytes) => {
      clean += bytes.length;
      if (clean < noise.every || bursts === noise.bursts) {
        host.write(bytes);
        return;
      }
      clean = 0;
      bursts += 1;
      const middle = bytes.length >> 1;
      host.write(Buffer.concat([bytes.subarray(0, middle), noise.burst, bytes.subarray(middle)]));
    });
    // Whichever side goes, the other goes too.
    for (const [one, other] of [
      [host, far],
      [far, host],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    path,
    get bursts() {
      return bursts;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
