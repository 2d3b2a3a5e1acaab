import { crc32 } from 'node:zlib';
import type { DigestItem, Ring } from '../agent/index.ts';
import { HilError } from '../errors/index.ts';
import type { Status } from '../wire/index.ts';
import { DigestVerifier } from './digest-verifier.ts';
import { readState } from './end.ts';
import { compareState, type StateComparison } from './final-state.ts';
import type { LineDoubt } from './doubt.ts';
import type { Mismatch } from './mismatch.ts';
import type { ModelSettings } from './model-side.ts';
import type { LockstepSettings } from './settings.ts';

/** In these steps, the last one included, the state was changed by something that no step's effect shows. */
export interface StateChange {
  readonly epoch: number;
  readonly firstStep: number;
  readonly lastStep: number;
}

/** What is wrong with a digest run; nothing when `status` says how it ended. */
export interface DigestFinding {
  readonly mismatch?: Mismatch;
  readonly stateChange?: StateChange;
  /** Both states after the change of one, when the board could still be asked. */
  readonly state?: StateComparison;
  readonly status?: Status;
}

/** Settings of a digest run. */
export type DigestSettings = LockstepSettings & { readonly comparison: { readonly epoch: number } };

/** A board's digest run beside the reference model. */
export class DigestRun {
  readonly verifier: DigestVerifier;
  readonly #settings: DigestSettings;
  readonly #imageCrc: number;
  readonly #doubt: LineDoubt;
  #told = 0;

  /** @param image as it was uploaded */
  constructor(settings: DigestSettings, model: ModelSettings, image: Uint8Array, doubt: LineDoubt) {
    this.#settings = settings;
    this.#doubt = doubt;
    this.#imageCrc = crc32(image);
    this.verifier = new DigestVerifier(settings.program, model, settings.comparison.epoch);
    settings.onExaminer?.(async (ring) =>
      this.#isOurs(ring) ? this.verifier.examine(ring) : undefined,
    );
  }

  /** Follows the board to the end of the run or to the first epoch that differs. */
  async follow(): Promise<DigestFinding> {
    const { verifier } = this;
    const { line } = this.#settings.agent.channel;
    // While an emulated port hands over a checkpoint byte by byte there is nothing better to do.
    const unsubscribe = line.onBegin(() => {
      verifier.anticipate();
    });
    try {
      return await this.#follow();
    } finally {
      unsubscribe();
      verifier.retract();
    }
  }

  async #follow(): Promise<DigestFinding> {
    const { agent, vm, clock, steps, loops, comparison } = this.#settings;
    const { verifier } = this;
    const items = agent.digest(vm, { clock, steps, loops, epoch: comparison.epoch });
    for await (const item of items) {
      if (item.kind === 'done') return { status: item.status };
      const { number } = item.epoch;
      const firstStep = verifier.steps;
      const agreement = verifier.verify(item.epoch);
      if (agreement !== 'agreed')
        await this.#doubt.confirm(`epoch ${number}`, item.epoch, () =>
          agent.epochAgain(vm, item.epoch, comparison.epoch),
        );
      if (agreement === 'effects') {
        const mismatch = await this.#localise(number, firstStep);
        this.#tell();
        return { mismatch };
      }
      if (agreement === 'state') {
        this.#tell();
        const stateChange = { epoch: number, firstStep, lastStep: verifier.steps - 1 };
        const state = await this.#compareStates(items);
        return { stateChange, ...(state === undefined ? {} : { state }) };
      }
      agent.acknowledge(vm, number + 1);
      this.#report();
    }
    throw new HilError('harness', 'a digest run ended without saying how');
  }

  #isOurs({ header }: Ring): boolean {
    const { vm, comparison } = this.#settings;
    return (
      header.vm === vm && header.size === comparison.epoch && header.imageCrc === this.#imageCrc
    );
  }

  /** Names the wrong step, with the board's ring. */
  async #localise(epoch: number, firstStep: number): Promise<Mismatch> {
    const { agent, vm } = this.#settings;
    let why = 'it is not of this run';
    let cause: unknown;
    try {
      await agent.stop(vm);
      const ring = await agent.ring(vm);
      if (ring !== undefined && this.#isOurs(ring)) {
        if (ring.header.epoch <= epoch + 1) return await this.verifier.localise(ring);
        // Acknowledgements have no check: a damaged one may have said more.
        agent.channel.noteContradiction();
        why = 'the board has overwritten it, believing that it was acknowledged';
      }
    } catch (error) {
      if (!(error instanceof HilError)) throw error;
      [why, cause] = [error.message, error];
    }
    throw new HilError(
      'firmware',
      `board and reference model part in epoch ${epoch}, which begins at step ${firstStep}, but the board's ring doesn't say where: ${why}`,
      'run it again with --mode trace, or look at the board with the debug probe',
      { cause },
    );
  }

  /**
   * Stops the board, takes the model as far as the board has come by then, and compares what both hold.
   * @returns undefined when the board could not be asked any more
   */
  async #compareStates(rest: AsyncIterable<DigestItem>): Promise<StateComparison | undefined> {
    const { agent, vm, program } = this.#settings;
    const { verifier } = this;
    try {
      await agent.stop(vm);
      for await (const item of rest) {
        if (item.kind === 'done') {
          const board = await readState(agent, vm, item.status);
          verifier.retract();
          return compareState(verifier.model.state(), board, program.debug);
        }
        verifier.verify(item.epoch);
      }
    } catch (error) {
      if (!(error instanceof HilError)) throw error;
    }
    return undefined;
  }

  /** Hands on what was printed in steps that agreed. */
  #tell(): void {
    const { printed } = this.verifier;
    for (const text of printed.slice(this.#told)) this.#settings.onPrint?.(text);
    this.#told = printed.length;
  }

  #report(): void {
    const { model, steps } = this.verifier;
    this.#tell();
    this.#settings.onProgress?.({ steps, rounds: model.rounds });
  }
}
