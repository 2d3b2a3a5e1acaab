import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Two ends of one connection; both are closed when the test ends. */
export async function socketPair(): Promise<{ readonly ours: Socket; readonly theirs: Socket }> {
  const server = createServer({ noDelay: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const ours = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const theirs = await accepted;
  server.close();
  theirs.on('error', () => undefined);
  onTestFinished(() => {
    ours.destroy();
    theirs.destroy();
  });
  return { ours, theirs };
}
