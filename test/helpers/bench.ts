import { pino } from 'pino';
import {
  connectBoard,
  loadBench,
  loadBoard,
  openRig,
  pinCapabilities,
  type Board,
  type ConnectedBoard,
  type Rig,
} from '../../src/bench/index.ts';
import type { Program } from '../../src/image/index.ts';
import {
  runLockstep,
  type LockstepResult,
  type LockstepSettings,
} from '../../src/lockstep/index.ts';

/** Steps of a test program; all of them end far earlier. */
const STEP_LIMIT = 200_000;

/** A bench that is flashed and connected, for many runs in one test file. */
export interface TestBench extends AsyncDisposable, ConnectedBoard {
  readonly rig: Rig;
  readonly board: Board;
  /**
   * Runs a program in lockstep, with the virtual clock and every effect sent unless told otherwise.
   * @param loops 0 = no limit
   */
  lockstep(
    program: Program,
    loops: number,
    change?: Partial<LockstepSettings>,
  ): Promise<LockstepResult>;
}

/** Opens a bench of hil-config/benches and flashes its board. @param firmware instead of the bench's own */
export async function openTestBench(name: string, firmware?: string): Promise<TestBench> {
  await using starting = new AsyncDisposableStack();
  const resources = starting.use(new AsyncDisposableStack());
  const log = pino({ level: 'silent' });
  const signal = new AbortController().signal;
  const bench = await loadBench(name);
  const board = await loadBoard(bench.board);
  const rig = await openRig(bench, { board, firmware, resources, signal, log });
  const connected = await connectBoard(rig, {
    board,
    resources,
    log,
    beforeHello: async () => {
      await rig.probe?.flash();
    },
  });
  const owned = starting.move();
  return {
    ...connected,
    rig,
    board,
    lockstep: (program, loops, change = {}) =>
      runLockstep({
        agent: connected.agent,
        vm: 0,
        program,
        clock: 'virtual',
        steps: STEP_LIMIT,
        loops,
        pins: pinCapabilities(board, connected.hello),
        buttons: board.buttons.length,
        now: () => performance.now(),
        ...change,
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
