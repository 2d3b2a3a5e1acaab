import type { Logger } from 'pino';
import { HilError } from '../errors/index.ts';
import type { BenchFile } from './bench-file.ts';
import type { Board } from './board.ts';
import type { BoardProbe } from './board-probe.ts';
import {
  confirmIdentity,
  connectBoard,
  openRig,
  raiseRate,
  type ConnectedBoard,
  type ConnectSettings,
} from './open.ts';
import { climb, ladderTo, rateOf, type RateTrial } from './rate.ts';
import type { Rig } from './rig.ts';

/** What a bench is opened with. */
export interface SessionSettings {
  readonly bench: BenchFile;
  readonly board: Board;
  /** The firmware to flash: an ELF, or the host program of a native bench. */
  readonly firmware: string;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/**
 * A bench in use, for one run or for many: what is powered and attached, and the agent that answers. Disposing it ends every child
 * process and frees every lock it has taken.
 */
export class BenchSession implements AsyncDisposable {
  readonly settings: SessionSettings;
  #rig: Rig | undefined;
  #connected: ConnectedBoard | undefined;
  #ended: HilError | undefined;
  /** The rate that the line held last; until the bench is opened anew none above it is tried. */
  #held: number | undefined;
  #rigOwner = new AsyncDisposableStack();
  #lineOwner = new AsyncDisposableStack();

  private constructor(settings: SessionSettings) {
    this.settings = settings;
  }

  /**
   * Powers a bench and attaches its probe; nothing is flashed yet.
   * @param owner becomes the owner of the session
   */
  static async open(settings: SessionSettings, owner: AsyncDisposableStack): Promise<BenchSession> {
    const session = owner.use(new BenchSession(settings));
    await session.#openRig(settings.signal);
    return session;
  }

  /** @throws HilError (harness) between {@link close} and {@link reopen} */
  get rig(): Rig {
    if (this.#rig === undefined) {
      throw new HilError('harness', `bench ${this.settings.bench.name} is closed`);
    }
    return this.#rig;
  }

  /** Whether there is a rig. */
  get opened(): boolean {
    return this.#rig !== undefined;
  }

  /** The debug probe of an open bench that has one. */
  get probe(): BoardProbe | undefined {
    return this.#rig?.probe;
  }

  /** What ended the process that the board is, on such a bench; undefined while it runs. */
  get ended(): HilError | undefined {
    return this.#ended;
  }

  /** The agent, once {@link connect} has found it to be the right one. */
  get connected(): ConnectedBoard | undefined {
    return this.#connected;
  }

  /**
   * Opens the serial line, closing the one before, and waits for the agent.
   * @throws HilError: no such port, no answer, or another board or firmware than expected
   */
  async connect(
    settings: Pick<ConnectSettings, 'beforeHello' | 'hello'> = {},
  ): Promise<ConnectedBoard> {
    await this.disconnect();
    const { board, log } = this.settings;
    const owner = this.#lineOwner;
    const highest = this.#held;
    const how = { ...settings, board, log, resources: owner, highest };
    const connected = await connectBoard(this.rig, how);
    if (this.#lineOwner !== owner) throw new HilError('harness', 'the line was closed meanwhile');
    this.#note(connected);
    return connected;
  }

  /**
   * Has the connected agent say again who it is: between two runs a board may have been flashed, exchanged or restarted.
   * @throws HilError (rig): it doesn't answer, or is another one than {@link connect} found
   */
  async confirm(): Promise<ConnectedBoard> {
    if (this.#connected === undefined) throw new HilError('harness', 'no board is connected');
    this.#connected = await confirmIdentity(this.#connected);
    const { agent, hello, rate } = this.#connected;
    if (rate === undefined || agent.channel.speed.baud === rate.baud) return this.#connected;
    const again = await raiseRate(agent, hello, rate.baud, this.settings.log);
    return this.#note({ ...this.#connected, ...(again && { rate: again }) });
  }

  /**
   * Tries every rate of the line and leaves it at the highest that holds.
   * @param rounds how often all patterns are sent at each
   * @returns the rates, rising; undefined on a line without a rate
   */
  async sweepRates(rounds: number): Promise<readonly RateTrial[] | undefined> {
    if (this.#connected === undefined) throw new HilError('harness', 'no board is connected');
    const { agent, hello, rate } = this.#connected;
    const { highest } = this.rig.serial;
    if (rate === undefined || highest === undefined) return undefined;
    const { channel } = agent;
    const ladder = ladderTo(highest, channel, hello.rate);
    const { trials, held } = await climb(agent, { ladder, rounds, all: true });
    this.#note({ ...this.#connected, rate: rateOf(trials, held) });
    return trials;
  }

  #note(connected: ConnectedBoard): ConnectedBoard {
    this.#connected = connected;
    this.#held = connected.rate?.baud;
    return connected;
  }

  /** Closes the serial line. */
  async disconnect(): Promise<void> {
    this.#connected = undefined;
    const owner = this.#lineOwner;
    this.#lineOwner = new AsyncDisposableStack();
    await owner.disposeAsync();
  }

  /** Ends everything that was started for the bench and begins anew: on an emulated bench, a power cycle. */
  async reopen(signal = this.settings.signal): Promise<void> {
    await this.close();
    await this.#openRig(signal);
  }

  /** Ends everything that was started for the bench. */
  async close(): Promise<void> {
    await this.disconnect();
    this.#rig = undefined;
    this.#ended = undefined;
    this.#held = undefined;
    const owner = this.#rigOwner;
    this.#rigOwner = new AsyncDisposableStack();
    await owner.disposeAsync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #openRig(signal: AbortSignal): Promise<void> {
    const owner = this.#rigOwner;
    try {
      const rig = await openRig(this.settings.bench, {
        ...this.settings,
        signal,
        resources: owner,
      });
      this.#rig = rig;
      void rig.ended?.then((why) => {
        if (this.#rig === rig) this.#ended = why;
      });
    } catch (error) {
      // What was started before the failure: the next try would find the probe's lock taken.
      if (this.#rigOwner === owner) this.#rigOwner = new AsyncDisposableStack();
      await owner.disposeAsync();
      throw error;
    }
  }
}
