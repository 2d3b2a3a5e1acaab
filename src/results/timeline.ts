/** What one program did over time, by the model: everything that a waveform viewer can show. Times are us on the model's clock. */
export interface ProgramTimeline {
  readonly vmName: string;
  readonly file: string;
  /** Changes of digital outputs, as [time, pin, level]. */
  readonly pins: readonly (readonly [number, number, 0 | 1])[];
  /** When rounds of loop() began; the first one at its place in the list. */
  readonly rounds: readonly number[];
  readonly prints: readonly { readonly timeUs: number; readonly text: string }[];
  /** Steps made by the times at which something happened, as [time, steps]. */
  readonly steps: readonly (readonly [number, number])[];
  /** What the program faulted with, and when. */
  readonly fault?: { readonly timeUs: number; readonly name: string };
  /** When the wrong step was made. */
  readonly divergedUs?: number;
  readonly endUs: number;
  /** Events beyond those that are kept. */
  readonly omitted: number;
  /** Steps of the run beyond those that were looked at. */
  readonly stepsOmitted: number;
}
