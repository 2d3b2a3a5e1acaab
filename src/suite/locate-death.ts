import type { Agent } from '../agent/index.ts';
import type { ConnectedBoard } from '../bench/index.ts';
import { HilError } from '../errors/index.ts';
import { buildImage, stripDebug } from '../image/index.ts';
import type { Status } from '../wire/index.ts';
import type { LoadedProgram } from './compare-programs.ts';

/** Steps made at once while the first run goes from where the steps agreed to where the board dies. */
const STRIDE = 64;
/** Further than two epochs and a chunk beyond what was received no board can have been: two rings' halves are 8,192 steps. */
const FURTHEST = 2 * 8192;
/** Most time for all of it: two starts of a board, two silences (SILENCE_DETECT_MS), and 320 short runs of some ms each. */
const LOCATE_MS = 30_000;

/** A run that broke off because the board died, to be made again without being compared. */
export interface DeadRun {
  readonly program: LoadedProgram;
  /** Rounds of loop(); 0 = no limit. */
  readonly loops: number;
  /** Steps that agreed. */
  readonly agreed: number;
  /** A board that was started anew. */
  readonly restart: () => Promise<ConnectedBoard>;
  /** Called when the program is loaded; what it reads is to come from a script, if there is one. */
  readonly onLoaded: (connected: ConnectedBoard) => Promise<void>;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Where a board stood before the step that it never ended. */
export interface DeathPlace {
  readonly step: number;
  readonly pc: number;
}

/**
 * Finds the step in which a board dies that can't be asked afterwards: it runs again on the virtual clock, a few steps at a time from
 * where the steps agreed, and once more step by step.
 * @returns undefined when it doesn't die there again
 * @throws HilError when the board can't be started
 */
export async function locateDeath(run: DeadRun): Promise<DeathPlace | undefined> {
  const end = run.now() + LOCATE_MS;
  const near = await advance(run, run.agreed, STRIDE, FURTHEST, end);
  return near === undefined ? undefined : advance(run, near.step, 1, STRIDE, end);
}

/** Makes `from` steps at once, then so many at a time. @returns where it last stood before it died */
async function advance(
  run: DeadRun,
  from: number,
  stride: number,
  most: number,
  end: number,
): Promise<DeathPlace | undefined> {
  const connected = await run.restart();
  const { agent } = connected;
  const { vm, program } = run.program;
  await agent.load(vm, stripDebug(buildImage(program)));
  await run.onLoaded(connected);
  let last = await agent.status(vm);
  if (from > 0) last = await freely(agent, run, from);
  while (last.steps < from + most) {
    run.signal.throwIfAborted();
    if (run.now() > end || (last.state === 'done' && last.reason !== 'steps')) return undefined;
    try {
      last = await freely(agent, run, stride);
    } catch (error) {
      if (run.signal.aborted || !(error instanceof HilError)) throw error;
      return { step: last.steps, pc: last.pc };
    }
  }
  return undefined;
}

const freely = (
  agent: Agent,
  { program: { vm }, loops }: DeadRun,
  steps: number,
): Promise<Status> => agent.free(vm, { clock: 'virtual', steps, loops });
