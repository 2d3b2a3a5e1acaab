import { connectAgent, type Agent } from '../../src/agent/index.ts';
import {
  loadBoard,
  pinCapabilities,
  type Board,
  type ConnectedBoard,
} from '../../src/bench/index.ts';
import { HilError } from '../../src/errors/index.ts';
import { buildImage } from '../../src/image/index.ts';
import { createChannel, openSerial, type Line } from '../../src/link/index.ts';
import type { PinCapability } from '../../src/vm/index.ts';
import { openTestBench } from '../helpers/bench.ts';
import { startNativeAgent, type NativeAgent } from '../helpers/native-agent.ts';
import { assemble } from '../helpers/vectors/assemble.ts';
import { nativeStimulus } from '../helpers/vectors/boards.ts';

/** A board with a build of the firmware on it, connected. */
export interface Station extends AsyncDisposable, ConnectedBoard {
  readonly board: Board;
  /** By logical number. */
  readonly pins: readonly (PinCapability | undefined)[];
  /** Puts levels and values on inputs, by port, and gives the board the time to see them. Uses VM 0. */
  prepare(stimuli: ReadonlyMap<number, number>): Promise<void>;
  /** Resolves with what became of the firmware's process when it ends; never where there is none. */
  readonly ended: Promise<string>;
}

/** A program that waits twice as long as a button is debounced, on the board's own clock. */
const SETTLE = buildImage({
  instructions: assemble('40; DELAY; HALT').instructions,
  strings: [],
  entry: 0,
  loop: undefined,
  debug: undefined,
});
/** A mutant may never come to the end of those 40 ms; ten times that for a machine under full load. */
const SETTLE_MS = 400;

/** Lets the board's own clock run for a while. */
async function settle(agent: Agent): Promise<void> {
  await agent.load(0, SETTLE);
  await agent.go(0, { mode: 'free', clock: 'real', steps: 3, loops: 0 });
  const deadline = AbortSignal.timeout(SETTLE_MS);
  let { state } = await agent.status(0);
  while (state !== 'done' && !deadline.aborted) ({ state } = await agent.status(0));
  await agent.stop(0);
}

/** Agents to start until one has a serial port that is free. */
const MOST_PORTS = 5;

/** A native agent, and the line to it, which ends first. */
async function openNativeLine(
  program: string,
): Promise<AsyncDisposable & { readonly native: NativeAgent; readonly line: Line }> {
  await using starting = new AsyncDisposableStack();
  for (let tries = 1; ; tries += 1) {
    const native = starting.use(await startNativeAgent(program));
    try {
      const line = await openSerial({ path: native.path, baud: 115_200 });
      const others = starting.move();
      return {
        native,
        line,
        [Symbol.asyncDispose]: async () => {
          await line.close();
          // One that hangs takes no notice of SIGTERM, and has nothing to put in order.
          if (native.child.running) native.child.signal('SIGKILL');
          await others.disposeAsync();
        },
      };
    } catch (error) {
      // The port of an agent that has died is given to the next one at once, the lock of whoever used it a moment later. This
      // agent keeps it until another has another port.
      if (tries === MOST_PORTS || !(error instanceof HilError)) throw error;
    }
  }
}

/** Starts a native build as a process of this machine. @param program its path */
export async function openNativeStation(program: string): Promise<Station> {
  await using starting = new AsyncDisposableStack();
  const { native, line } = starting.use(await openNativeLine(program));
  const agent = connectAgent(starting.use(createChannel(line)));
  const hello = await agent.hello();
  const board = await loadBoard('nucleo_g474re');
  const stimulate = nativeStimulus(native, board);
  const given = new Map<number, number>();
  const owned = starting.move();
  return {
    agent,
    line,
    hello,
    board,
    pins: pinCapabilities(board, hello),
    prepare: async (stimuli) => {
      const news = [...stimuli].filter(([port, value]) => given.get(port) !== value);
      for (const [port, value] of news) {
        await stimulate(port, value);
        given.set(port, value);
      }
      if (news.length > 0) await settle(agent);
    },
    ended: native.child.exited.then(({ code, signal }) => signal ?? `exit code ${code ?? '?'}`),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Flashes a build to the emulated board. Its inputs are left alone. @param elf its path */
export async function openEmulatedStation(elf: string): Promise<Station> {
  const bench = await openTestBench('emulated', elf);
  const { agent, line, hello, board } = bench;
  return {
    agent,
    line,
    hello,
    board,
    pins: pinCapabilities(board, hello),
    prepare: (stimuli) => {
      if (stimuli.size === 0) return Promise.resolve();
      return Promise.reject(new HilError('harness', 'no stimuli on the emulated board'));
    },
    ended: new Promise(() => undefined),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}
