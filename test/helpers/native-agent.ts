import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import { z } from 'zod';
import { OwnedChild, withDeadline } from '../../src/process/index.ts';

const PROGRAM = resolve(import.meta.dirname, '../../build/firmware/native/cockpit-agent');
/** The agent opens a pseudo-terminal and says where; the rest is for a machine under full load. */
const START_TIMEOUT_MS = 10_000;

/** The C agent as a process of this machine. */
export interface NativeAgent extends AsyncDisposable {
  readonly child: OwnedChild;
  /** Its serial port. */
  readonly path: string;
}

/** Starts the native agent; `./scripts/setup` builds it. @param program another build of it */
export async function startNativeAgent(program = PROGRAM): Promise<NativeAgent> {
  const child = await OwnedChild.start(program, []);
  const lines = createInterface({ input: child.stdout });
  const first = new Promise<string>((done) => lines.once('line', done));
  const text = await withDeadline(first, START_TIMEOUT_MS, 'the native agent to start');
  const { serial } = z.object({ serial: z.string() }).parse(JSON.parse(text));
  return {
    child,
    path: serial,
    [Symbol.asyncDispose]: async () => {
      // One that was stopped by a signal would not see SIGTERM.
      if (child.running) child.signal('SIGCONT');
      await child.stop();
    },
  };
}
