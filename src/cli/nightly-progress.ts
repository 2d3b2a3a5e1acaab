import type { NightlyObserver } from '../nightly/index.ts';
import { caseLine, printable, recoveryText } from '../report/index.ts';
import type { CliContext } from './context.ts';

/** Live progress rewrites its line at most this often. */
const REDRAW_MS = 200;
/** Width of the labels. */
const LABEL = 8;

/** What a bench is at. */
interface Doing {
  readonly id: string;
  readonly attempt: number;
  steps: number;
}

/** Progress of a nightly: a line for each case that is decided and, on a terminal, a live one of what runs. */
export function createNightlyProgress(
  context: CliContext,
  total: number,
): NightlyObserver & { end(): void } {
  const running = new Map<string, Doing>();
  let decided = 0;
  let live = false;
  let drawnAt = 0;
  const clear = (): void => {
    if (live) process.stdout.write('\r\u001b[K');
    live = false;
  };
  const line = (text: string): void => {
    clear();
    context.out(text);
  };
  const draw = (): void => {
    const now = performance.now();
    if (!context.terminal || now - drawnAt < REDRAW_MS) return;
    clear();
    drawnAt = now;
    const parts = [...running].map(([bench, { id, attempt, steps }]) => {
      const which = attempt === 1 ? '' : `, attempt ${attempt}`;
      return `${bench}: ${id}${which}, ${steps} steps`;
    });
    const { columns } = process.stdout;
    const width = columns > 0 ? columns - 1 : 79;
    process.stdout.write(`${decided}/${total}  ${parts.join(' | ')}`.slice(0, width));
    live = true;
  };
  const say = (label: string, text: string): void => {
    line(`${label.padEnd(LABEL)}${printable(text)}`);
  };
  return {
    bench: ({ name, state, ranOn = '', why = '' }) => {
      say('bench', state === 'ready' ? `${name}: ${ranOn}` : `${name} is ${state}: ${why}`);
    },
    began: (bench, id, attempt) => {
      running.set(bench, { id, attempt, steps: 0 });
      draw();
    },
    progress: (bench, steps) => {
      const doing = running.get(bench);
      if (doing !== undefined) doing.steps = steps;
      draw();
    },
    attempted: (id, { bench, number, verdict }) => {
      running.delete(bench);
      if (verdict.outcome === 'passed') return;
      const cause = verdict.causeClass === undefined ? '' : ` [${verdict.causeClass}]`;
      const what = `${verdict.outcome}${cause}: ${verdict.summary}`;
      say('attempt', `${number} of ${id} on ${bench} ${what}`);
    },
    recovering: (bench, why) => {
      say('recover', `${bench}: ${why}`);
    },
    recovered: (recovery) => {
      for (const { rung, ok, detail } of recovery.rungs) {
        say('', `${rung}: ${ok ? 'ok' : 'no'}: ${detail}`);
      }
      say('recover', recoveryText(recovery));
    },
    decided: (result, done, all) => {
      decided = done;
      line(caseLine(result, done, all, { color: context.color }));
    },
    end: clear,
  };
}
