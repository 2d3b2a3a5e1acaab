import { HilError } from '../errors/index.ts';
import type { Status } from '../wire/index.ts';

/**
 * Polls in a row that show the same as the one before them until a run counts as stuck. A board that runs executes thousands
 * of steps between two polls, and what was asked for again arrives well before the next one.
 */
export const STALLED_POLLS = 5;

/**
 * Records that a board has made since load or reset, modulo 2^32: one for each step executed, and one for a fault, which is no
 * executed step.
 */
export function recordsOf(status: Status): number {
  return (status.steps + (status.error === 0 ? 0 : 1)) >>> 0;
}

/** What became of the records of the steps that a board says it has executed. */
export type Delivery =
  /** All arrived. */
  | 'complete'
  /** Some didn't, on a line that has shown damage. */
  | 'lost'
  /** Some didn't, on a line that has shown none: the board doesn't send them. */
  | 'withheld';

/** Tells a run that goes on from one that doesn't. */
export class ProgressWatch {
  #last = '';
  #stalled = 0;

  /**
   * Takes the status after a poll.
   * @param received the first step not received yet
   * @param where completes the error: how far the run came
   * @throws HilError (firmware or link) when {@link STALLED_POLLS} polls in a row showed nothing new
   */
  look(status: Status, received: number, delivery: Delivery, where: () => string): void {
    // In a delay no step is executed, but the board's clock goes on.
    const clock = status.state === 'waiting' && delivery === 'complete' ? status.us : '';
    const picture = [status.state, status.steps, received, clock].join(' ');
    this.#stalled = picture === this.#last ? this.#stalled + 1 : 0;
    this.#last = picture;
    if (this.#stalled >= STALLED_POLLS) throw stuck(status, received, delivery, where());
  }
}

function stuck(status: Status, received: number, delivery: Delivery, where: string): HilError {
  if (delivery === 'lost')
    return new HilError(
      'link',
      `steps ${received} to ${(recordsOf(status) - 1) >>> 0} were executed but don't arrive, however often they are asked for; ${where}`,
      'check the line and its baud rate',
    );
  const at = `at step ${status.steps}, pc ${status.pc}`;
  const what =
    delivery === 'withheld'
      ? `the board says that its VM is ${status.state} ${at}, but sends nothing of steps ${received} to ${(recordsOf(status) - 1) >>> 0}, however often it is asked`
      : status.state === 'waiting'
        ? `the board's clock stands still in a delay ${at}`
        : `the board answers and says that its VM is ${status.state}, but executes no step ${at}`;
  return new HilError('firmware', `${what}; ${where}`, 'look at the board with the debug probe');
}
