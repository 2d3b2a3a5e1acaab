import { pinCapabilities, type ConnectedBoard } from '../bench/index.ts';
import { errorText } from '../errors/index.ts';
import { opcodeByCode } from '../isa/index.ts';
import type { ReplayedInput, ReplaySettings } from '../lockstep/index.ts';
import type { ProgramResult } from '../results/index.ts';
import { boardLeg } from './board-leg.ts';
import { breakOffOf, breakOffText, isDead, sameBreakOff, type BreakOff } from './break-off.ts';
import { breakOffTriage, type Others } from './break-off-triage.ts';
import { comparePrograms, type ProgramOutcome } from './compare-programs.ts';
import type { RunRequest } from './compose-record.ts';
import { findingOf } from './finding.ts';
import { inputServerOf, isScripted, scriptFor } from './input-server.ts';
import { withLastSteps } from './last-steps.ts';
import { locateDeath } from './locate-death.ts';
import { NATIVE_REPLAY, nativeLegOfStep } from './native-leg.ts';
import { QUIET, type RunObserver } from './observer.ts';
import { CAUSE_TEXTS, type BoardLeg, type NativeLeg } from './triage.ts';

/** Reruns of a board that has to be started anew for each: enough to tell a steady fault from a passing one. */
const MOST_RERUNS = 2;
/** A start of the board with a look at its flash, 3 s in emulation, and a silence of 2.25 s (SILENCE_DETECT_MS). */
const RERUN_MS = 6000;
/** Most time for the native C engine, as when a divergence is looked into. */
const NATIVE_MS = 60_000;

/** What a run that broke off is looked into with. */
export interface BreakOffTools {
  readonly request: RunRequest;
  /** The board as it was. */
  readonly connected: ConnectedBoard;
  /** Starts the bench anew, and waits for its board. @throws HilError when it can't be started */
  readonly restart: () => Promise<ConnectedBoard>;
  /** What is behind an error: that the board is a process which has ended. */
  readonly blame: (error: unknown) => Promise<unknown>;
  readonly observer: RunObserver;
  readonly signal: AbortSignal;
}

const now = (): number => performance.now();

/** How one program's run broke off. */
async function breakOffIn(
  { error, result }: ProgramOutcome,
  { blame }: BreakOffTools,
): Promise<BreakOff | undefined> {
  return result === undefined ? breakOffOf(error, await blame(error)) : undefined;
}

/** A run and what it is looked into with. */
class Autopsy {
  readonly #tools: BreakOffTools;
  readonly #world: ReplaySettings;
  /** Undefined when the board must be started before it is asked anything. */
  #board: ConnectedBoard | undefined;

  constructor(tools: BreakOffTools, how: BreakOff) {
    const { request, connected } = tools;
    const { board, clock } = request;
    this.#tools = tools;
    this.#board = isDead(how) ? undefined : connected;
    const pins = pinCapabilities(board, connected.hello);
    this.#world = { pins, buttons: board.buttons.length, clock };
  }

