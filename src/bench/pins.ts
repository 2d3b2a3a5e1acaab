/** A level change of a pin, seen from outside the board. */
export interface PinEdge {
  /** Logical pin, as programs number them. */
  readonly pin: number;
  readonly level: 0 | 1;
  /** Host's monotonic clock in microseconds; on the emulated board when the change was reported, some 0.1 ms after it happened. */
  readonly timeUs: number;
}

/** Pins driven and watched from outside the board, past the firmware: a bench's hands and eyes. */
export interface PinAccess {
  /** Puts a level on a pin, as a button or a jumper would. */
  drive(pin: number, level: 0 | 1): Promise<void>;
  /** Lets go of a pin that was driven. */
  release(pin: number): Promise<void>;
  /** Reports every level change of a pin, on the emulated board of driven ones too; returns what ends the watching. */
  onEdge(listener: (edge: PinEdge) => void): () => void;
}
