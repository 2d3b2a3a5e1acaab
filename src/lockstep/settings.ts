import type { Agent, Ring } from '../agent/index.ts';
import type { Program } from '../image/index.ts';
import type { PinCapability } from '../vm/index.ts';
import type { Clock } from './inputs.ts';
import type { LastSteps } from './last-steps.ts';

/** How much of a run is compared; docs/lockstep.md. */
export type Mode = 'digest' | 'trace' | 'free';

/** What to run and for how long. */
export interface LockstepSettings {
  readonly agent: Agent;
  /** VM on the board, 0..3. */
  readonly vm: number;
  readonly program: Program;
  /** How it is compared; every step's effect is sent when this is left out. `epoch`: most steps of an epoch, at most the board's. */
  readonly comparison?:
    { readonly mode: 'trace' | 'free' } | { readonly mode: 'digest'; readonly epoch: number };
  readonly clock: Clock;
  /** Most steps, 1..4294967295. */
  readonly steps: number;
  /** Rounds of loop(); 0 = no such limit. */
  readonly loops: number;
  /** The board's pins by logical number; undefined where there is none. */
  readonly pins: readonly (PinCapability | undefined)[];
  /** The board's button ids are 0..buttons-1. */
  readonly buttons: number;
  /** The value that the board was told to give its program at a read of a port, counted from 0; undefined when it is live. */
  readonly scripted?: ((port: number, read: number) => number | undefined) | undefined;
  /** Host's monotonic clock, milliseconds. */
  readonly now: () => number;
  /** Called when the program has been uploaded; it runs when the promise resolves. */
  readonly onUploaded?: (bytes: number) => Promise<void>;
  /** Called after each batch of steps that agreed. */
  readonly onProgress?: (progress: { readonly steps: number; readonly rounds: number }) => void;
  /**
   * Called with each text that was printed in a step that agreed: as the board sent it in a traced run, as the model printed it in a
   * digest run, where the board tells its hash only.
   */
  readonly onPrint?: (text: Uint8Array) => void;
  /**
   * Called at the start of a digest run with what tells from the board's ring how far it came, for when it falls silent and its ring
   * is read by other means. It answers undefined when the ring is not that of this run.
   */
  readonly onExaminer?: (examine: RingExaminer) => void;
}

export type RingExaminer = (ring: Ring) => Promise<LastSteps | undefined>;
