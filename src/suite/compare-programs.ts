import { pinCapabilities, type Board, type ConnectedBoard } from '../bench/index.ts';
import { HilError } from '../errors/index.ts';
import type { Program } from '../image/index.ts';
import {
  runLockstep,
  type LastSteps,
  type LockstepResult,
  type LockstepSettings,
  type Mode,
  type RingExaminer,
} from '../lockstep/index.ts';
import type { InputScript } from '../results/index.ts';
import type { Hello } from '../wire/index.ts';
import { lastStepsByAgent } from './last-steps.ts';
import { expectedInputs, inputServerOf, scriptFor } from './input-server.ts';
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
  /** Text printed, one character per byte, and by whose word. */
  readonly printed: string;
  readonly printedBy?: 'board' | 'model';
  /** Tells from the ring of a board that fell silent in a digest run how far it came. */
  readonly examine?: RingExaminer;
  /** How far it came, when its agent was there to say so. */
  readonly lastSteps?: LastSteps;
}

/** What the comparison of several programs needs. */
export interface CompareSettings {
  readonly programs: readonly LoadedProgram[];
  readonly board: Board;
  readonly mode: Mode;
  readonly clock: 'virtual' | 'real';
  readonly steps: number;
  readonly loops: number | undefined;
  /** What the programs read in place of the board's pins; undefined: the pins. */
  readonly inputScript?: InputScript | undefined;
  readonly observer: RunObserver;
  /** Called when all programs are uploaded and none runs yet. */
  readonly beforeStart?: () => Promise<void>;
}

const MODE_TEXTS: Readonly<Record<Mode, string>> = {
  digest: 'every step compared by digest',
  trace: 'every step compared',
  free: 'only the state left behind compared',
};

/**
 * How a program is compared that runs beside others: they share the board's ring.
 * @throws HilError (usage) when the firmware can't say what its steps do
 */
function comparisonOf(
  mode: Mode,
  { build, epoch, traced }: Hello,
  programs: number,
): NonNullable<LockstepSettings['comparison']> {
  if (mode !== 'free' && !traced)
    throw new HilError(
      'usage',
      `the board's firmware, a ${build} build, doesn't tell what its steps do`,
      'use --mode free, or flash a harness build',
    );
  return mode === 'digest' ? { mode, epoch: Math.floor(epoch / programs) } : { mode };
}

/** Whose text it is that a run hands on. */
const printedBy = (mode: Mode): 'board' | 'model' => (mode === 'trace' ? 'board' : 'model');

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
  connected: ConnectedBoard,
  settings: CompareSettings,
): Promise<ProgramOutcome[]> {
  const { agent, hello } = connected;
  const { observer, programs, board, inputScript } = settings;
  const server = inputServerOf(connected);
  const script = inputScript === undefined ? undefined : scriptFor(server, inputScript);
  const start = createBarrier(programs.length, async () => {
    await settings.beforeStart?.();
    const inputs = inputScript === undefined ? '' : ', inputs from a script';
    observer.phase('run', `${settings.clock} clock, ${MODE_TEXTS[settings.mode]}${inputs}`);
  });
  const one = async (program: LoadedProgram): Promise<ProgramOutcome> => {
    const { vm } = program;
    const so = { steps: 0, rounds: 0, printed: '', printedBy: printedBy(settings.mode) };
    let arrived = false;
    let examine: RingExaminer | undefined;
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
        comparison: comparisonOf(settings.mode, hello, programs.length),
        clock: settings.clock,
        ...expectedInputs(inputScript),
        steps: settings.steps,
        loops: settings.loops ?? 0,
        pins: pinCapabilities(board, hello),
        buttons: board.buttons.length,
        now: () => performance.now(),
        onUploaded: async (bytes) => {
          observer.phase('upload', `${bytes} bytes of ${program.file}`);
          if (script !== undefined) await server.serve(vm, script);
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
        onExaminer: (given) => {
          examine = given;
        },
      });
      return { program, result, ...so };
    } catch (error) {
      if (examine === undefined) return { program, error, ...so };
      const lastSteps = await lastStepsByAgent(agent, vm, examine, error);
      return { program, error, ...so, examine, ...(lastSteps === undefined ? {} : { lastSteps }) };
    } finally {
      // Nobody waits for a program that could not even be uploaded.
      void arrive();
    }
  };
  return Promise.all(programs.map(one));
}
