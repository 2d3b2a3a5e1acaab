import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import {
  CONFIG_FOLDER,
  DEFAULT_LADDER,
  pinCapabilities,
  readIdentity,
  recover,
  takeNucleoProbe,
  type BenchFile,
  type BenchSession,
  type Board,
  type ConnectedBoard,
} from '../bench/index.ts';
import { compile } from '../compiler/index.ts';
import { HilError } from '../errors/index.ts';
import { effectText, runLockstep, type LockstepResult } from '../lockstep/index.ts';
import {
  benchElf,
  measureOnBoard,
  measureVm,
  type HotCode,
  type StartProbe,
  type VmCosts,
} from '../measure/index.ts';
import type { RunRecord } from '../results/index.ts';
import { connectBench, flashBoard, openBench, runOnBench, type OpenBench } from '../suite/index.ts';
import type { Accident, CycleCosts, SketchRun, SketchSettings, ValidationBench } from './bench.ts';
import { BoardLoan, type Borrower } from './board-loan.ts';

/** What a bench is validated with. */
export interface SessionBenchSettings {
  readonly bench: BenchFile;
  readonly benchFile: string;
  readonly board: Board;
  readonly firmware: string | undefined;
  readonly environment: RunRecord['environment'];
  /** Becomes the owner of everything that is started. */
  readonly resources: AsyncDisposableStack;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Takes the probe of a board that counts cycles, while nothing else holds it; left out: a real board's own. */
  readonly takeProbe?: (borrower: Borrower) => Promise<StartProbe>;
}

/** More steps than any sketch of a validation takes; one that never ended would still end. */
const STEPS = 5_000_000;
const FILE = 'validation.ino';
/** The first 2 KiB hold the vector table: without it the firmware can't start (RM0440 3.3.1, pages of 2 or 4 KiB). */
const ERASE = 'flash erase_address pad 0x08000000 0x800';

const QUIET = { phase: () => undefined, progress: () => undefined, print: () => undefined };

function compiled(source: string): Extract<ReturnType<typeof compile>, { ok: true }>['program'] {
  const result = compile(source, FILE);
  if (result.ok) return result.program;
  const [first] = result.diagnostics;
  throw new HilError('harness', `a sketch of the validation: ${first?.message ?? 'not compiled'}`);
}

/** @throws HilError: what in a run is not as it should be */
function checkRun(result: LockstepResult, debug: ReturnType<typeof compiled>['debug']): void {
  const { mismatch, stateChange, endMismatch, state, fault, stopReason } = result;
  if (mismatch !== undefined) {
    const { step, effect, expected } = mismatch;
    const what = `step ${step}: the board says ${effectText(effect, debug)}, the model ${effectText(expected, debug)}`;
    throw new HilError('firmware', what);
  }
  if (fault !== 0) throw new HilError('program', `the sketch stopped with VM error ${fault}`);
  const alike = stateChange === undefined && endMismatch === undefined;
  if (!alike || (state?.differences ?? []).length > 0) {
    throw new HilError('firmware', 'board and model end in different states');
  }
  if (stopReason !== 'loops') {
    throw new HilError('firmware', `the sketch ended by ${stopReason ?? 'nothing known'}`);
  }
}

/** A bench of hil-config, opened for its validation. */
export class SessionBench implements ValidationBench {
  readonly name: string;
  readonly kind: BenchFile['kind'];
  readonly board: Board;
  readonly #settings: SessionBenchSettings;
  readonly #open: OpenBench;
  readonly #loan: BoardLoan;

  private constructor(settings: SessionBenchSettings, open: OpenBench) {
    this.#settings = settings;
    this.#open = open;
    this.name = settings.bench.name;
    this.kind = settings.bench.kind;
    this.board = settings.board;
    const lender = {
      close: () => this.#session.close(),
      restore: async () => {
        await this.#session.reopen();
        await connectBench(this.#open, { observer: QUIET });
      },
    };
    this.#loan = new BoardLoan(lender, settings.signal);
  }

  /** Opens the bench, flashes its board if it must be, and waits for the agent. */
  static async open(settings: SessionBenchSettings): Promise<SessionBench> {
    const open = await openBench(settings, { ...settings, observer: QUIET });
    await connectBench(open, { observer: QUIET });
    return new SessionBench(settings, open);
  }

  get #session(): BenchSession {
    return this.#open.session;
  }

