import type { Board, ConnectedBoard } from '../bench/index.ts';
import { pinCapabilities } from '../bench/index.ts';
import { runLockstep, type LockstepResult } from '../lockstep/index.ts';
import { comparePrograms, type CompareSettings, type ProgramOutcome } from './compare-programs.ts';
import { expectedInputs, inputServerOf, scriptFor } from './input-server.ts';
import { investigate, type Investigation } from './investigate.ts';
import { NATIVE_REPLAY } from './native-leg.ts';
import { QUIET, type RunObserver } from './observer.ts';

/** What a run was like, to be run again. */
export interface LookSettings extends Omit<CompareSettings, 'observer' | 'beforeStart'> {
  readonly board: Board;
  readonly observer: RunObserver;
  readonly reruns: number;
  readonly signal: AbortSignal;
  /** What the run took, milliseconds. */
  readonly tookMs: number;
}

/** Looks into every program's finding, one after the other. @returns by VM; nothing for one without a finding */
export async function lookInto(
  outcomes: readonly ProgramOutcome[],
  connected: ConnectedBoard,
  settings: LookSettings,
): Promise<Map<number, Investigation>> {
  const { board, observer, reruns, signal, tookMs, loops, clock, inputScript } = settings;
  const { agent, hello } = connected;
  const server = inputServerOf(connected);
  const script = inputScript === undefined ? undefined : scriptFor(server, inputScript);
  const found = new Map<number, Investigation>();
  for (const { program: loaded, result } of outcomes) {
    if (result === undefined) continue;
    const { vm, program } = loaded;
    const world = { pins: pinCapabilities(board, hello), buttons: board.buttons.length, clock };
    const singly = (steps: number): Promise<LockstepResult> =>
      runLockstep({
        ...world,
        ...expectedInputs(inputScript),
        agent,
        vm,
        program,
        comparison: { mode: 'digest', epoch: 1 },
        steps,
        loops: loops ?? 0,
        now: () => performance.now(),
        onUploaded: async () => {
          if (script !== undefined) await server.serve(vm, script);
        },
      });
    const investigation = await investigate(
      {
        vm,
        program,
        settings: world,
        result,
        inputScript,
        steps: settings.steps,
        loops: loops ?? 0,
        tookMs,
      },
      {
        agent,
        defect: hello.defect,
        // Together with the others, as it was.
        rerun: (mode, steps = settings.steps) => rerun(connected, { ...settings, mode, steps }, vm),
        singly,
        reruns,
        nativeReplay: NATIVE_REPLAY,
        now: () => performance.now(),
        signal,
        say: (text) => {
          observer.phase('triage', text);
        },
      },
    );
    if (investigation !== undefined) found.set(vm, investigation);
  }
  return found;
}

/** Runs all programs again. @throws what ended the comparison of the one asked about */
async function rerun(
  connected: ConnectedBoard,
  settings: LookSettings,
  vm: number,
): Promise<LockstepResult> {
  const outcomes = await comparePrograms(connected, { ...settings, observer: QUIET });
  const own = outcomes.find(({ program }) => program.vm === vm);
  if (own?.result === undefined) throw own?.error;
  return own.result;
}
