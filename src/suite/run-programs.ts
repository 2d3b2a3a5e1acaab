import type { Logger } from 'pino';
import {
  BenchSession,
  pinCapabilities,
  rateText,
  type ConnectedBoard,
  type Rig,
} from '../bench/index.ts';
import { errorText } from '../errors/index.ts';
import type { RunRecord } from '../results/index.ts';
import { rootCause } from './break-off.ts';
import { comparePrograms, type ProgramOutcome } from './compare-programs.ts';
import { composeRecord, type Findings, type RunRequest } from './compose-record.ts';
import { takeFirmware, type FirmwareFile } from './firmware-file.ts';
import { flashBoard } from './flash-board.ts';
import { footprintOf } from './footprint.ts';
import { gatherForensics, withFlashSeen } from './forensics.ts';
import { withLastSteps } from './last-steps.ts';
import { lookInto } from './look-into.ts';
import { lookIntoBreakOff } from './look-into-break-off.ts';
import { factsOf } from './model-facts.ts';
import { blameLine, bytesLost } from './lost-bytes.ts';
import { noteHealth } from './note-health.ts';
import { QUIET, type RunObserver } from './observer.ts';
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
  const record = await runOnBench(open, request, context, { startedAt, from, phases: [phase] });
  const footprint = await footprintOf(open.firmware.copy);
  return footprint === undefined ? record : { ...record, footprint };
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
    const connected = await (session.connected === undefined
      ? timed('flash and hello', () => connectBench(open, context))
      : timed('hello', () => session.confirm()));
    noteBoard(request, connected, findings, context);
    const lost = await bytesLost(connected.agent);
    const from = performance.now();
    outcomes = await timed('run', () => compare(request, connected, findings, context));
    // What reruns do to the pins is not the run's.
    stopWatching?.();
    const tookMs = performance.now() - from;
    outcomes = await blameLine(outcomes, connected.agent, lost);
    if (outcomes.every(({ error }) => error === undefined)) await noteHealth(connected, findings);
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
  const judged = await timed('judge', () => judgeAll(request, outcomes, findings, rig, context));
  // What an interrupt tore down is no finding about the board.
  context.signal.throwIfAborted();
  const asked = await askProbe(judged, outcomes, findings, rig, context);
  const programs = await timed('autopsy', () => autopsy(asked, outcomes, open, request, context));
  for (const [index, { program, printed }] of outcomes.entries()) {
    const more = programs[index]?.output.slice(printed.length) ?? '';
    context.observer.print(program.vm, Buffer.from(more, 'latin1'));
  }
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

/** Looks into what was found. */
async function look(
  outcomes: readonly ProgramOutcome[],
  connected: ConnectedBoard,
  request: RunRequest,
  findings: Findings,
  context: RunContext,
  tookMs: number,
): Promise<void> {
  const inputScript = request.scripted?.script;
  const settings = { ...request, ...context, inputScript, tookMs };
  const found = await ifItCan(context, () => lookInto(outcomes, connected, settings));
  if (found !== undefined) findings.investigations = found;
}

/** Looks into a run that the board broke off. It is started anew for that. */
async function autopsy(
  programs: RunRecord['programs'],
  outcomes: readonly ProgramOutcome[],
  open: OpenBench,
  request: RunRequest,
  context: RunContext,
): Promise<RunRecord['programs']> {
  const { session } = open;
  const { connected } = session;
  if (connected === undefined || outcomes.every(({ error }) => error === undefined))
    return programs;
  const restart = async (): Promise<ConnectedBoard> => {
    await session.reopen();
    return connectBench(open, { observer: QUIET });
  };
  const blame = (error: unknown): Promise<unknown> => rootCause(error, session.rig);
  const tools = { request, connected, restart, blame, ...context };
  return (await ifItCan(context, () => lookIntoBreakOff(programs, outcomes, tools))) ?? programs;
}

/** Tries to find out more. Whatever goes wrong with that, what was found stands. */
async function ifItCan<T>(
  { signal, log, observer }: RunContext,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    log.error({ err: error }, 'triage failed');
    observer.phase('triage', `came to no end: ${errorText(error)}`);
    return undefined;
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
  if (!flashed || !(causeClass === 'rig' || causeClass === 'link' || silent)) return programs;
  const ran = outcomes.map(({ program, examine }) => ({ ...program, examine }));
  const seen = await gatherForensics(rig, ran, signal);
  if (seen !== undefined) findings.forensics = seen.forensics;
  return outcomes.flatMap(({ program, lastSteps }, index) => {
    const last = lastSteps ?? seen?.lastSteps.get(program.vm);
    const judged = programs[index];
    if (judged === undefined) return [];
    const verdict = seen && withFlashSeen(judged.verdict, seen.forensics);
    const result = verdict === undefined ? judged : { ...judged, verdict };
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
  const beforeHello = async (): Promise<void> => {
    const done = await flashBoard(session.rig, observer);
    if (done !== undefined) open.flash = done;
  };
  return session.connect({ beforeHello });
}

/** Who it is that runs the programs. */
function noteBoard(
  { board }: RunRequest,
  connected: ConnectedBoard,
  findings: Findings,
  { observer }: RunContext,
): void {
  const { hello, rate } = connected;
  findings.board = identityOf(connected);
  findings.world = { pins: pinCapabilities(board, hello), buttons: board.buttons.length };
  observer.phase(
    'hello',
    `firmware ${hello.fw}, ${hello.build} build${hello.hot === undefined ? '' : ', hot code in CCM SRAM'}, ELF ${hello.elf.slice(0, 12)}`,
  );
  if (rate !== undefined) observer.phase('line', rateText(rate));
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
  request: RunRequest,
  outcomes: readonly ProgramOutcome[],
  findings: Findings,
  rig: Rig,
  { log, signal }: RunContext,
): Promise<RunRecord['programs']> {
  const results: RunRecord['programs'] = [];
  for (const outcome of outcomes) {
    if (outcome.error !== undefined) log.error({ err: outcome.error }, 'run failed');
    const investigation = findings.investigations?.get(outcome.program.vm);
    const verdict =
      outcome.result === undefined
        ? judgeError(await rootCause(outcome.error, rig))
        : withTriage(judge(outcome.result), investigation, outcome.result.mismatch?.step);
    const facts = await factsOf(request, outcome, findings.world, signal);
    results.push(programResult(outcome, verdict, investigation, facts));
  }
  return results;
}
