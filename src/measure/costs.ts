import type { Job, JobResult, JobRunner } from './jobs.ts';
import { HALTED, OPCODE_PROGRAMS, PAIR_PROGRAMS } from './opcode-programs.ts';
import { WORKLOADS, workloadProgram } from './workloads.ts';
import { HilError } from '../errors/index.ts';

/** In the order of the report. */
const PROGRAMS = [...OPCODE_PROGRAMS, ...PAIR_PROGRAMS];

/** Enough for any of the programs; each ends in HALT. */
const ALL_STEPS = 0xffff_ffff;

/** What one instruction of the VM costs, or a pair of them. */
export interface OpcodeCost {
  readonly name: string;
  /** Arm instructions, dispatch included. */
  readonly instructions: number;
  /** Processor cycles; 0 where the processor doesn't count them. */
  readonly cycles: number;
}

/** What a workload costs, from its first instruction to HALT. */
export interface WorkloadCost {
  readonly id: string;
  readonly title: string;
  readonly steps: number;
  readonly instructions: number;
  readonly cycles: number;
}

/** All figures of one build of the VM. */
export interface VmCosts {
  readonly opcodes: readonly OpcodeCost[];
  readonly workloads: readonly WorkloadCost[];
  /** The compiler that made the build, and its flags. */
  readonly compiler: string;
  readonly flags: string;
  /** Bytes of hot code: run loop, handlers and what they call. */
  readonly hotBytes: number;
  /** Core clock of a real processor; absent in emulation. */
  readonly clockHz?: number;
}

function opcodeCost(index: number, results: readonly JobResult[]): OpcodeCost {
  const it = PROGRAMS[index];
  const [few, many] = [results[2 * index], results[2 * index + 1]];
  if (it === undefined || few === undefined || many === undefined) {
    throw new HilError('harness', `no measurement ${index}`);
  }
  for (const { end, error } of [few, many]) {
    if (end === HALTED) continue;
    throw new HilError(
      'firmware',
      `the program for ${it.name} ended with result ${end}, error ${error}`,
    );
  }
  const executions = it.counts[1] - it.counts[0];
  return {
    name: it.name,
    instructions: (many.instructions - few.instructions) / executions,
    cycles: (many.cycles - few.cycles) / executions,
  };
}

/**
 * Measures a build of the VM.
 * @param runJobs on the processor where it is to be measured
 * @throws HilError (firmware) when a program ends otherwise than it should
 */
export async function measureVm(runJobs: JobRunner): Promise<VmCosts> {
  const jobs: Job[] = PROGRAMS.flatMap(({ programs, before }) =>
    programs.map((program, size) => ({ program, before: before[size] ?? 0, steps: ALL_STEPS })),
  );
  for (const workload of WORKLOADS) {
    jobs.push({ program: await workloadProgram(workload), before: 0, steps: ALL_STEPS });
  }
  const { results, ...build } = await runJobs(jobs);
  const workloads = WORKLOADS.map(({ id, title, result }, index): WorkloadCost => {
    const measured = results[2 * PROGRAMS.length + index];
    if (measured?.end !== HALTED || measured.printed !== result) {
      throw new HilError(
        'firmware',
        `${id} printed ${measured?.printed ?? 'nothing'} instead of ${result}, error ${measured?.error ?? '?'}`,
      );
    }
    const { steps, instructions, cycles } = measured;
    return { id, title, steps, instructions, cycles };
  });
  return {
    opcodes: PROGRAMS.map((_, index) => opcodeCost(index, results)),
    workloads,
    ...build,
  };
}
