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
  /** Runs in which exactly what was predicted was named. */
  readonly exact: number;
  /** Those of them that named the first wrong effect alone, though the state was wrong from an earlier step on. */
  readonly late: number;
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
      if (seen.kind === 'step')
        return seen.since === undefined
          ? seen.step === predicted.step
          : seen.since === predicted.since;
      // A digest run sees the state at the end of each epoch.
      return mode === 'digest' && seen.kind === 'state' && names(seen, predicted.since);
    case 'read':
      // A printed text shows the value but not the step.
      return seen.kind === 'expectation' && (seen.step ?? predicted.step) === predicted.step;
    case 'state':
      if (seen.kind === 'state') return mode === 'free' || names(seen, predicted.since);
      // The last pc is part of the state. A traced run compares it with the others at the end; a digest run computes it for its step.
      return mode === 'digest'
        ? seen.kind === 'step' && seen.step === predicted.since
        : seen.kind === 'end';
    case 'end':
      // The run loop judges the budget too: when the two disagree, nothing moves any more.
      return seen.kind === 'end' || (seen.kind === 'silent' && mode !== 'trace');
    case 'agreed':
    case 'silent':
      return seen.kind === predicted.kind;
  }
}

/** Whether a wrong state was put down to this step: exactly, or where no second run can be asked, by the steps of an epoch. */
function names(
  { located, firstStep, lastStep }: Extract<Seen, { kind: 'state' }>,
  step: number,
): boolean {
  return located === undefined ? firstStep <= step && step <= lastStep : located === step;
}

/** Whether the first wrong effect was named alone, and not the step that had left the wrong state behind. */
function isLate({ predicted, seen }: Trial): boolean {
  if (predicted.kind !== 'step' || seen.kind !== 'step') return false;
  return seen.since === undefined && predicted.since < seen.step;
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
  if ('located' in it) {
    return `state (steps ${it.firstStep} to ${it.lastStep}, located ${it.located ?? 'nowhere'})`;
  }
  if (it.kind === 'state') return `state since step ${it.since}`;
  const step = 'step' in it && it.step !== undefined ? ` ${it.step}` : '';
  const since =
    'since' in it && it.since !== undefined && it.since !== it.step
      ? `, wrong since ${it.since}`
      : '';
  const detail = 'detail' in it ? ` (${it.detail})` : '';
  return `${it.kind}${step}${since}${detail}`;
}

/** Adds up the trials of one mutant in one mode. @param isVague this mode need not name its step */
export function tally(trials: readonly Trial[], isVague = false): Tally {
  const affected = trials.filter(({ predicted }) => predicted.kind !== 'agreed');
  return {
    affected: affected.length,
    caught: affected.filter(({ seen }) => isCaught(seen)).length,
    exact: affected.filter(isExact).length,
    late: affected.filter((trial) => isExact(trial) && isLate(trial)).length,
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
