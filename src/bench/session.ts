import type { Logger } from 'pino';
import { HilError } from '../errors/index.ts';
import type { BenchFile } from './bench-file.ts';
import type { Board } from './board.ts';
import { connectBoard, openRig, type ConnectedBoard } from './open.ts';
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
    await session.#openRig();
    return session;
  }

  /** @throws HilError (harness) between {@link close} and {@link reopen} */
  get rig(): Rig {
    if (this.#rig === undefined) {
      throw new HilError('harness', `bench ${this.settings.bench.name} is closed`);
    }
    return this.#rig;
  }

  /** The agent, once {@link connect} has found it to be the right one. */
  get connected(): ConnectedBoard | undefined {
    return this.#connected;
  }

  /**
   * Opens the serial line, closing the one before, and waits for the agent.
   * @param flash what is done to the board while the line is open and before the agent is asked; usually flashing
   * @throws HilError: no such port, no answer, or another board or firmware than expected
   */
  async connect(flash?: () => Promise<void>): Promise<ConnectedBoard> {
    await this.disconnect();
    const { board, log } = this.settings;
    const settings = { board, log, resources: this.#lineOwner };
    const connected = await connectBoard(
      this.rig,
      flash === undefined ? settings : { ...settings, flash },
    );
    this.#connected = connected;
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
  async reopen(): Promise<void> {
    await this.close();
    await this.#openRig();
  }

  /** Ends everything that was started for the bench. */
  async close(): Promise<void> {
    await this.disconnect();
    this.#rig = undefined;
    const owner = this.#rigOwner;
    this.#rigOwner = new AsyncDisposableStack();
    await owner.disposeAsync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #openRig(): Promise<void> {
    this.#rig = await openRig(this.settings.bench, {
      ...this.settings,
      resources: this.#rigOwner,
    });
  }
}