  get #connected(): ConnectedBoard {
    const { connected } = this.#session;
    if (connected === undefined) throw new HilError('rig', 'the board is not connected');
    return connected;
  }

  /** SHA-256 of the firmware that the bench was opened with. */
  get firmwareSha256(): string {
    return this.#open.firmware.sha256;
  }

  get ranOn(): string {
    return this.#session.rig.ranOn;
  }

  get hello(): ConnectedBoard['hello'] {
    return this.#connected.hello;
  }

  get pins(): ValidationBench['pins'] {
    return this.#session.rig.pins;
  }

  get baud(): number | undefined {
    if (this.#session.rig.serial.highest === undefined) return undefined;
    return this.#connected.agent.channel.speed.baud;
  }

  sweepRates(rounds: number): ReturnType<ValidationBench['sweepRates']> {
    return this.#session.sweepRates(rounds);
  }

  identity(): ReturnType<typeof readIdentity> {
    return readIdentity(this.#session);
  }

  health(): ReturnType<ValidationBench['health']> {
    return this.#connected.agent.board();
  }

  async reflash(): ReturnType<ValidationBench['reflash']> {
    const { probe } = this.#session;
    if (probe === undefined) return undefined;
    await probe.openocd.command('reset halt', { doing: 'halting the board' });
    await probe.openocd.command(ERASE, { doing: 'erasing the beginning of the flash' });
    const first = await probe.flash();
    const second = await probe.flash();
    await this.#session.connect();
    const verified = first.durationsMs.verify !== undefined;
    return { first: first.action, second: second.action, bytes: first.bytes, verified };
  }

  echo(bytes: Uint8Array): Promise<Uint8Array> {
    return this.#connected.agent.echo(bytes);
  }

  async clockUs(): Promise<number> {
    return (await this.#connected.agent.status(0)).us;
  }

  lineTrouble(): { badFrames: number; repeats: number } {
    const { badFrames, repeats } = this.#connected.agent.channel.counters;
    return { badFrames, repeats };
  }

  async sketch(source: string, { clock }: SketchSettings): Promise<SketchRun> {
    const { agent, hello } = this.#connected;
    const { board } = this;
    const program = compiled(source);
    const from = performance.now();
    const result = await runLockstep({
      agent,
      vm: 0,
      program,
      // Every step is compared all the same, and the line hardly slows the VM down.
      comparison: { mode: 'digest', epoch: hello.epoch },
      clock,
      steps: STEPS,
      loops: 1,
      pins: pinCapabilities(board, hello),
      buttons: board.buttons.length,
      now: () => performance.now(),
    });
    const ms = performance.now() - from;
    checkRun(result, program.debug);
    const text = Buffer.concat(result.printed).toString('utf8');
    const lines = text.split('\n').filter((line) => line !== '');
    return { lines, steps: result.stepsCompared, ms };
  }

  async accident(defect: string, source: string): Promise<Accident | { readonly build: string }> {
    const folder = `build/firmware/nucleo-harness-${defect}`;
    const elf = resolve(CONFIG_FOLDER, '..', folder, 'cockpit-agent.elf');
    const missing = await access(elf).then(
      () => false,
      () => true,
    );
    if (missing) {
      const into = join('..', folder);
      return {
        build: `cd firmware && cmake --preset nucleo-harness -B ${into} -DCVM_TEST_DEFECT=${defect} && cmake --build ${into} --target cockpit-agent`,
      };
    }
    return this.#loan.lend((borrower) => this.#die(elf, source, borrower));
  }

  async cycles(): Promise<CycleCosts | undefined> {
    const take = this.#takeProbe();
    if (take === undefined) return undefined;
    const elfOf = (hot: HotCode): Promise<string> => benchElf({ dispatch: 'switch', hot });
    const elves = { flash: await elfOf('flash'), ccm: await elfOf('ccm') };
    return this.#loan.lend(async (borrower) => {
      const start = await take(borrower);
      const measure = (elf: string): Promise<VmCosts> =>
        measureVm((jobs) => measureOnBoard(start, elf, jobs));
      return { flash: await measure(elves.flash), ccm: await measure(elves.ccm) };
    });
  }

  #takeProbe(): SessionBenchSettings['takeProbe'] {
    const { bench, board, log, takeProbe } = this.#settings;
    if (takeProbe !== undefined || bench.kind !== 'nucleo') return takeProbe;
    return (borrower) => takeNucleoProbe(bench, board, { ...borrower, log });
  }

  /** Runs a sketch with firmware that dies in it, and climbs the bench's ladder. */
  async #die(firmware: string, source: string, borrower: Borrower): Promise<Accident> {
    const { bench, benchFile, board, environment, log } = this.#settings;
    const context = { ...borrower, log, observer: QUIET };
    const open = await openBench({ bench, board, firmware }, context);
    await connectBench(open, context);
    const program = { vm: 0, program: compiled(source), file: FILE, sha256: '' };
    const how = { mode: 'digest', clock: 'virtual', steps: STEPS, loops: 2 } as const;
    const record = await runOnBench(
      open,
      {
        ...{ ...how, bench, benchFile, board, firmware, environment },
        ...{ programs: [program], scripted: undefined, reruns: 0 },
      },
      context,
    );
    const { rungs } = await this.#climb(open.session);
    const { outcome, causeClass = 'none', summary } = record.verdict;
    const { backtrace = [], fault = [] } = record.forensics ?? {};
    const mendedBy = rungs.find(({ ok }) => ok)?.rung;
    return { outcome, causeClass, summary, evidence: [...backtrace, ...fault], mendedBy };
  }

  /** Closes the line and ends what the board is lent to, so that whatever waits for the board ends. */
  async cut(): Promise<void> {
    await this.#loan.cut();
    await this.#session.disconnect();
  }

  /** Makes sure that the board answers, by the recovery ladder if it must be. */
  async revive(): Promise<boolean> {
    const { signal, log } = this.#settings;
    const session = this.#session;
    try {
      await this.#loan.giveBack();
      if (!session.opened) await session.reopen();
      if (session.connected === undefined) await session.connect();
      const { agent } = await session.confirm();
      await agent.stop(0);
      return true;
    } catch (error) {
      signal.throwIfAborted();
      log.info({ err: error }, 'the board is to be recovered');
    }
    return (await this.#climb(session)).recovered;
  }

  #climb(session: BenchSession): ReturnType<typeof recover> {
    const { bench, signal, log } = this.#settings;
    return recover(session, bench.recovery ?? DEFAULT_LADDER, {
      flash: async ({ rig }) => {
        await flashBoard(rig, QUIET);
      },
      signal,
      log,
      now: () => performance.now(),
    });
  }
}
