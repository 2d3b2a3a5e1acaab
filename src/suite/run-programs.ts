import type { Logger } from 'pino';
import { BenchSession, pinCapabilities, type ConnectedBoard, type Rig } from '../bench/index.ts';
import { errorText, HilError } from '../errors/index.ts';
import { withDeadline } from '../process/index.ts';
import type { RunRecord } from '../results/index.ts';
import { comparePrograms, type ProgramOutcome } from './compare-programs.ts';
import { composeRecord, type Findings, type RunRequest } from './compose-record.ts';
import { takeFirmware, type FirmwareFile } from './firmware-file.ts';
import { flashBoard } from './flash-board.ts';
import { gatherForensics } from './forensics.ts';
import { withLastSteps } from './last-steps.ts';
import { lookInto } from './look-into.ts';
import type { RunObserver } from './observer.ts';
import { identityOf, programResult } from './record-views.ts';
import { judge, judgeError, withTriage, worstVerdict } from './verdict.ts';

/** Steps a program may take when the user gives no number: one that never ends must still end. */
export const DEFAULT_STEPS = 1_000_000;

/** What a run is given besides the request. */
export interface RunContext {
  readonly resources: AsyncDisposableStack;
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly observer: RunObserver;
}

/** A bench in use and the firmware it was opened with. */
export interface OpenBench {
  readonly session: BenchSession;
  readonly firmware: FirmwareFile;
  /** How that firmware came to be on the board; absent before, and on a bench without a probe. */
  flash?: RunRecord['flash'];
}

/** Opens a request's bench, for one run or for many. What is started belongs to `context.resources`. */
export async function openBench(
  { bench, board, firmware: given }: Pick<RunRequest, 'bench' | 'board' | 'firmware'>,
  context: RunContext,
): Promise<OpenBench> {
  const firmware = await takeFirmware(bench, given, context);
  context.observer.phase('bench', `starting ${bench.name}`);
  const settings = { ...context, bench, board, firmware: firmware.copy };
  const session = await BenchSession.open(settings, context.resources);
  context.observer.phase('bench', session.rig.ranOn);
  return { session, firmware };
}

/**
 * Runs programs on a bench in lockstep with the reference model.
 * @returns the record; a board that fails during the run is a verdict in it
 * @throws HilError when the bench itself cannot be opened, so that there was no run
 */
export async function runPrograms(request: RunRequest, context: RunContext): Promise<RunRecord> {
  const startedAt = new Date();
  const from = performance.now();
  const open = await openBench(request, context);
  const phase = { phase: 'bench', ms: performance.now() - from };
  return runOnBench(open, request, context, { startedAt, from, phases: [phase] });
}

/** When a run began, and what it has done since. */
interface Begun {
  readonly startedAt: Date;
  /** The same as `performance.now()` tells it. */
  readonly from: number;
  readonly phases: RunRecord['timing'];
}

/**
 * Runs programs on a bench that is open. Its board is flashed and asked who it is when nobody has done so yet.
 * @returns the record; a board that fails during the run is a verdict in it
 */
export async function runOnBench(
  open: OpenBench,
  request: RunRequest,
  context: RunContext,
  begun: Begun = { startedAt: new Date(), from: performance.now(), phases: [] },
): Promise<RunRecord> {
  const findings: Findings = { edges: [], timing: [...begun.phases] };
  const timed = async <T>(phase: string, work: () => Promise<T>): Promise<T> => {
    const from = performance.now();
    try {
      return await work();
    } finally {
      findings.timing.push({ phase, ms: performance.now() - from });
    }
  };
  const { session, firmware } = open;
  const { rig } = session;
  const stopWatching = rig.pins?.onEdge((edge) => findings.edges.push(edge));
  let outcomes: ProgramOutcome[];
  try {
    const connected =
      session.connected ?? (await timed('flash and hello', () => connectBench(open, context)));
    noteBoard(request, connected, findings, context);
    const from = performance.now();
    outcomes = await timed('run', () => compare(request, connected, findings, context));
    // What reruns do to the pins is not the run's.
    stopWatching?.();
    const tookMs = performance.now() - from;
    await timed('triage', () => look(outcomes, connected, request, findings, context, tookMs));
  } catch (error) {
    if (context.signal.aborted) throw error;
    outcomes = request.programs.map((program) => ({
      program,
      error,
      steps: 0,
      rounds: 0,
      printed: '',
    }));
  } finally {
    stopWatching?.();
  }
  if (open.flash !== undefined) findings.flash = open.flash;
  const judged = await judgeAll(outcomes, findings, rig, context);
  // What an interrupt tore down is no finding about the board.
  context.signal.throwIfAborted();
  const programs = await askProbe(judged, outcomes, findings, rig, context);
  return composeRecord({
    request,
    startedAt: begun.startedAt,
    wallMs: performance.now() - begun.from,
    rig,
    firmware,
    findings,
    outcomes,
    programs,
  });
}

