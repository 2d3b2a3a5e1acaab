import { parse, resolve } from 'node:path';
import type { Logger } from 'pino';
import {
  connectBoard,
  openRig,
  pinCapabilities,
  type BenchFile,
  type Board,
  type ConnectedBoard,
  type PinEdge,
  type Rig,
} from '../bench/index.ts';
import { HilError } from '../errors/index.ts';
import type { Mode } from '../lockstep/index.ts';
import { withDeadline } from '../process/index.ts';
import { runId, type RunRecord } from '../results/index.ts';
import { runCommandLine } from './command.ts';
import { comparePrograms, type LoadedProgram, type ProgramOutcome } from './compare-programs.ts';
import { takeFirmware, type FirmwareFile } from './firmware-file.ts';
import { flashBoard } from './flash-board.ts';
import { gatherForensics } from './forensics.ts';
import type { Investigation } from './investigate.ts';
import { withLastSteps } from './last-steps.ts';
import { lookInto } from './look-into.ts';
import type { RunObserver } from './observer.ts';
import { identityOf, pinTimingOf, programResult, type PinTiming } from './record-views.ts';
import { judge, judgeError, withTriage, worstVerdict } from './verdict.ts';

/** Steps a program may take when the user gives no number: one that never ends must still end. */
export const DEFAULT_STEPS = 1_000_000;

/** One run: up to four programs, each on a VM of its own, on one bench. */
export interface RunRequest {
  /** At least one, each with another VM. */
  readonly programs: readonly LoadedProgram[];
  readonly bench: BenchFile;
  /** The name or path that the bench was loaded by. */
  readonly benchFile: string;
  readonly board: Board;
  /** ELF to use instead of the bench's. */
  readonly firmware: string | undefined;
  /** How much is compared. */
  readonly mode: Mode;
  readonly clock: 'virtual' | 'real';
  /** Most steps of each program. */
  readonly steps: number;
  /** Rounds of loop() of each program; undefined = no such limit. */
  readonly loops: number | undefined;
  /** What the programs read in place of the board's pins; undefined: the pins. */
  readonly scripted: RunRecord['scripted'] | undefined;
  /** Reruns on the board to find out whose fault a finding is. */
  readonly reruns: number;
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
  world?: RunRecord['world'];
  investigations?: ReadonlyMap<number, Investigation>;
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
  const firmware = await takeFirmware(bench, request.firmware, context.resources);
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
    const look = {
      ...request,
      ...context,
      inputScript: request.scripted?.script,
      tookMs: performance.now() - from,
    };
    findings.investigations = await timed('triage', () => lookInto(outcomes, connected, look));
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
  let programs = await judgeAll(outcomes, findings, rig, context);
  // What an interrupt tore down is no finding about the board.
  context.signal.throwIfAborted();
  let verdict = worstVerdict(programs.map((program) => program.verdict));
  // Before the flash is known to hold the firmware, its symbols would tell nothing.
  const flashed = rig.probe === undefined || findings.flash !== undefined;
  // A program's run that ended without a result: the board itself is what to look at.
  const silent = outcomes.some(({ result }) => result === undefined);
  if (flashed && (verdict.causeClass === 'rig' || (verdict.causeClass === 'firmware' && silent))) {
    const ran = outcomes.map(({ program, examine }) => ({ ...program, examine }));
    const seen = await gatherForensics(rig, ran, context.signal);
    if (seen !== undefined) findings.forensics = seen.forensics;
    programs = outcomes.flatMap(({ program, lastSteps }, index) => {
      const last = lastSteps ?? seen?.lastSteps.get(program.vm);
      const result = programs[index];
      if (result === undefined) return [];
      return last === undefined ? [result] : [withLastSteps(result, last, program.program)];
    });
    verdict = worstVerdict(programs.map((program) => program.verdict));
  }
  const [first] = request.programs;
  return {
    schema: 'cockpit-hil/run',
    version: 2,
    id: runId(startedAt, parse(first?.file ?? '').name, bench.name, process.pid),
    startedAt: startedAt.toISOString(),
    bench: benchOf(request, rig, firmware),
    ...knownOf(findings),
    mode: request.mode,
    clock: request.clock,
    ...(request.scripted === undefined ? {} : { scripted: request.scripted }),
    command: runCommandLine({
      ...request,
      bench: request.benchFile,
      inputs: request.scripted?.given,
    }),
    budget: {
      steps: request.steps,
      ...(request.loops === undefined ? {} : { loops: request.loops }),
    },
    verdict,
    programs,
    pinEdges: findings.edges,
    ...timingOf(request, rig, outcomes, findings.edges),
    timing: findings.timing,
    wallMs: performance.now() - begin,
    environment: request.environment,
  };
}

/** The parts of a record that only a run which came far enough has. */
function knownOf(
  findings: Findings,
): Pick<RunRecord, 'board' | 'flash' | 'forensics' | 'link' | 'world'> {
  const { board, flash, forensics, link, world } = findings;
  return {
    ...(board === undefined ? {} : { board }),
    ...(world === undefined ? {} : { world }),
    ...(flash === undefined ? {} : { flash }),
    ...(forensics === undefined ? {} : { forensics }),
    ...(link === undefined ? {} : { link }),
  };
}

/** A bench given as a path is found again wherever the next command is started. */
function benchOf({ bench, benchFile }: RunRequest, rig: Rig, firmware: FirmwareFile) {
  return {
    name: bench.name,
    kind: bench.kind,
    ranOn: rig.ranOn,
    file: benchFile === bench.name ? benchFile : resolve(benchFile),
    firmware: firmware.path,
    firmwareSha256: firmware.sha256,
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
        : withTriage(judge(outcome.result), investigation);
    results.push(programResult(outcome, verdict, investigation));
  }
  return results;
}

/** Pin timing means something in real time, on a bench that can watch pins. */
function timingOf(
  { clock }: RunRequest,
  rig: Rig,
  outcomes: readonly ProgramOutcome[],
  edges: readonly PinEdge[],
): PinTiming {
  if (clock !== 'real' || rig.pins === undefined) return { pinTiming: [], pinTimingNotes: [] };
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
