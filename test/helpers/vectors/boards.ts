import { connectAgent } from '../../../src/agent/index.ts';
import { loadBoard, type Board } from '../../../src/bench/index.ts';
import { PORTS } from '../../../src/isa/index.ts';
import { createChannel, openSerial } from '../../../src/link/index.ts';
import { openTestBench } from '../bench.ts';
import { startNativeAgent, type NativeAgent } from '../native-agent.ts';
import type { VectorBoard } from './agent-executor.ts';

/** The board whose pins the vectors name. */
export function vectorPins(): Promise<Board> {
  return loadBoard('nucleo_g474re');
}

/** The pin and level that a digital port or a button stands for. */
function digital(board: Board, port: number, value: number): { pin: number; level: 0 | 1 } {
  const id = port & 0xff;
  if (port - id !== PORTS.BUTTON) return { pin: id, level: value === 0 ? 0 : 1 };
  const button = board.buttons[id];
  if (button === undefined) throw new Error(`there is no button ${id}`);
  return { pin: button.pin, level: (value === 1) === (button.active === 'high') ? 1 : 0 };
}

/** Tells a native agent what is on its inputs. */
export function nativeStimulus(
  { child }: NativeAgent,
  board: Board,
): (port: number, value: number) => Promise<void> {
  return (port, value) => {
    const { pin, level } = digital(board, port, value);
    const isAnalog = port - (port & 0xff) === PORTS.ANALOG;
    child.stdin.write(isAnalog ? `analog ${pin} ${value}\n` : `drive ${pin} ${level}\n`);
    return Promise.resolve();
  };
}

/** The agent as a process of this machine. @param program another build than the usual one */
export async function openNativeBoard(program?: string): Promise<VectorBoard> {
  await using starting = new AsyncDisposableStack();
  const native = starting.use(await startNativeAgent(program));
  let stderr = '';
  native.child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('latin1');
  });
  const line = starting.use(await openSerial({ path: native.path, baud: 115_200 }));
  const agent = connectAgent(starting.use(createChannel(line)));
  await agent.hello();
  const board = await vectorPins();
  const owned = starting.move();
  return {
    agent,
    thorough: true,
    lastWords: () => stderr,
    stimulate: nativeStimulus(native, board),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The emulated board, flashed. */
export async function openEmulatedBoard(): Promise<VectorBoard> {
  const bench = await openTestBench('emulated');
  const board = await vectorPins();
  return {
    agent: bench.agent,
    thorough: false,
    lastWords: () => '',
    stimulate: async (port, value) => {
      const { pin, level } = digital(board, port, value);
      await bench.rig.pins?.drive(pin, level);
    },
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}
