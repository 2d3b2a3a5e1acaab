import { pinCapabilities, type Board, type ConnectedBoard } from '../bench/index.ts';
import type { Program } from '../image/index.ts';
import { runLockstep, type LockstepResult } from '../lockstep/index.ts';
import type { RunObserver } from './observer.ts';

/** A program, where it came from, and the VM it is for. */
export interface LoadedProgram {
  /** 0..3. */
  readonly vm: number;
  readonly program: Program;
  /** The file it came from, and that file's SHA-256. */
  readonly file: string;
  readonly sha256: string;
}

/** What became of one program. Either `result` or `error` is set. */
export interface ProgramOutcome {
  readonly program: LoadedProgram;
  readonly result?: LockstepResult;
  /** What ended the comparison early. */
  readonly error?: unknown;
  /** Steps and rounds compared before that. */
  readonly steps: number;
  readonly rounds: number;
  /** Text printed, one character per byte. */
  readonly printed: string;
}

/** What the comparison of several programs needs. */
export interface CompareSettings {
  readonly programs: readonly LoadedProgram[];
  readonly board: Board;
  readonly clock: 'virtual' | 'real';
  readonly steps: number;
  readonly loops: number | undefined;
  readonly observer: RunObserver;
  /** Called when all programs are uploaded and none runs yet. */
  readonly beforeStart?: () => Promise<void>;
}

/** Lets everybody through once everybody has arrived. */
function createBarrier(
  count: number,
  open: () => Promise<void>,
): { arrive: () => void; passed: Promise<void> } {
  const all = Promise.withResolvers<undefined>();
  let missing = count;
  const arrive = (): void => {
    missing -= 1;
    if (missing === 0) all.resolve(undefined);
  };
  return { arrive, passed: all.promise.then(open) };
}

/**
 * Uploads all programs, then runs them at the same time, each on its VM and each beside its own model. One that diverges is
 * stopped; the others go on.
 */
export async function comparePrograms(
  { agent, hello }: ConnectedBoard,
  settings: CompareSettings,
): Promise<ProgramOutcome[]> {
  const { observer, programs, board } = settings;
  const start = createBarrier(programs.length, async () => {
    await settings.beforeStart?.();
    observer.phase('run', `${settings.clock} clock, every step compared`);
  });
  const one = async (program: LoadedProgram): Promise<ProgramOutcome> => {
    const { vm } = program;
    const so = { steps: 0, rounds: 0, printed: '' };
    let arrived = false;
    const arrive = (): Promise<void> => {
      if (!arrived) start.arrive();
      arrived = true;
      return start.passed;
    };
    try {
      const result = await runLockstep({
        agent,
        vm,
        program: program.program,
        clock: settings.clock,
        steps: settings.steps,
        loops: settings.loops ?? 0,
        pins: pinCapabilities(board, hello),
        buttons: board.buttons.length,
        now: () => performance.now(),
        onUploaded: (bytes) => {
          observer.phase('upload', `${bytes} bytes of ${program.file}`);
          return arrive();
        },
        onProgress: ({ steps, rounds }) => {
          Object.assign(so, { steps, rounds });
          observer.progress(vm, steps, rounds);
        },
        onPrint: (text) => {
          so.printed += Buffer.from(text).toString('latin1');
          observer.print(vm, text);
        },
      });
      return { program, result, ...so };
    } catch (error) {
      return { program, error, ...so };
    } finally {
      // Nobody waits for a program that could not even be uploaded.
      void arrive();
    }
  };
  return Promise.all(programs.map(one));
}
