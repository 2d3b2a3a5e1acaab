import { isDeepStrictEqual } from 'node:util';
import { RestartError, type Agent } from '../agent/index.ts';
import { HilError } from '../errors/index.ts';
import { DamageWatch, RefusalError } from '../link/index.ts';

const FIX = 'check the line, and run it again';

/** Keeps a VM from being blamed for what the line to its board did. For one run. */
export class LineDoubt {
  readonly #agent: Agent;
  readonly #watch: DamageWatch;

  constructor(agent: Agent) {
    this.#agent = agent;
    this.#watch = new DamageWatch(agent.channel);
  }

  /**
   * Asks again for what a finding rests on, since one damaged frame in 65,536 passes its check.
   * @param what completes "… was another when …"
   * @param again resolves to undefined when the board doesn't tell any more
   * @throws HilError (link) when it is another now; also when it isn't told, on a line that has shown damage
   */
  async confirm<T>(what: string, told: T, again: () => Promise<T | undefined>): Promise<void> {
    let repeated: T | undefined;
    try {
      repeated = await again();
    } catch (error) {
      if (!(error instanceof HilError)) throw error;
    }
    if (isDeepStrictEqual(repeated, told)) return;
    if (repeated === undefined) {
      this.whenDamaged(`${what} was wrong and could not be asked for again`);
      return;
    }
    this.#agent.channel.noteContradiction();
    throw new HilError('link', `${what} was another when it was asked for again`, FIX);
  }

  /** @throws HilError (link) when the line has shown damage in this run */
  whenDamaged(what: string): void {
    const seen = this.#watch.seen();
    if (seen !== undefined)
      throw new HilError('link', `${what}, on a line that showed damage in this run: ${seen}`, FIX);
  }

  /**
   * The same error, or one of class link in its place when it blames board or program and can come from damage that the line has
   * shown in this run, or from its end. That the board restarted can't: no damage makes a REBOOT of another request.
   */
  blamed(error: unknown): unknown {
    const blames = error instanceof HilError && error.causeClass === 'firmware';
    if (error instanceof RestartError || !(blames || error instanceof RefusalError)) return error;
    const seen = this.#watch.seen();
    if (seen === undefined && this.#agent.channel.ended === undefined) return error;
    const damage = seen === undefined ? '' : `; on a line that showed damage in this run: ${seen}`;
    return new HilError('link', `${error.message}${damage}`, FIX, { cause: error });
  }
}
