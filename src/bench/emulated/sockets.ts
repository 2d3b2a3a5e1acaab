import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';

/**
 * A Unix socket that waits for the emulator to connect to it. Listening before the emulator starts makes the
 * connection certain, with nothing to poll for.
 */
export class Rendezvous implements AsyncDisposable {
  readonly path: string;
  /** The first connection; never settles when nobody connects. */
  readonly connection: Promise<Socket>;
  readonly #server: Server;

  private constructor(path: string, server: Server) {
    this.path = path;
    this.#server = server;
    this.connection = new Promise((resolve) => {
      server.once('connection', resolve);
    });
  }

  /** @param path of a Unix socket, under 108 bytes (unix(7)); a file left there by an earlier run is removed */
  static async listen(path: string): Promise<Rendezvous> {
    await rm(path, { force: true });
    const server = createServer();
    server.maxConnections = 1;
    const rendezvous = new Rendezvous(path, server);
    server.listen(path);
    await once(server, 'listening');
    return rendezvous;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    await rm(this.path, { force: true });
  }
}

/** Longest line taken from the emulator: a 4 KiB memory read in hex is 8 KiB, QMP's QOM lists are shorter. */
const LINE_LIMIT = 1 << 20;

/**
 * Calls back with each line of a socket, without its line end.
 * A line over 1 MiB ends the connection, so that garbage cannot fill memory.
 */
export function onLines(socket: Socket, take: (line: string) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LINE_LIMIT) {
      socket.destroy();
      return;
    }
    for (const line of lines) take(line.endsWith('\r') ? line.slice(0, -1) : line);
  });
}
