import type { Board } from '../bench/index.ts';
import { PORTS } from '../isa/index.ts';

/** The parts of a board file that say what a program can read. */
export type Inputs = Pick<Board, 'name' | 'pins' | 'buttons'>;

/** `0 to 3`, or `16 to 21, 30`, of ascending numbers. */
function ranges(numbers: readonly number[]): string {
  const runs: { from: number; to: number }[] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && last.to + 1 === number) last.to = number;
    else runs.push({ from: number, to: number });
  }
  return runs.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`)).join(', ');
}

/** What can be read by each kind of port: what it is called, and the numbers that a board has. */
const KINDS: ReadonlyMap<number, { name: string; numbers: (board: Inputs) => number[] }> = new Map([
  [PORTS.DIGITAL, { name: 'pin', numbers: ({ pins }) => pins.map(({ pin }) => pin) }],
  [
    PORTS.ANALOG,
    {
      name: 'analog pin',
      numbers: ({ pins }) => pins.filter(({ adc }) => adc !== undefined).map(({ pin }) => pin),
    },
  ],
  [PORTS.BUTTON, { name: 'button', numbers: ({ buttons }) => buttons.map(({ id }) => id) }],
]);

/**
 * Says that one of the boards doesn't have an input, and which it has; undefined when all have it.
 * @param kind a PORTS base
 */
export function missingInput(
  kind: number,
  number: number,
  boards: readonly Inputs[],
): string | undefined {
  const { name, numbers } = KINDS.get(kind) ?? { name: 'input', numbers: () => [] };
  for (const board of boards) {
    const has = numbers(board);
    if (has.includes(number)) continue;
    const these = has.length === 0 ? 'none' : ranges(has);
    return `${board.name} has no ${name} ${number}; it has ${these}`;
  }
  return undefined;
}
