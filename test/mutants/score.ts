import type { Seen } from './observe.ts';
import type { Prediction } from './predict.ts';
import type { Mode, Mutant } from './types.ts';

/** What a run of a mutant came to. */
export interface Trial {
  readonly unit: string;
  readonly mode: Mode;
  readonly predicted: Prediction;
  readonly seen: Seen;
}

/** What the trials of one mutant in one mode add up to. */
export interface Tally {
  /** Runs that the mutant must show in, and those of them in which it was found. */
  readonly affected: number;
  readonly caught: number;
  /** Runs in which exactly the predicted step, or the state, was named. */
  readonly exact: number;
  /** Trials that contradict the prediction, one line each. */
  readonly wrong: readonly string[];
}

/** A run found something: a verdict against the firmware, or what a person expects is not there. */
export function isCaught({ kind }: Seen): boolean {
  return kind !== 'agreed' && kind !== 'blind' && kind !== 'nothing';
}

/** Whether what was seen names what was predicted. */
function isExact({ predicted, seen, mode }: Trial): boolean {
  switch (predicted.kind) {
    case 'step':
      if (seen.kind === 'step') return seen.step === predicted.step;
      // A digest run sees what a step has left behind at the end of its epoch, before a later effect shows it.
      return predicted.late && mode === 'digest' && seen.kind === 'state';
    case 'read':
      // A printed text shows the value but not the step.
      return seen.kind === 'expectation' && (seen.step ?? predicted.step) === predicted.step;
    case 'state':
      // A wrong pc is part of the state; it is compared with the end of a run.
      return seen.kind === 'state' || (seen.kind === 'end' && mode !== 'digest');
    case 'end':
      // The run loop judges the budget too: when the two disagree, nothing moves any more.
      return seen.kind === 'end' || (seen.kind === 'silent' && mode !== 'trace');
    case 'agreed':
    case 'silent':
      return seen.kind === predicted.kind;
  }
}

/** What is wrong with a trial; undefined = nothing, or only that it was not caught. */
function complaint(trial: Trial, isVague: boolean): string | undefined {
  const { predicted, seen } = trial;
  if (seen.kind === 'nothing') return `compared nothing: ${seen.detail}`;
  if (!isCaught(seen) || isExact(trial)) return undefined;
  if (isVague && predicted.kind !== 'agreed') return undefined;
  // The state left behind is all that a free run has to show.
  if (trial.mode === 'free' && predicted.kind !== 'agreed') return undefined;
  return `predicted ${text(predicted)}, seen ${text(seen)}`;
}

function text(it: Prediction | Seen): string {
  const step = 'step' in it && it.step !== undefined ? ` ${it.step}` : '';
  return 'detail' in it ? `${it.kind}${step} (${it.detail})` : `${it.kind}${step}`;
}

/** Adds up the trials of one mutant in one mode. @param isVague this mode need not name its step */
export function tally(trials: readonly Trial[], isVague = false): Tally {
  const affected = trials.filter(({ predicted }) => predicted.kind !== 'agreed');
  return {
    affected: affected.length,
    caught: affected.filter(({ seen }) => isCaught(seen)).length,
    exact: affected.filter(isExact).length,
    wrong: trials.flatMap((trial) => {
      const problem = complaint(trial, isVague);
      return problem === undefined ? [] : [`${trial.unit}: ${problem}`];
    }),
  };
}

/** What became of a mutant. */
export interface MutantResult {
  readonly mutant: Mutant;
  readonly tallies: ReadonlyMap<Mode, Tally>;
  /** Whether its leg failed, as it must; undefined for mutants that runs show. */
  readonly legCaught: boolean | undefined;
  readonly ms: number;
}
