import type { Logger } from 'pino';
import {
  DEFAULT_LADDER,
  readIdentity,
  recover,
  type BenchFile,
  type Board,
} from '../bench/index.ts';
import { errorText, HilError } from '../errors/index.ts';
import { requireValidation, type RunRecord } from '../results/index.ts';
import {
  connectBench,
  flashBoard,
  footprintOf,
  openBench,
  runOnBench,
  type OpenBench,
  type RunObserver,
} from '../suite/index.ts';
import { foundOn } from './needs.ts';
import type { PlannedCase } from './plan.ts';
import type { AttemptProgress, Station, StationFacts } from './station.ts';

/** What a bench is used with. */
export interface BenchStationSettings {
  /** What the nightly calls it: the bench's name, numbered where it is used several times. */
  readonly name: string;
  readonly bench: BenchFile;
  /** The name or path that the bench was loaded by. */
  readonly file: string;
  readonly board: Board;
  readonly environment: RunRecord['environment'];
  readonly log: Logger;
  /** Oldest validation of its board, in days, with which the bench is used; undefined: none is asked for. */
  readonly validatedWithin?: number | undefined;
}

/** A bench of hil-config, held open from case to case. */
export class BenchStation implements Station, AsyncDisposable {
  readonly name: string;
  readonly kind: BenchFile['kind'];
  readonly file: string;
  readonly #settings: BenchStationSettings;
  readonly #log: Logger;
  #open: OpenBench | undefined;
  #reopened = 0;
  #owner = new AsyncDisposableStack();

  constructor(settings: BenchStationSettings) {
    this.name = settings.name;
    this.kind = settings.bench.kind;
    this.file = settings.file;
    this.#settings = settings;
    this.#log = settings.log.child({ bench: settings.name });
  }

  async open(firmware: string | undefined, signal: AbortSignal): Promise<StationFacts> {
    await this.close();
    signal.throwIfAborted();
    const { bench, board } = this.#settings;
    const observer = this.#observer(() => undefined);
    const context = { resources: this.#owner, signal, log: this.#log, observer };
    const open = await openBench({ bench, board, firmware }, context);
    this.#open = open;
    const { session } = open;
    const { hello } = await connectBench(open, context);
    const identity = await readIdentity(session);
    this.#log.info({ identity }, 'identity');
    await this.#checkValidated(identity.uid);
    const { ranOn, pins, probe } = session.rig;
    // Of a case's own firmware nobody asks for it.
    const footprint = firmware === undefined ? await footprintOf(open.firmware.copy) : undefined;
    return {
      ranOn,
      ...(footprint === undefined ? {} : { footprint }),
      identity: { ...identity, firmwareSha256: open.firmware.sha256 },
      board,
      has: foundOn(bench.kind, { hello, pins: pins !== undefined, probe: probe !== undefined }),
    };
  }

  async run(
    planned: PlannedCase,
    progress: AttemptProgress,
    signal: AbortSignal,
    onSteps: (steps: number) => void,
  ): Promise<RunRecord> {
    const open = this.#opened();
    const { rig } = open.session;
    const steps = new Map<number, number>();
    const logged = this.#observer((vm, count) => {
      steps.set(vm, count);
      progress.steps = [...steps.values()].reduce((sum, one) => sum + one, 0);
      onSteps(progress.steps);
    });
    const observer: RunObserver = {
      ...logged,
      phase: (name, text) => {
        progress.phase = name;
        logged.phase(name, text);
      },
    };
    const cut = (): void => {
      open.session.disconnect().catch((error: unknown) => {
        this.#log.error({ err: error }, 'closing the line of an attempt that was cut');
      });
    };
    signal.addEventListener('abort', cut);
    const log = this.#log.child({ case: planned.id });
    try {
      const context = { resources: this.#owner, signal, log, observer };
      return await runOnBench(open, this.#request(planned, open), context);
    } finally {
      signal.removeEventListener('abort', cut);
      if (open.session.opened && open.session.rig !== rig) this.#reopened += 1;
    }
  }

  get reopened(): number {
    return this.#reopened;
  }

  async answers(): Promise<boolean> {
    const { session } = this.#opened();
    if (session.connected === undefined) return false;
    try {
      await session.confirm();
      return true;
    } catch (error) {
      this.#log.info({ text: errorText(error) }, 'no answer');
      return false;
    }
  }

  recover(signal: AbortSignal): ReturnType<Station['recover']> {
    const observer = this.#observer(() => undefined);
    const { bench } = this.#settings;
    return recover(this.#opened().session, bench.recovery ?? DEFAULT_LADDER, {
      flash: async ({ rig }) => {
        await flashBoard(rig, observer);
      },
      signal,
      log: this.#log,
      now: () => performance.now(),
    });
  }

  async close(): Promise<void> {
    const owner = this.#owner;
    this.#open = undefined;
    this.#reopened = 0;
    this.#owner = new AsyncDisposableStack();
    await owner.disposeAsync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #opened(): OpenBench {
    if (this.#open !== undefined) return this.#open;
    throw new HilError('harness', `bench ${this.name} is not open`);
  }

  #request(planned: PlannedCase, { firmware }: OpenBench): Parameters<typeof runOnBench>[1] {
    const { bench, board, file, environment } = this.#settings;
    const { programs, mode, clock, steps, loops, scripted, reruns } = planned;
    const own = planned.firmware === undefined ? undefined : firmware.path;
    const run = { programs, mode, clock, steps, loops, scripted, reruns };
    return { ...run, bench, benchFile: file, board, firmware: own, environment };
  }

  /** @throws HilError (rig): no validation of this board that is new enough */
  async #checkValidated(uid: string): Promise<void> {
    const { validatedWithin: withinDays, bench } = this.#settings;
    if (withinDays === undefined) return;
    const { id } = await requireValidation({ uid, bench: bench.name, withinDays, now: new Date() });
    this.#log.info({ validation: id }, 'the board was validated');
  }

  /** Phases go to the log: on the terminal several benches would mix. */
  #observer(progress: (vm: number, steps: number) => void): RunObserver {
    return {
      phase: (name, text) => {
        this.#log.info({ phase: name }, text);
      },
      progress,
      print: () => undefined,
    };
  }
}
