import type { Logger } from 'pino';
import {
  connectBoard,
  openRig,
  pinCapabilities,
  type BenchFile,
  type Board,
  type ConnectedBoard,
  type PinEdge,
} from '../bench/index.ts';
import { HilError } from '../errors/index.ts';
import type { Program } from '../image/index.ts';
import { runLockstep, type LockstepResult } from '../lockstep/index.ts';
import { withDeadline } from '../process/index.ts';
import { runId, type RunRecord, type Verdict } from '../results/index.ts';
import { gatherForensics } from './forensics.ts';
import { describeResult, identityOf, pinTimingOf } from './record-views.ts';
import { judge, judgeError } from './verdict.ts';

/** Steps a run may take when the user gives no number: a program that never ends must still end. */
export const DEFAULT_STEPS = 1_000_000;

/** One program, one bench, one run. */
export interface RunRequest {
  readonly program: Program;
  /** The file it came from, and that file's SHA-256. */
  readonly file: string;
  readonly sha256: string;
  readonly bench: BenchFile;
  readonly board: Board;
  /** ELF to use instead of the bench's. */
  readonly firmware: string | undefined;
  readonly clock: 'virtual' | 'real';
  readonly steps: number;
  /** Rounds of loop(); undefined = no such limit. */
  readonly loops: number | undefined;
  readonly environment: RunRecord['environment'];
}

/** Where a run's progress goes. */
export interface RunObserver {
  /** A phase has begun or got further; `text` is one line. */
  phase(name: string, text: string): void;
  progress(steps: number, rounds: number): void;
  print(text: Uint8Array): void;
}

/** What a run is given besides the request. */
export interface RunContext {
  readonly resources: AsyncDisposableStack;
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly observer: RunObserver;
}

/** The changing part of a record while a run goes on; what is known when it ends early is kept. */
interface Findings {
  board?: RunRecord['board'];
  flash?: RunRecord['flash'];
  forensics?: RunRecord['forensics'];
  link?: RunRecord['link'];
  result?: LockstepResult;
  readonly edges: PinEdge[];
  readonly timing: { phase: string; ms: number }[];
  printed: string;
  steps: number;
  rounds: number;
}

/**
 * Runs a program on a bench in lockstep with the reference model.
 * @returns the record; a board that fails during the run is a verdict in it
 * @throws HilError when the bench itself cannot be opened, so that there was no run
 */
export async function runProgram(request: RunRequest, context: RunContext): Promise<RunRecord> {
  const startedAt = new Date();
  const begin = performance.now();
  const findings: Findings = { edges: [], timing: [], printed: '', steps: 0, rounds: 0 };
  const timed = async <T>(phase: string, work: () => Promise<T>): Promise<T> => {
    const from = performance.now();
    try {
      return await work();
    } finally {
      findings.timing.push({ phase, ms: performance.now() - from });
    }
  };
  const { bench, board, firmware } = request;
  const { resources, signal, log, observer } = context;
  observer.phase('bench', `starting ${bench.name}`);
  const rig = await timed('bench', () =>
    openRig(bench, { board, firmware, resources, signal, log }),
  );
  observer.phase('bench', rig.ranOn);
  const stopWatching = rig.pins?.onEdge((edge) => findings.edges.push(edge));
  let verdict: Verdict;
  try {
    const connected = await timed('flash and hello', () =>
      connectBoard(rig, { board, resources, log, flash: () => flash(rig, findings, observer) }),
    );
    await timed('run', () => compareOnBoard(request, connected, findings, context));
    verdict = findings.result === undefined ? noResult() : judge(findings.result);
  } catch (error) {
    if (signal.aborted) throw error;
    log.error({ err: error }, 'run failed');
    verdict = judgeError(await rootCause(error, rig));
    if (verdict.causeClass === 'firmware' || verdict.causeClass === 'rig') {
      const seen = await gatherForensics(rig, request.program, signal);
      if (seen !== undefined) findings.forensics = seen;
    }
  } finally {
    stopWatching?.();
  }
  const { edges, timing, result } = findings;
  return {
    schema: 'cockpit-hil/run',
    version: 1,
    id: runId(startedAt, programName(request.file), bench.name, process.pid),
    startedAt: startedAt.toISOString(),
    program: {
      file: request.file,
      sha256: request.sha256,
      instructions: request.program.instructions.length,
      strings: request.program.strings.length,
    },
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
    stepsCompared: result?.stepsCompared ?? findings.steps,
    rounds: result?.rounds ?? findings.rounds,
    ...(result === undefined
      ? { inputs: [], notCompared: [] }
      : describeResult(result, request.program)),
    output: findings.printed,
    pinEdges: edges,
    pinTiming:
      request.clock === 'real' && result !== undefined ? pinTimingOf(result.pinChanges, edges) : [],
    ...(findings.forensics === undefined ? {} : { forensics: findings.forensics }),
    ...(findings.link === undefined ? {} : { link: findings.link }),
    timing,
    wallMs: performance.now() - begin,
    environment: request.environment,
  };
}

