/**
 * Errors that a user meets. Each names whose fault it is, the value that was wrong and what to do about it;
 * the CLI prints them as one line, without a stack trace.
 */

export { didYouMean, nearest } from './suggest.ts';

/**
 * Whose fault a failed run is (docs/divergence.md). `firmware`: the board's, where nothing tells more. `usage` is a mistake on
 * the command line or in a file handed in.
 */
export const CAUSE_CLASSES = [
  'program',
  'model',
  'semantics',
  'toolchain',
  'hardware',
  'transient',
  'firmware',
  'link',
  'rig',
  'harness',
  'usage',
] as const;
export type CauseClass = (typeof CAUSE_CLASSES)[number];

/** A failure with a cause class and, where one is known, the fix. */
export class HilError extends Error {
  readonly causeClass: CauseClass;
  /** What the user can do, as an imperative without a full stop; empty when nothing is known to help. */
  readonly fix: string;

  /**
   * @param causeClass whose fault it is
   * @param message one line that names the value at fault
   * @param fix one imperative line that mends it
   */
  constructor(causeClass: CauseClass, message: string, fix = '', options?: ErrorOptions) {
    super(message, options);
    this.name = 'HilError';
    this.causeClass = causeClass;
    this.fix = fix;
  }

  /** The one line shown to a user. */
  get line(): string {
    return this.fix === '' ? this.message : `${this.message} (fix: ${this.fix})`;
  }
}

/** The text of anything thrown, on one line. */
export function errorText(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.replaceAll(/\s*\n\s*/g, '; ').trim();
}
