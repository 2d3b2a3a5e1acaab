/** A level change of a pin, seen from outside the board. */
export interface PinEdge {
  /** Logical pin, as programs number them. */
  readonly pin: number;
  readonly level: 0 | 1;
  /** Host's monotonic clock, microseconds. */
  readonly timeUs: number;
}

/** Pins driven and watched from outside the board, past the firmware: a bench's hands and eyes. */
export interface PinAccess {
  /** Puts a level on a pin, as a button or a jumper would. */
  drive(pin: number, level: 0 | 1): Promise<void>;
  /** Lets go of a pin that was driven. */
  release(pin: number): Promise<void>;
  /** Reports every level change of an output pin; returns what ends the watching. */
  onEdge(listener: (edge: PinEdge) => void): () => void;
}