/** The kernel reports a process's end and closes its pty at the same moment; this bounds the wait for the second report. */
const END_REPORT_MS = 500;

/** A line that went away because the board's process died is no fault of the line. */
async function rootCause(error: unknown, rig: OpenRig): Promise<unknown> {
  if (rig.ended === undefined || !(error instanceof HilError) || error.causeClass !== 'link') {
    return error;
  }
  try {
    return await withDeadline(rig.ended, END_REPORT_MS, 'the end of the board');
  } catch {
    return error;
  }
}

function noResult(): Verdict {
  return { outcome: 'errored', causeClass: 'harness', summary: 'the run ended without a result' };
}

function programName(file: string): string {
  return file.replace(/^.*\//, '').replace(/\.\w+$/, '');
}

type OpenRig = Awaited<ReturnType<typeof openRig>>;

/** Phases of flashing that take long enough to be announced. */
const SLOW_PHASES: ReadonlySet<string> = new Set(['write', 'verify']);

async function flash(rig: OpenRig, findings: Findings, observer: RunObserver): Promise<void> {
  if (rig.probe === undefined) return;
  const from = performance.now();
  const done = await rig.probe.flash((phase) => {
    if (SLOW_PHASES.has(phase)) observer.phase('flash', phase);
  });
  const { action, bytes, imageSha256, boardSha256Before } = done;
  findings.flash = {
    action,
    bytes,
    imageSha256,
    boardSha256Before,
    ms: performance.now() - from,
  };
  const hash = imageSha256.slice(0, 12);
  observer.phase(
    'flash',
    action === 'skipped'
      ? `skipped: the board holds this firmware already (${bytes} bytes, SHA-256 ${hash})`
      : `${bytes} bytes written and verified by OpenOCD, board reset (SHA-256 ${hash}, before ${boardSha256Before.slice(0, 12)})`,
  );
}

async function compareOnBoard(
  request: RunRequest,
  { agent, line, hello }: ConnectedBoard,
  findings: Findings,
  { observer }: RunContext,
): Promise<void> {
  const { board, program } = request;
  findings.board = identityOf(hello);
  observer.phase(
    'hello',
    `firmware ${hello.fw}, ${hello.build} build, ELF ${hello.elf.slice(0, 12)}`,
  );
  if (hello.defect !== 'none') {
    observer.phase('hello', `this firmware has the deliberate defect ${hello.defect}`);
  }
  try {
    findings.result = await runLockstep({
      agent,
      vm: 0,
      program,
      clock: request.clock,
      steps: request.steps,
      loops: request.loops ?? 0,
      pins: pinCapabilities(board, hello),
      buttons: board.buttons.length,
      now: () => performance.now(),
      onUploaded: (bytes) => {
        observer.phase('upload', `${bytes} bytes`);
        observer.phase('run', `${request.clock} clock, every step compared`);
      },
      onProgress: ({ steps, rounds }) => {
        findings.steps = steps;
        findings.rounds = rounds;
        observer.progress(steps, rounds);
      },
      onPrint: (text) => {
        findings.printed += Buffer.from(text).toString('latin1');
        observer.print(text);
      },
    });
  } finally {
    const { bytesIn, bytesOut } = line.stats;
    const { badFrames, repeats } = agent.channel.counters;
    findings.link = { bytesIn, bytesOut, badFrames, repairs: repeats };
  }
}
