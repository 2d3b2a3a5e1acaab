import type { Line } from '../../src/link/index.ts';

/** What becomes of a line on its way: itself, something else, or nothing. */
export type LineFault = (text: string) => string | undefined;

/** A line that damages what passes. */
export function lossyLine(line: Line, faults: { in?: LineFault; out?: LineFault }): Line {
  const pass: LineFault = (text) => text;
  const { in: incoming = pass, out: outgoing = pass } = faults;
  return {
    name: line.name,
    get stats() {
      return line.stats;
    },
    get closed() {
      return line.closed;
    },
    recent: () => line.recent(),
    write: async (text) => {
      const sent = outgoing(text);
      if (sent !== undefined) await line.write(sent);
    },
    onLine: (listener) =>
      line.onLine((text) => {
        const received = incoming(text);
        if (received !== undefined) listener(received);
      }),
    onClose: (listener) => line.onClose(listener),
    close: () => line.close(),
    [Symbol.asyncDispose]: () => line.close(),
  };
}
