import { createLine, type BytePort, type Line, type LineSettings } from './line.ts';

/** One end of a pipe in memory. */
class MemoryPort implements BytePort {
  #peer: MemoryPort | undefined;
  #data: (bytes: Uint8Array) => void = () => undefined;
  #gone: (reason: string) => void = () => undefined;
  #open = true;

  join(peer: MemoryPort): void {
    this.#peer = peer;
  }

  async write(bytes: Uint8Array): Promise<void> {
    // As on a real port, the receiver never runs within the sender's call.
    await Promise.resolve();
    if (!this.#open) throw new Error('the port is closed');
    this.#peer?.receive(bytes);
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await Promise.resolve();
    this.#peer?.peerClosed();
  }

  receive(bytes: Uint8Array): void {
    if (this.#open) this.#data(bytes);
  }

  peerClosed(): void {
    if (this.#open) this.#gone('the other end was closed');
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#data = listener;
  }

  onGone(listener: (reason: string) => void): void {
    this.#gone = listener;
  }
}

/** Two ports in memory; what is written to one arrives at the other. */
export function createPortPair(): [BytePort, BytePort] {
  const [left, right] = [new MemoryPort(), new MemoryPort()];
  left.join(right);
  right.join(left);
  return [left, right];
}

/** Two lines in memory: the host's end and the board's. */
export function createLinePair(settings: Partial<LineSettings> = {}): [host: Line, board: Line] {
  const [host, board] = createPortPair();
  return [
    createLine(host, { ...settings, name: settings.name ?? 'memory' }),
    createLine(board, { name: `${settings.name ?? 'memory'} (board)` }),
  ];
}
