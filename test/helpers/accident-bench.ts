import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import {
  DEFAULT_LADDER,
  loadBench,
  loadBoard,
  recover,
  type BenchSession,
  type Climb,
  type Rung,
} from '../../src/bench/index.ts';
import { compile } from '../../src/compiler/index.ts';
import type { RunRecord } from '../../src/results/index.ts';
import { connectBench, flashBoard, openBench, runOnBench } from '../../src/suite/index.ts';

/** More than any sketch of these tests takes; one that never ended would still end. */
const STEPS = 20_000_000;
const QUIET = { phase: () => undefined, progress: () => undefined, print: () => undefined };

/** Calculates without MOD, DELAY and PRINTF: what the defects are in. */
export const HARMLESS = `int total = 0;
void setup() {
  for (int i = 0; i < 50; i++) {
    total += i * 3;
  }
}
void loop() {
  total++;
}
`;

/** Its loop() executes MOD and DELAY, which {@link HARMLESS} doesn't. */
export const FATAL = `int total = 7;
void setup() {
}
void loop() {
  total = total % 5;
  delay(3);
}
`;

/** Some 4 million steps. */
const LONG = {
  rounds: 5000,
  source: `int total = 0;
void setup() {
}
void loop() {
  for (int i = 0; i < 100; i++) {
    total += i;
  }
}
`,
};

/** A bench that accidents are done to. */
export interface AccidentBench extends AsyncDisposable {
  readonly session: BenchSession;
  /** Runs a sketch, for two rounds of loop() unless told otherwise, with the bench as it is. */
  run(source: string, rounds?: number, onSteps?: () => void): Promise<RunRecord>;
  /** Runs a sketch that takes some seconds. Returns the run when its first steps have been compared. */
  midRun(): Promise<{ readonly running: Promise<RunRecord> }>;
  /** Climbs the default ladder, or a part of it. */
  recover(ladder?: readonly Rung[]): Promise<Climb>;
}

/** Opens a bench and flashes its board. @param firmware instead of the bench's own */
export async function openAccidentBench(
  firmware?: string,
  name = 'emulated',
): Promise<AccidentBench> {
  await using starting = new AsyncDisposableStack();
  const resources = starting.use(new AsyncDisposableStack());
  const bench = await loadBench(name);
  const board = await loadBoard(bench.board);
  const log = pino({ level: 'silent' });
  const { signal } = new AbortController();
  const context = { resources, signal, log, observer: QUIET };
  const open = await openBench({ bench, board, firmware }, context);
  await connectBench(open, context);
  const owned = starting.move();
  const { version: node, platform } = process;
  const environment = { node, platform, harness: 'test' };
  const run: AccidentBench['run'] = (source, loops = 2, onSteps = () => undefined) => {
    const compiled = compile(source, 'accident.ino');
    if (!compiled.ok) throw new Error('the sketch does not compile');
    const program = { vm: 0, program: compiled.program, file: 'accident.ino', sha256: '' };
    const how = { mode: 'digest', clock: 'virtual', steps: STEPS, loops } as const;
    const request = {
      ...{ programs: [program], bench, benchFile: bench.name, board, firmware, ...how },
      ...{ scripted: undefined, reruns: 0, environment },
    };
    return runOnBench(open, request, { ...context, observer: { ...QUIET, progress: onSteps } });
  };
  return {
    session: open.session,
    run,
    midRun: async () => {
      const { promise: begun, resolve } = Promise.withResolvers<undefined>();
      const running = run(LONG.source, LONG.rounds, () => {
        resolve(undefined);
      });
      const ended = running.then(() => Promise.reject(new Error('the run compared nothing')));
      await Promise.race([begun, ended]);
      ended.catch(() => undefined);
      return { running };
    },
    recover: (ladder = DEFAULT_LADDER) =>
      recover(open.session, ladder, {
        flash: async ({ rig }) => {
          await flashBoard(rig, QUIET);
        },
        signal,
        log,
        now: () => performance.now(),
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Process ids of the living children of this process by the name of their program, as far as 15 characters go (proc(5)). */
export async function childrenNamed(name: string): Promise<number[]> {
  const found: number[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
    const [, command, state, parent] = /^\d+ \((.*)\) (\S) (\d+) /.exec(stat) ?? [];
    if (command !== name.slice(0, 15) || Number(parent) !== process.pid || state === 'Z') continue;
    found.push(Number(pid));
  }
  return found;
}

/** What this process has left behind: children that a bench starts, and locks. */
export async function leftBehind(): Promise<string[]> {
  const left: string[] = [];
  for (const name of ['qemu-system-arm', 'openocd', 'gdb-multiarch', 'gdb']) {
    left.push(...(await childrenNamed(name)).map((pid) => `${name} ${pid}`));
  }
  for (const folder of await readdir(tmpdir())) {
    if (!folder.startsWith('cockpit-hil-locks')) continue;
    for (const file of await readdir(join(tmpdir(), folder))) {
      const text = await readFile(join(tmpdir(), folder, file), 'utf8').catch(() => '');
      if (text.includes(`"pid":${process.pid},`)) left.push(file);
    }
  }
  return left;
}
