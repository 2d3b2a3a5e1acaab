import { setTimeout } from 'node:timers/promises';
import { pinCapabilities, type Board, type ConnectedBoard, type Rig } from '../bench/index.ts';
import { HilError } from '../errors/index.ts';
import type { Program } from '../image/index.ts';
import { ModelReplay, runLockstep } from '../lockstep/index.ts';
import { startGdb } from '../probe/index.ts';

/** Steps of a compared run: a second or more on an emulated board, 9 s at 115200 baud. */
const STEPS = {
  digest: 10_000_000,
  trace: 100_000,
} as const;
/** Halts at a breakpoint; each takes some 10 ms on an emulated board and as much over USB. */
const GDB_STEPS = 200;
/** A breakpoint is reached within microseconds; OpenOCD looks for it every 100 ms at most. */
const BREAK_MS = 5_000;
/** Executed once for each step of a traced run, by its name in firmware/vm/vm_trace.h. */
const STEP_FUNCTION = 'cvm_step_effect';

/** How fast one way of running is, and what it costs on the line. */
export interface LockstepSpeed {
  readonly name: string;
  readonly steps: number;
  readonly ms: number;
  /** Bytes on the serial line in each direction, from the first steps that agreed to the last. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** What is measured, on a board that is connected already. */
export interface SpeedSettings {
  readonly connected: ConnectedBoard;
  readonly rig: Rig;
  readonly board: Board;
  /** Must not end by itself, and read nothing. */
  readonly program: Program;
  readonly signal: AbortSignal;
}

/** Runs the program in one mode, and judges it as any run. */
async function measureMode(
  settings: SpeedSettings,
  mode: 'digest' | 'trace',
): Promise<LockstepSpeed> {
  const { connected, board, program } = settings;
  const { agent, hello, line } = connected;
  const look = (steps: number): LockstepSpeed => {
    const { bytesIn, bytesOut } = line.stats;
    return { name: mode, steps, ms: performance.now(), bytesIn, bytesOut };
  };
  // The first epoch or chunk is left out: what comes before it is the start of the run.
  let first: LockstepSpeed | undefined;
  let last: LockstepSpeed | undefined;
  const result = await runLockstep({
    agent,
    vm: 0,
    program,
    comparison: mode === 'digest' ? { mode, epoch: hello.epoch } : { mode },
    clock: 'virtual',
    steps: STEPS[mode],
    loops: 0,
    pins: pinCapabilities(board, hello),
    buttons: board.buttons.length,
    now: () => performance.now(),
    onProgress: ({ steps }) => {
      last = look(steps);
      first ??= last;
    },
  });
  if (result.mismatch !== undefined || result.state?.differences.length !== 0) {
    throw new HilError('firmware', `board and model part in ${mode} mode`, 'use run to see where');
  }
  if (first === undefined || last === undefined || last.steps <= first.steps) {
    throw new HilError('harness', `a run of ${STEPS[mode]} steps in ${mode} mode reported none`);
  }
  return {
    name: mode,
    steps: last.steps - first.steps,
    ms: last.ms - first.ms,
    bytesIn: last.bytesIn - first.bytesIn,
    bytesOut: last.bytesOut - first.bytesOut,
  };
}

/** How long the board runs freely between two looks; a look's round trip of a few milliseconds is within it. */
const FREE_MS = 1_000;

/** The board alone: nothing is compared, and its own count of steps is read twice. */
async function measureFree({ connected }: SpeedSettings): Promise<LockstepSpeed> {
  const { agent } = connected;
  await agent.reset(0);
  await agent.go(0, { mode: 'free', clock: 'virtual', steps: 0xffff_ffff, loops: 0 });
  const look = async (): Promise<{ steps: number; ms: number }> => {
    const { steps } = await agent.status(0);
    return { steps, ms: performance.now() };
  };
  const from = await look();
  await setTimeout(FREE_MS);
  const to = await look();
  await agent.stop(0);
  const steps = (to.steps - from.steps) >>> 0;
  return { name: 'free', steps, ms: to.ms - from.ms, bytesIn: 0, bytesOut: 0 };
}

/** One breakpoint for each step, and the registers of the VM read at each: what a debugger script would do. */
async function measureGdb(settings: SpeedSettings): Promise<LockstepSpeed | undefined> {
  const { connected, rig, program, board, signal } = settings;
  if (rig.probe === undefined) return undefined;
  const { agent, hello } = connected;
  await agent.reset(0);
  const pins = pinCapabilities(board, hello);
  const model = new ModelReplay(
    program,
    { pins, buttons: board.buttons.length, clock: 'virtual' },
    [],
  );
  await using gdb = await startGdb({
    elfPath: rig.elfPath,
    port: rig.probe.openocd.gdbPort,
    signal,
  });
  await gdb.breakAt(STEP_FUNCTION);
  await gdb.resume();
  await agent.go(0, { mode: 'trace', clock: 'virtual', steps: GDB_STEPS + 1, loops: 0 }).catch(
    // The core may stand at the first breakpoint before the reply has left.
    () => undefined,
  );
  await gdb.waitForStop(BREAK_MS);
  const began = performance.now();
  for (let step = 0; step < GDB_STEPS; step += 1) {
    const { number: pc } = await gdb.variable("'session.c'::sessions[0].vm.engine.pc");
    if (pc !== model.engine.pc) {
      throw new HilError('firmware', `step ${step} is at pc ${pc ?? '?'}, the model elsewhere`);
    }
    model.step();
    await gdb.resume();
    await gdb.waitForStop(BREAK_MS);
  }
  return {
    name: 'GDB-stepped',
    steps: GDB_STEPS,
    ms: performance.now() - began,
    bytesIn: 0,
    bytesOut: 0,
  };
}

/** Digest and free runs, in turns: whatever else the machine does, it does to both. */
const ROUNDS = 5;

/** The one in the middle by rate. */
function median(speeds: readonly LockstepSpeed[]): LockstepSpeed[] {
  return speeds.toSorted((a, b) => a.steps / a.ms - b.steps / b.ms).splice(speeds.length >> 1, 1);
}

/** Measures free, digest, traced and GDB-stepped runs on the same board: of the first two the median of {@link ROUNDS}. */
export async function measureLockstep(settings: SpeedSettings): Promise<LockstepSpeed[]> {
  const digests: LockstepSpeed[] = [];
  const frees: LockstepSpeed[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    digests.push(await measureMode(settings, 'digest'));
    frees.push(await measureFree(settings));
  }
  const trace = await measureMode(settings, 'trace');
  const gdb = await measureGdb(settings);
  return [...median(frees), ...median(digests), trace, ...(gdb === undefined ? [] : [gdb])];
}
