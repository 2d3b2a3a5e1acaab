import type { RunRecord } from '../results/index.ts';

/** A pin for a person, by the number that its sketch uses and the name beside the board's header: `pin 13 (D13)`. */
export function pinText({ world }: Pick<RunRecord, 'world'>, pin: number): string {
  const name = world?.pins[pin]?.name;
  return name === undefined ? `pin ${pin}` : `pin ${pin} (${name})`;
}
