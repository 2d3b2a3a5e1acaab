import { parse } from 'node:path';
import type { Logger } from 'pino';
import {
  connectBoard,
  openRig,
  type BenchFile,
  type Board,
  type ConnectedBoard,
  type PinEdge,
  type Rig,
} from '../bench/index.ts';
import { HilError } from '../errors/index.ts';
import { withDeadline } from '../process/index.ts';
import { runId, type RunRecord } from '../results/index.ts';
import { comparePrograms, type LoadedProgram, type ProgramOutcome } from './compare-programs.ts';
import { flashBoard } from './flash-board.ts';
import { gatherForensics } from './forensics.ts';
import type { RunObserver } from './observer.ts';
import { identityOf, pinTimingOf, programResult } from './record-views.ts';
import { judge, judgeError, worstVerdict } from './verdict.ts';

/** Steps a program may take when the user gives no number: one that never ends must still end. */
export const DEFAULT_STEPS = 1_000_000;

/** One run: up to four programs, each on a VM of its own, on one bench. */
export interface RunRequest {
  /** At least one, each with another VM. */
  readonly programs: readonly LoadedProgram[];
  readonly bench: BenchFile;
  readonly board: Board;
  /** ELF to use instead of the bench's. */
  readonly firmware: string | undefined;
  readonly clock: 'virtual' | 'real';
  /** Most steps of each program. */
  readonly steps: number;
  /** Rounds of loop() of each program; undefined = no such limit. */
  readonly loops: number | undefined;
  readonly environment: RunRecord['environment'];
}

/** What a run is given besides the request. */
export interface RunContext {
  readonly resources: AsyncDisposableStack;
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly observer: RunObserver;
}

/** What is known so far; a run that ends early leaves what it had. */
interface Findings {
  board?: RunRecord['board'];
  flash?: RunRecord['flash'];
  forensics?: RunRecord['forensics'];
  link?: RunRecord['link'];
  readonly edges: PinEdge[];
  readonly timing: { phase: string; ms: number }[];
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
  context.observer.phase('bench', `starting ${bench.name}`);
  const rig = await timed('bench', () => openRig(bench, { ...request, ...context }));
  context.observer.phase('bench', rig.ranOn);
  const stopWatching = rig.pins?.onEdge((edge) => findings.edges.push(edge));
  let outcomes: ProgramOutcome[];
  try {
    const connected = await timed('flash and hello', () =>
      connect(request, rig, findings, context),
    );
    outcomes = await timed('run', () => compare(request, connected, findings, context));
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
  const programs = await judgeAll(outcomes, rig, context);
  // What an interrupt tore down is no finding about the board.
  context.signal.throwIfAborted();
  const verdict = worstVerdict(programs.map((program) => program.verdict));
  // Before the flash is known to hold the firmware, its symbols would tell nothing.
  const flashed = rig.probe === undefined || findings.flash !== undefined;
  const silent = verdict.causeClass === 'firmware' && programs.some(isSilent);
  if (flashed && (verdict.causeClass === 'rig' || silent)) {
    const seen = await gatherForensics(rig, request.programs, context.signal);
    if (seen !== undefined) findings.forensics = seen;
  }
  const [first] = request.programs;
  return {
    schema: 'cockpit-hil/run',
    version: 1,
    id: runId(startedAt, parse(first?.file ?? '').name, bench.name, process.pid),
    startedAt: startedAt.toISOString(),
    bench: { name: bench.name, kind: bench.kind, ranOn: rig.ranOn },
    ...(findings.board === undefined ? {} : { board: findings.board }),
    ...(findings.flash === undefined ? {} : { flash: findings.flash }),
    mode: 'trace',
    clock: request.clock,
    budget: {
      steps: request.steps,
      ...(request.loops === undefined ? {} : { loops: request.loops }),
    },
    verdict,
    programs,
    pinEdges: findings.edges,
    pinTiming: request.clock === 'real' ? timingOf(outcomes, findings.edges) : [],
    ...(findings.forensics === undefined ? {} : { forensics: findings.forensics }),
    ...(findings.link === undefined ? {} : { link: findings.link }),
    timing: findings.timing,
    wallMs: performance.now() - begin,
    environment: request.environment,
  };
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
    return await comparePrograms(connected, { ...request, observer });
  } finally {
    const { bytesIn, bytesOut } = line.stats;
    const { badFrames, repeats } = agent.channel.counters;
    findings.link = { bytesIn, bytesOut, badFrames, repeats };
  }
}

async function judgeAll(
  outcomes: readonly ProgramOutcome[],
  rig: Rig,
  { log }: RunContext,
): Promise<RunRecord['programs']> {
  const results: RunRecord['programs'] = [];
  for (const outcome of outcomes) {
    if (outcome.error !== undefined) log.error({ err: outcome.error }, 'run failed');
    const verdict =
      outcome.result === undefined
        ? judgeError(await rootCause(outcome.error, rig))
        : judge(outcome.result);
    results.push(programResult(outcome, verdict));
  }
  return results;
}

/** Whether a program's run ended without a result: the board itself is what to look at. */
function isSilent(program: RunRecord['programs'][number]): boolean {
  return program.stopReason === undefined && program.divergence === undefined;
}

function timingOf(
  outcomes: readonly ProgramOutcome[],
  edges: readonly PinEdge[],
): RunRecord['pinTiming'] {
  return pinTimingOf(
    outcomes.map(({ result }) => result?.pinChanges ?? []),
    edges,
  );
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
