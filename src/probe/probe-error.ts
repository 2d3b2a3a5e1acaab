import { HilError, type CauseClass } from '../errors/index.ts';
import { KEPT_LINES } from './log-tail.ts';

/** A failure of the debug probe, or of OpenOCD or GDB, with what the tool said last. */
export class ProbeError extends HilError {
  /** The tool's last lines, oldest first; at most 50. */
  readonly evidence: readonly string[];

  /**
   * @param causeClass `rig` for the probe, the cable, the board's power and the tools
   * @param fix one imperative line that mends it; empty when nothing is known to help
   */
  constructor(
    causeClass: CauseClass,
    message: string,
    fix: string,
    evidence: readonly string[],
    options?: ErrorOptions,
  ) {
    super(causeClass, message, fix, options);
    this.name = 'ProbeError';
    this.evidence = evidence.slice(-KEPT_LINES);
  }
}