/** Looks into what was found. Whatever goes wrong with that, the finding stands. */
async function look(
  outcomes: readonly ProgramOutcome[],
  connected: ConnectedBoard,
  request: RunRequest,
  findings: Findings,
  context: RunContext,
  tookMs: number,
): Promise<void> {
  const inputScript = request.scripted?.script;
  try {
    const settings = { ...request, ...context, inputScript, tookMs };
    findings.investigations = await lookInto(outcomes, connected, settings);
  } catch (error) {
    context.signal.throwIfAborted();
    context.log.error({ err: error }, 'triage failed');
    context.observer.phase('triage', `came to no end: ${errorText(error)}`);
  }
}

/** Programs' results with what the debug probe tells of a board that fell silent. */
async function askProbe(
  programs: RunRecord['programs'],
  outcomes: readonly ProgramOutcome[],
  findings: Findings,
  rig: Rig,
  { signal }: RunContext,
): Promise<RunRecord['programs']> {
  const { causeClass } = worstVerdict(programs.map(({ verdict }) => verdict));
  // Before the flash is known to hold the firmware, its symbols would tell nothing.
  const flashed = rig.probe === undefined || findings.flash !== undefined;
  // A program's run that ended without a result: the board itself is what to look at.
  const silent = causeClass === 'firmware' && outcomes.some(({ result }) => result === undefined);
  if (!flashed || !(causeClass === 'rig' || silent)) return programs;
  const ran = outcomes.map(({ program, examine }) => ({ ...program, examine }));
  const seen = await gatherForensics(rig, ran, signal);
  if (seen !== undefined) findings.forensics = seen.forensics;
  return outcomes.flatMap(({ program, lastSteps }, index) => {
    const last = lastSteps ?? seen?.lastSteps.get(program.vm);
    const result = programs[index];
    if (result === undefined) return [];
    return last === undefined ? [result] : [withLastSteps(result, last, program.program)];
  });
}

/**
 * Flashes the board of an open bench unless it holds the firmware already, and waits for the right agent to answer.
 * @throws HilError: it can't be flashed, doesn't answer, or is another one than expected
 */
export function connectBench(
  open: OpenBench,
  { observer }: Pick<RunContext, 'observer'>,
): Promise<ConnectedBoard> {
  const { session } = open;
  delete open.flash;
  return session.connect(async () => {
    const done = await flashBoard(session.rig, observer);
    if (done !== undefined) open.flash = done;
  });
}

/** Who it is that runs the programs. */
function noteBoard(
  { board }: RunRequest,
  { hello }: ConnectedBoard,
  findings: Findings,
  { observer }: RunContext,
): void {
  findings.board = identityOf(hello);
  findings.world = { pins: pinCapabilities(board, hello), buttons: board.buttons.length };
  observer.phase(
    'hello',
    `firmware ${hello.fw}, ${hello.build} build, ELF ${hello.elf.slice(0, 12)}`,
  );
  if (hello.defect !== 'none') {
    observer.phase('hello', `this firmware has the deliberate defect ${hello.defect}`);
  }
}

async function compare(
  request: RunRequest,
  connected: ConnectedBoard,
  findings: Findings,
  { observer }: RunContext,
): Promise<ProgramOutcome[]> {
  const { agent, line } = connected;
  try {
    return await comparePrograms(connected, {
      ...request,
      inputScript: request.scripted?.script,
      observer,
    });
  } finally {
    const { bytesIn, bytesOut } = line.stats;
    const { badFrames, repeats } = agent.channel.counters;
    findings.link = { bytesIn, bytesOut, badFrames, repeats };
  }
}

async function judgeAll(
  outcomes: readonly ProgramOutcome[],
  { investigations }: Findings,
  rig: Rig,
  { log }: RunContext,
): Promise<RunRecord['programs']> {
  const results: RunRecord['programs'] = [];
  for (const outcome of outcomes) {
    if (outcome.error !== undefined) log.error({ err: outcome.error }, 'run failed');
    const investigation = investigations?.get(outcome.program.vm);
    const verdict =
      outcome.result === undefined
        ? judgeError(await rootCause(outcome.error, rig))
        : withTriage(judge(outcome.result), investigation, outcome.result.mismatch?.step);
    results.push(programResult(outcome, verdict, investigation));
  }
  return results;
}

/** The kernel reports a process's end and closes its pty at the same moment; this bounds the wait for the second report. */
const END_REPORT_MS = 500;

/** A line that went away because the board's process died is no fault of the line. */
async function rootCause(error: unknown, rig: Rig): Promise<unknown> {
  if (rig.ended === undefined || !(error instanceof HilError) || error.causeClass !== 'link') {
    return error;
  }
  try {
    return await withDeadline(rig.ended, END_REPORT_MS, 'the end of the board');
  } catch {
    return error;
  }
}
