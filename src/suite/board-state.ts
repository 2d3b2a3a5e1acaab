import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Agent } from '../agent/index.ts';
import { HilError } from '../errors/index.ts';
import {
  readState,
  type LockstepResult,
  type ReplayedInput,
  type VmView,
} from '../lockstep/index.ts';
import { replayedInputs } from './replayed-inputs.ts';

/** Most time for one free run to the wrong step; 1,000,000 steps take under 2 s in emulation. */
const FREE_RUN_MS = 10_000;
const POLL_MS = 20;

/** A board's VM between two steps. */
export type BoardView = Omit<VmView, 'frameBase'>;

/** A board's VM beside the wrong step, and where this state is from, in words. */
export interface BoardState {
  readonly view: BoardView;
  readonly from: string;
}

/** The state a VM that isn't running is in, and the steps it has made, a fault included. */
async function readView(
  agent: Agent,
  vm: number,
): Promise<{ readonly view: BoardView; readonly steps: number }> {
  const status = await agent.status(vm);
  const { pc, sp, depth, error } = status;
  const view = { pc, sp, depth, error, memory: await readState(agent, vm, status) };
  return { view, steps: status.steps + (error === 0 ? 0 : 1) };
}

/**
 * The state after a step of a program that reads nothing from outside: it runs again from load to there, without being compared, on
 * the virtual clock.
 * @throws HilError when the board doesn't answer, or doesn't come there in time
 */
export async function stateAfter(agent: Agent, vm: number, step: number): Promise<BoardState> {
  const steps = step + 1;
  await agent.reset(vm);
  await agent.go(vm, { mode: 'free', clock: 'virtual', steps, loops: 0 });
  const end = performance.now() + FREE_RUN_MS;
  while ((await agent.status(vm)).state !== 'done') {
    if (performance.now() > end) {
      await agent.stop(vm);
      throw new HilError(
        'firmware',
        `the board made less than ${steps} steps in ${FREE_RUN_MS} ms`,
      );
    }
    await sleep(POLL_MS);
  }
  const { view } = await readView(agent, vm);
  return { view, from: `from a second run of ${steps} steps` };
}

/** A run that reads from outside and was stopped soon after its wrong step. */
export interface LiveRun {
  readonly agent: Agent;
  readonly vm: number;
  /** The wrong step. */
  readonly step: number;
  /** What it read up to there. */
  readonly inputs: readonly ReplayedInput[];
  /** Makes such a run again, of so many steps. */
  readonly rerun: (steps: number) => Promise<LockstepResult>;
}

/**
 * The state after the wrong step of a run that reads from outside: that of a second run, if it happens to read the same; else the state
 * in which the VM was stopped, some steps later. To be called before anything else is run.
 * @throws HilError when the board doesn't answer
 */
export async function stateOfLive({
  agent,
  vm,
  step,
  inputs,
  rerun,
}: LiveRun): Promise<BoardState> {
  const stopped = await readView(agent, vm);
  try {
    const again = await rerun(step + 1);
    const { view, steps } = await readView(agent, vm);
    const same = isDeepStrictEqual(replayedInputs(again.inputs, again.mismatch), inputs);
    if (same && steps === step + 1) {
      return { view, from: `from a second run of ${steps} steps, which read the same values` };
    }
  } catch {
    // What is known from before is of use all the same; whether the board still answers is seen next.
  }
  const later = stopped.steps - (step + 1);
  const when = later > 0 ? `${later} steps after it` : 'right after it';
  return { view: stopped.view, from: `as it stood when the run was stopped, ${when}` };
}
