import { createInterface } from 'node:readline';
import { z } from 'zod';
import { errorText, HilError } from '../errors/index.ts';
import { own, OwnedChild, withDeadline } from '../process/index.ts';
import type { NativeBenchFile } from './bench-file.ts';
import type { PinAccess, PinEdge } from './pins.ts';
import type { Rig, RigSettings } from './rig.ts';

/** The agent only opens a pty before it says where: milliseconds. A thousand times that, for a machine on which twenty builds wait for two cores. */
const START_MS = 15_000;

const helloSchema = z.object({ serial: z.string().startsWith('/dev/') });
const edgeSchema = z.tuple([
  z.literal('pin'),
  z.coerce.number().int().min(0).max(255),
  z.enum(['0', '1']).transform((text): 0 | 1 => (text === '1' ? 1 : 0)),
  z.coerce.number().min(0),
]);

function parseSerial(line: string): string {
  try {
    return helloSchema.parse(JSON.parse(line)).serial;
  } catch (error) {
    throw new HilError(
      'toolchain',
      `the native agent's first line is not what this harness expects: ${errorText(error)}`,
      'build it again with ./scripts/setup',
    );
  }
}

/** Starts the agent as a process of this machine. */
export async function openNativeRig(bench: NativeBenchFile, settings: RigSettings): Promise<Rig> {
  const program = settings.firmware ?? bench.program;
  const child = await own(settings.resources, OwnedChild.start(program, []));
  child.stderr.on('data', (chunk: Buffer) => {
    settings.log.debug({ native: chunk.toString('latin1') }, 'native agent, stderr');
  });
  const listeners = new Set<(edge: PinEdge) => void>();
  const lines = createInterface({ input: child.stdout });
  const firstLine = new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    lines.once('close', () => {
      reject(new HilError('rig', `${program} ended at once`, 'run it by hand to see why'));
    });
  });
  const path = parseSerial(await withDeadline(firstLine, START_MS, 'the native agent to start'));
  lines.on('line', (line) => {
    const edge = edgeSchema.safeParse(line.split(' '));
    if (!edge.success) return;
    const [, pin, level, timeUs] = edge.data;
    for (const listener of listeners) listener({ pin, level, timeUs });
  });
  const tell = (command: string): Promise<void> => {
    child.stdin.write(`${command}\n`);
    return Promise.resolve();
  };
  const pins: PinAccess = {
    drive: (pin, level) => tell(`drive ${pin} ${level}`),
    release: (pin) => tell(`release ${pin}`),
    onEdge: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const { cable } = bench;
  if (cable !== undefined) await tell(`cable ${cable.carries} ${cable.seed}`);
  return {
    name: bench.name,
    kind: 'native',
    ranOn: `a process of this machine (${process.arch}), not silicon`,
    elfPath: program,
    serial: { path, baud: 115_200, ...(cable && { highest: cable.highest }) },
    ended: child.exited.then(
      ({ code, signal }) =>
        new HilError(
          'firmware',
          `the native agent crashed: it ended with ${signal ?? `exit code ${code ?? '?'}`}`,
          'run it under a debugger, or build the native-asan preset',
        ),
    ),
    pins,
  };
}
