import { VM_NAMES } from '../isa/index.ts';
import { printable } from '../report/index.ts';
import type { RunObserver } from '../suite/index.ts';
import type { CliContext } from './context.ts';

/** Live progress rewrites its line at most this often: enough to look alive, too little to slow a run down. */
const REDRAW_MS = 100;
/** Width of the phase names. */
const LABEL = 8;

/** How far each VM is. */
interface Reached {
  readonly steps: number;
  readonly rounds: number;
}

/**
 * Progress of a run on a terminal: phases as lines, the programs' texts with a bar before them, a live line while they run.
 * @param named whether each text says which VM it is from
 */
export function createProgress(context: CliContext, named: boolean): RunObserver & { end(): void } {
  let live = false;
  let drawnAt = 0;
  const reached = new Map<number, Reached>();
  const partial = new Map<number, string>();
  const clear = (): void => {
    if (!live) return;
    process.stdout.write('\r\u001b[K');
    live = false;
  };
  const line = (text: string): void => {
    clear();
    context.out(printable(text));
  };
  const say = (vm: number, text: string): void => {
    const label = named ? (VM_NAMES[vm] ?? '') : '';
    line(`${label.padEnd(LABEL)}| ${Buffer.from(text, 'latin1').toString('utf8')}`);
  };
  const flushText = (): void => {
    for (const [vm, text] of partial) if (text !== '') say(vm, text);
    partial.clear();
  };
  return {
    phase: (name, text) => {
      flushText();
      line(`${name.padEnd(LABEL)}${text}`);
    },
    progress: (vm, steps, rounds) => {
      reached.set(vm, { steps, rounds });
      const now = performance.now();
      if (!context.terminal || now - drawnAt < REDRAW_MS) return;
      clear();
      drawnAt = now;
      const all = [...reached.values()];
      const total = all.reduce((sum, one) => sum + one.steps, 0);
      const round = all.map((one) => one.rounds).join('/');
      process.stdout.write(
        `${'run'.padEnd(LABEL)}${total} steps compared, round ${round} of loop()`,
      );
      live = true;
    },
    print: (vm, text) => {
      // Bytes until the line is whole: a character may come in two texts.
      const bytes = (partial.get(vm) ?? '') + Buffer.from(text).toString('latin1');
      const lines = bytes.split(/\r?\n/);
      partial.set(vm, lines.pop() ?? '');
      for (const whole of lines) say(vm, whole);
    },
    end: () => {
      flushText();
      clear();
    },
  };
}
