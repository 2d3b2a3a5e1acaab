import { createInterface } from 'node:readline';

/** Lines kept as evidence of what a tool said before it failed. OpenOCD's whole start is about 15 lines. */
export const KEPT_LINES = 50;

/** The last lines a child process wrote. */
export class LogTail {
  readonly #lines: string[] = [];

  /** Adds one line; the oldest is dropped when {@link KEPT_LINES} are held. */
  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }

  /** A copy of the kept lines, oldest first. */
  get lines(): readonly string[] {
    return [...this.#lines];
  }
}

/**
 * Calls `onLine` for every complete line of a stream and for an unfinished last one, without line ends.
 * @returns a promise that settles when the stream has ended
 */
export function eachLine(
  stream: NodeJS.ReadableStream,
  onLine: (line: string) => void,
): Promise<void> {
  const reader = createInterface({ input: stream, crlfDelay: Infinity });
  reader.on('line', onLine);
  return new Promise((resolve) => reader.once('close', resolve));
}
