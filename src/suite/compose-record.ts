import { parse, resolve } from 'node:path';
import type { BenchFile, Board, PinEdge, Rig } from '../bench/index.ts';
import type { Mode } from '../lockstep/index.ts';
import { RUN_RECORD_VERSION, runId, type RunRecord } from '../results/index.ts';
import { runCommandLine } from './command.ts';
import type { LoadedProgram, ProgramOutcome } from './compare-programs.ts';
import type { FirmwareFile } from './firmware-file.ts';
import type { Investigation } from './investigate.ts';
import { pinTimingOf, type PinTiming } from './record-views.ts';
import { worstVerdict } from './verdict.ts';

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

/** What is known so far; a run that ends early leaves what it had. */
export interface Findings {
  board?: RunRecord['board'];
  flash?: RunRecord['flash'];
  forensics?: RunRecord['forensics'];
  link?: RunRecord['link'];
  world?: RunRecord['world'];
  investigations?: ReadonlyMap<number, Investigation>;
  readonly edges: PinEdge[];
  readonly timing: { phase: string; ms: number }[];
}

/** Everything that a finished run is told from. */
export interface FinishedRun {
  readonly request: RunRequest;
  readonly startedAt: Date;
  readonly wallMs: number;
  readonly rig: Rig;
  readonly firmware: FirmwareFile;
  readonly findings: Findings;
  readonly outcomes: readonly ProgramOutcome[];
  readonly programs: RunRecord['programs'];
}

/** The record of a finished run. */
export function composeRecord(run: FinishedRun): RunRecord {
  const { request, startedAt, rig, firmware, findings, outcomes, programs } = run;
  const { bench, benchFile, mode, clock, steps, loops, scripted } = request;
  const { board, world, flash, forensics, link, edges, timing } = findings;
  const [first] = request.programs;
  return {
    schema: 'cockpit-hil/run',
    version: RUN_RECORD_VERSION,
    id: runId(startedAt, parse(first?.file ?? '').name, bench.name, process.pid),
    startedAt: startedAt.toISOString(),
    bench: {
      name: bench.name,
      kind: bench.kind,
      ranOn: rig.ranOn,
      // A bench given as a path is found again wherever the next command is started.
      file: benchFile === bench.name ? benchFile : resolve(benchFile),
      firmware: firmware.path,
      firmwareSha256: firmware.sha256,
    },
    ...(board === undefined ? {} : { board }),
    ...(world === undefined ? {} : { world }),
    ...(flash === undefined ? {} : { flash }),
    mode,
    clock,
    ...(scripted === undefined ? {} : { scripted }),
    command: runCommandLine({ ...request, bench: benchFile, inputs: scripted?.given }),
    budget: { steps, ...(loops === undefined ? {} : { loops }) },
    verdict: worstVerdict(programs.map(({ verdict }) => verdict)),
    programs,
    pinEdges: edges,
    ...timingOf(request, rig, outcomes, edges),
    ...(forensics === undefined ? {} : { forensics }),
    ...(link === undefined ? {} : { link }),
    timing,
    wallMs: run.wallMs,
    environment: request.environment,
  };
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
