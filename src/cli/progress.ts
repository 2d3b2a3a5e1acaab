import { printable } from '../report/index.ts';
import type { RunObserver } from '../suite/index.ts';
import type { CliContext } from './context.ts';

/** Live progress rewrites its line at most this often: enough to look alive, too little to slow a run down. */
const REDRAW_MS = 100;
/** Width of the phase names. */
const LABEL = 8;

/** Progress of a run on a terminal: phases as lines, the program's text with a bar before it, a live line while it runs. */
export function createProgress(context: CliContext): RunObserver & { end(): void } {
  let live = false;
  let drawnAt = 0;
  let partial = '';
  const clear = (): void => {
    if (!live) return;
    process.stdout.write('\r\u001b[K');
    live = false;
  };
  const line = (text: string): void => {
    clear();
    context.out(printable(text));
  };
  const flushText = (): void => {
    if (partial !== '') line(`${' '.repeat(LABEL)}| ${partial}`);
    partial = '';
  };
  return {
    phase: (name, text) => {
      flushText();
      line(`${name.padEnd(LABEL)}${text}`);
    },
    progress: (steps, rounds) => {
      const now = performance.now();
      if (!context.terminal || now - drawnAt < REDRAW_MS) return;
      clear();
      drawnAt = now;
      process.stdout.write(`run     ${steps} steps compared, round ${rounds} of loop()`);
      live = true;
    },
    print: (text) => {
      partial += Buffer.from(text).toString('utf8');
      const lines = partial.split(/\r?\n/);
      partial = lines.pop() ?? '';
      for (const whole of lines) line(`${' '.repeat(LABEL)}| ${whole}`);
    },
    end: () => {
      flushText();
      clear();
    },
  };
}
