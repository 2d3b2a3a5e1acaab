import type { Logger } from 'pino';
import type { HilError } from '../errors/index.ts';
import type { BenchFile } from './bench-file.ts';
import type { BoardProbe } from './board-probe.ts';
import type { Board } from './board.ts';
import type { PinAccess } from './pins.ts';

/** What a rig is opened with. */
export interface RigSettings {
  readonly board: Board;
  /** ELF to use instead of the bench file's. */
  readonly firmware: string | undefined;
  /** Becomes the owner of everything that is started, as it is started. */
  readonly resources: AsyncDisposableStack;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** A bench that is powered and wired, before anyone has spoken to the firmware. */
export interface Rig {
  readonly name: string;
  readonly kind: BenchFile['kind'];
  /** What runs the firmware, in words. Says plainly when it is no silicon. */
  readonly ranOn: string;
  /** The firmware: an ELF for the STM32G474, or the host program of the native bench. */
  readonly elfPath: string;
  /** A serial port, or a Unix socket that stands for one. */
  readonly serial: (
    | { readonly path: string; readonly baud: number }
    | {
        readonly socket: string;
        /** What the far end takes in at least. */
        readonly bytesPerMs: number;
      }
  ) & {
    /** Wraps a write to the line, where the far end needs help to take bytes in. */
    readonly whileWriting?: (write: () => Promise<void>, bytes: number) => Promise<void>;
    /** The highest rate that is tried, bits per second; absent where the line keeps the one it has, or has none. */
    readonly highest?: number;
  };
  /** How long the agent's loop may stand still before its watchdog resets the board; absent where none is wanted. */
  readonly watchdogMs?: number;
  /** Absent on a bench without a debug probe. */
  readonly probe?: BoardProbe;
  /** Resolves, on a bench whose board is a process, when that process has ended: with what became of it. */
  readonly ended?: Promise<HilError>;
  /** Absent on a bench whose pins cannot be reached. */
  readonly pins?: PinAccess;
}
