import type { Logger } from 'pino';
import {
  connectBoard,
  openRig,
  pinCapabilities,
  type ConnectedBoard,
  type Rig,
} from '../bench/index.ts';
import { errorText, HilError } from '../errors/index.ts';
import { withDeadline } from '../process/index.ts';
import type { RunRecord } from '../results/index.ts';
import { comparePrograms, type ProgramOutcome } from './compare-programs.ts';
import { composeRecord, type Findings, type RunRequest } from './compose-record.ts';
import { takeFirmware } from './firmware-file.ts';
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

/**
 * Runs programs on a bench in lockstep with the reference model.
 * @returns the record; a board that fails during the run is a verdict in it
 * @throws HilError when the bench itself cannot be opened, so that there was no run
 */
export async function runPrograms(request: RunRequest, context: RunContext): Promise<RunRecord> {
  const startedAt = new Date();
  const begin = performance.now();
  const findings: Findings = { edges: [], timing: [] };
  const timed = async <T>(phase: string, work: () => Promise<T>): Promise<T> => {
    const from = performance.now();
    try {
      return await work();
    } finally {
      findings.timing.push({ phase, ms: performance.now() - from });
    }
  };
  const { bench } = request;
  const firmware = await takeFirmware(bench, request.firmware, context);
  context.observer.phase('bench', `starting ${bench.name}`);
  const rig = await timed('bench', () =>
    openRig(bench, { ...request, ...context, firmware: firmware.copy }),
  );
  context.observer.phase('bench', rig.ranOn);
  const stopWatching = rig.pins?.onEdge((edge) => findings.edges.push(edge));
  let outcomes: ProgramOutcome[];
  try {
    const connected = await timed('flash and hello', () =>
      connect(request, rig, findings, context),
    );
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
  const judged = await judgeAll(outcomes, findings, rig, context);
  // What an interrupt tore down is no finding about the board.
  context.signal.throwIfAborted();
  const programs = await askProbe(judged, outcomes, findings, rig, context);
  return composeRecord({
    request,
    startedAt,
    wallMs: performance.now() - begin,
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

async function connect(
  request: RunRequest,
  rig: Rig,
  findings: Findings,
  { resources, log, observer }: RunContext,
): Promise<ConnectedBoard> {
  const { board } = request;
  const flash = async (): Promise<void> => {
    const done = await flashBoard(rig, observer);
    if (done !== undefined) findings.flash = done;
  };
  const connected = await connectBoard(rig, { board, resources, log, flash });
  const { hello } = connected;
  findings.board = identityOf(hello);
  findings.world = { pins: pinCapabilities(board, hello), buttons: board.buttons.length };
  observer.phase(
    'hello',
    `firmware ${hello.fw}, ${hello.build} build, ELF ${hello.elf.slice(0, 12)}`,
  );
  if (hello.defect !== 'none') {
    observer.phase('hello', `this firmware has the deliberate defect ${hello.defect}`);
  }
  return connected;
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
