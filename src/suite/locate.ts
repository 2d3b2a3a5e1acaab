import type { Agent } from '../agent/index.ts';
import type { Program } from '../image/index.ts';
import {
  compareState,
  ModelReplay,
  type LockstepResult,
  type ReplayedInput,
  type ReplaySettings,
  type StateDifference,
} from '../lockstep/index.ts';
import type { Divergence } from '../results/index.ts';
import { stateAfter, type BoardState } from './board-state.ts';
import type { Bound } from './native-leg.ts';

/** A step after which the board's state is not the model's, though no effect shows it. */
export interface LocatedChange {
  readonly step: number;
  /** Only `stepped` is known to be the first. */
  readonly located: NonNullable<Divergence['located']>;
  /** After that step. */
  readonly board: BoardState;
  readonly differences: readonly StateDifference[];
}

/** Most steps from load of which every single state is compared: 5,000 checkpoints of 43 bytes take 18.7 s at 115,200 baud. */
export const SINGLY = 5000;

/** A run that is the same each time, and the steps in which its state was changed. */
export interface ChangedRun {
  readonly agent: Agent;
  readonly vm: number;
  readonly program: Program;
  readonly settings: ReplaySettings;
  /** What it reads: the same whenever it runs. */
  readonly inputs: readonly ReplayedInput[];
  /** Before this step the states were equal. */
  readonly firstStep: number;
  /** After this one they were not. */
  readonly lastStep: number;
  /** Runs so many steps in a digest run with a checkpoint after each of them. */
  readonly singly: (steps: number) => Promise<LockstepResult>;
}

/**
 * Finds the step. Near to load the board runs again with a checkpoint after each step; further away by bisection: each time it runs
 * again from load, freely, and its whole state is compared. The latter finds a step that made the states differ, not always the first
 * if the change was undone in between.
 * @returns undefined when the state came out right this time, or when there was no time for the search
 */
export async function locateChange(
  run: ChangedRun,
  bound: Bound,
): Promise<LocatedChange | undefined> {
  const look = stateComparer(run, bound.signal);
  if (run.lastStep >= SINGLY) return bisect(run, look, bound);
  const { stateChange } = await run.singly(run.lastStep + 1);
  const found = stateChange === undefined ? undefined : await look(stateChange.lastStep);
  return found === undefined ? undefined : { ...found, located: 'stepped' };
}

/** Compares the states after a step; undefined when they are equal. */
type Look = (step: number) => Promise<Omit<LocatedChange, 'located'> | undefined>;

function stateComparer(
  { agent, vm, program, settings, inputs }: ChangedRun,
  signal: AbortSignal,
): Look {
  let model = new ModelReplay(program, settings, inputs);
  return async (step) => {
    signal.throwIfAborted();
    const board = await stateAfter(agent, vm, step);
    if (model.steps > step + 1) model = new ModelReplay(program, settings, inputs);
    while (model.steps <= step && model.step() !== undefined);
    const { differences } = compareState(model.view().memory, board.view.memory, program.debug);
    return differences.length === 0 ? undefined : { step, board, differences };
  };
}

async function bisect(
  { firstStep, lastStep }: ChangedRun,
  look: Look,
  { budgetMs, now }: Bound,
): Promise<LocatedChange | undefined> {
  const end = now() + budgetMs;
  let found = await look(lastStep);
  let equal = firstStep - 1;
  while (found !== undefined && found.step - equal > 1) {
    if (now() > end) return undefined;
    const step = Math.floor((equal + found.step) / 2);
    const changed = await look(step);
    if (changed === undefined) equal = step;
    else found = changed;
  }
  return found === undefined ? undefined : { ...found, located: 'bisected' };
}
