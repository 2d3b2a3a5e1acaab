import { HilError } from '../errors/index.ts';
import type { Program } from '../image/index.ts';
import { createEngine, createModelIo, loadProgram, run, type Engine } from '../vm/index.ts';
import { WORKLOADS, workloadProgram } from './workloads.ts';

/** How fast the reference model runs, without comparison. */
export interface ModelSpeed {
  readonly id: string;
  readonly title: string;
  /** Millions of VM instructions a second on one core, the best of several runs. */
  readonly best: number;
  /** The middle one of the runs. */
  readonly median: number;
}

/** A run must last long enough for the clock and for the compiler of the host to warm up. */
const RUN_STEPS = 20_000_000;
const RUNS = 5;

function createModel(): { engine: Engine; printed: () => number } {
  let text = '';
  const io = createModelIo({
    pins: [],
    buttons: 0,
    clock: 'virtual',
    executed: () => engine.executed,
    inputs: () => 0,
    onPrint: (bytes) => (text = Buffer.from(bytes).toString('latin1')),
  });
  const engine = createEngine({ io });
  return { engine, printed: () => Number(text) };
}

/** Runs a program from its start again and again; millions of steps a second. */
function timed(engine: Engine, program: Program, clock: () => number): number {
  let steps = 0;
  const start = clock();
  while (steps < RUN_STEPS) {
    loadProgram(engine, program);
    run(engine, RUN_STEPS);
    steps += engine.executed;
  }
  return steps / (clock() - start) / 1000;
}

/**
 * Measures the reference model on this machine.
 * @param clock milliseconds
 * @throws HilError (model) when a workload doesn't print what it must
 */
export async function measureModel(clock: () => number): Promise<ModelSpeed[]> {
  const speeds: ModelSpeed[] = [];
  for (const workload of WORKLOADS) {
    const program = await workloadProgram(workload);
    const { engine, printed } = createModel();
    const runs = Array.from({ length: RUNS }, () => timed(engine, program, clock));
    if (printed() !== workload.result) {
      throw new HilError(
        'model',
        `${workload.id} printed ${printed()} instead of ${workload.result}`,
      );
    }
    const sorted = runs.toSorted((a, b) => a - b);
    speeds.push({
      id: workload.id,
      title: workload.title,
      best: sorted.at(-1) ?? 0,
      median: sorted[RUNS >> 1] ?? 0,
    });
  }
  return speeds;
}