  /** Programs once more, all of them unless said otherwise. @param steps most steps of each */
  async rerun(steps: number, programs = this.#tools.request.programs): Promise<ProgramOutcome[]> {
    const { request, restart } = this.#tools;
    this.#board ??= await restart();
    const inputScript = request.scripted?.script;
    const settings = { ...request, programs, steps, inputScript, observer: QUIET };
    const outcomes = await comparePrograms(this.#board, settings);
    if (outcomes.some(({ result }) => result === undefined)) this.#board = undefined;
    return outcomes;
  }

  /** The step in which the board dies when it runs again, for a bench that can't tell by its ring. */
  async locate(result: ProgramResult, outcome: ProgramOutcome): Promise<ProgramResult> {
    const { request, signal, observer } = this.#tools;
    const { program } = outcome;
    observer.phase('triage', 'the board died: looking for the step in reruns');
    try {
      const place = await locateDeath({
        program,
        loops: request.loops ?? 0,
        agreed: outcome.steps,
        restart: async () => {
          this.#board = undefined;
          return this.#tools.restart();
        },
        onLoaded: (connected) => this.#serve(connected, program.vm),
        now,
        signal,
      });
      if (place === undefined) return result;
      // That every step before it is right is what a comparison says.
      const [before] = place.step === 0 ? [] : await this.rerun(place.step);
      const compared = before?.result;
      if (place.step > 0 && (compared === undefined || findingOf(compared) !== undefined))
        return result;
      const { inputs = [], printed = [] } = compared ?? {};
      const found = { kind: 'unended', ...place, inputs, printed } as const;
      return withLastSteps(result, found, program.program, 'reruns');
    } catch (error) {
      signal.throwIfAborted();
      observer.phase('triage', `the step was not found: ${errorText(error)}`);
      return result;
    }
  }

  /** Native C's word, for a program of which it is known how far it came, and with which inputs. */
  native({ lastSteps, inputs }: ProgramResult, outcome: ProgramOutcome): Promise<NativeLeg> {
    const { request, signal } = this.#tools;
    if (lastSteps === undefined) {
      const why = 'not asked: at which step the board broke off isn’t known';
      return Promise.resolve({ ran: false, why });
    }
    const run = {
      program: outcome.program.program,
      settings: this.#world,
      inputs: inputs.map(([step, port, value]): ReplayedInput => ({ step, port, value })),
      steps: lastSteps.how === 'ended' ? lastSteps.step : lastSteps.step + 1,
      rounds: request.loops ?? 0,
    };
    return nativeLegOfStep(NATIVE_REPLAY, run, { budgetMs: NATIVE_MS, now, signal });
  }

  /** Reruns of all programs, to the step in question where that is known and where equal runs read the same. */
  board(how: BreakOff, first: ProgramResult | undefined): Promise<BoardLeg> {
    const { request, signal } = this.#tools;
    const steps = first === undefined ? request.steps : this.#stepsOf(first);
    return boardLeg({
      reruns: Math.min(request.reruns, MOST_RERUNS),
      once: async () => {
        const outcomes = await this.rerun(steps);
        const broken = await Promise.all(outcomes.map((it) => breakOffIn(it, this.#tools)));
        if (broken.some((it) => it !== undefined && sameBreakOff(it, how))) return 'same';
        const failure = outcomes.find(({ result }) => result === undefined);
        if (broken.some((it) => it !== undefined)) return 'otherwise';
        // The line, or the bench: no word about the board.
        if (failure !== undefined) throw failure.error;
        const wrong = outcomes.flatMap(({ result }) => {
          const finding = result === undefined ? undefined : findingOf(result);
          // One that was cut short ends otherwise than the program says.
          const cut = finding?.kind === 'end' && steps < request.steps;
          return finding === undefined || cut ? [] : [finding];
        });
        if (wrong.length === 0) return 'agreed';
        const known = first?.lastSteps?.how === 'wrong' ? first.lastSteps.step : undefined;
        return wrong.some((it) => it.kind === 'step' && it.step === known) ? 'same' : 'otherwise';
      },
      expectedMs: RERUN_MS,
      now,
      signal,
    });
  }

  /** What the programs beside one have to do with a board that died. */
  async others(result: ProgramResult, { program }: ProgramOutcome): Promise<Others> {
    const { request, signal } = this.#tools;
    if (request.programs.length === 1) return 'none';
    if (result.lastSteps?.how !== 'unended' || request.reruns === 0) return 'unknown';
    try {
      const [alone] = await this.rerun(this.#stepsOf(result), [program]);
      if (alone?.result !== undefined) return 'guilty';
      const own = alone === undefined ? undefined : await breakOffIn(alone, this.#tools);
      return own === undefined ? 'unknown' : 'innocent';
    } catch {
      signal.throwIfAborted();
      return 'unknown';
    }
  }

  #stepsOf({ lastSteps, inputs }: ProgramResult): number {
    const { clock, scripted, steps } = this.#tools.request;
    const read = inputs.map(([step, port, value]) => ({ step, port, value }));
    const repeats = clock === 'virtual' && isScripted(scripted?.script, read);
    return lastSteps === undefined || !repeats ? steps : Math.min(lastSteps.step + 1, steps);
  }

  async #serve(connected: ConnectedBoard, vm: number): Promise<void> {
    const { scripted } = this.#tools.request;
    if (scripted === undefined) return;
    const server = inputServerOf(connected);
    await server.serve(vm, scriptFor(server, scripted.script));
  }
}

/** Whether the instruction of a step goes through the board's drivers. */
function isIo({ program: { program } }: ProgramOutcome, { lastSteps }: ProgramResult): boolean {
  if (lastSteps?.pc === undefined) return false;
  const opcode = program.instructions[lastSteps.pc]?.opcode ?? 0;
  return opcodeByCode(opcode)?.group === 'io';
}

/**
 * Looks into a run that broke off because of the board: in which step, where the board's ring doesn't say so and reruns may, what native C
 * does there, and whether it breaks off again. The bench is started anew for each rerun of a board that died.
 * @returns the programs' results, with what was found out
 */
export async function lookIntoBreakOff(
  results: readonly ProgramResult[],
  outcomes: readonly ProgramOutcome[],
  tools: BreakOffTools,
): Promise<ProgramResult[]> {
  const { request, connected, observer } = tools;
  // What the probe saw may have cleared the firmware: a flash that holds something else.
  const broken = await Promise.all(
    outcomes.map(async (it, index) =>
      results[index]?.verdict.outcome === 'failed' ? breakOffIn(it, tools) : undefined,
    ),
  );
  const how = broken.find((it) => it !== undefined);
  if (how === undefined) return [...results];
  const autopsy = new Autopsy(tools, how);
  const programs = [...results];
  const [only] = programs.length === 1 ? programs : [];
  const [outcome] = outcomes;
  const mayLocate = isDead(how) && request.clock === 'virtual' && request.reruns > 0;
  if (only !== undefined && outcome !== undefined && only.lastSteps === undefined && mayLocate) {
    programs[0] = await autopsy.locate(only, outcome);
  }
  const place = placeOf(programs[0]);
  const most = Math.min(request.reruns, MOST_RERUNS);
  observer.phase(
    'triage',
    `the run broke off at ${place ?? 'an unknown step'}: asking the native C engine, then up to ${most} reruns`,
  );
  const natives: NativeLeg[] = [];
  const others: Others[] = [];
  for (const [index, it] of outcomes.entries()) {
    const program = programs[index];
    if (program === undefined) continue;
    natives[index] = await autopsy.native(program, it);
  }
  const board = await autopsy.board(how, only === undefined ? undefined : programs[0]);
  for (const [index, it] of outcomes.entries()) {
    const program = programs[index];
    const died = program !== undefined && isDead(broken[index] ?? how);
    others[index] = died ? await autopsy.others(program, it) : 'none';
  }
  return programs.map((program, index) => {
    const own = broken[index];
    const [native, it] = [natives[index], outcomes[index]];
    if (own === undefined || native === undefined || it === undefined) return program;
    const triage = breakOffTriage({
      place: placeOf(program),
      what: breakOffText(own),
      io: isIo(it, program),
      others: others[index] ?? 'unknown',
      native,
      board,
      defect: connected.hello.defect,
    });
    const { verdict } = program;
    const words = CAUSE_TEXTS[triage.cause];
    const summary = words === undefined ? verdict.summary : `${verdict.summary}: ${words}`;
    return { ...program, triage, verdict: { ...verdict, causeClass: triage.cause, summary } };
  });
}

const placeOf = (program: ProgramResult | undefined): string | undefined =>
  program?.lastSteps === undefined ? undefined : `step ${program.lastSteps.step}`;
