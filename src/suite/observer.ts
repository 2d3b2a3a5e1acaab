/** Where a run's progress goes. */
export interface RunObserver {
  /** A phase has begun or got further; `text` is one line. */
  phase(name: string, text: string): void;
  /** A VM's steps that agreed so far, and the round of loop() it is in. */
  progress(vm: number, steps: number, rounds: number): void;
  /** A text that a VM printed and the model agrees with. */
  print(vm: number, text: Uint8Array): void;
}

/** A rerun's progress is nobody's news. */
export const QUIET: RunObserver = {
  phase: () => undefined,
  progress: () => undefined,
  print: () => undefined,
};
