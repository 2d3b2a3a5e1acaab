import type { RunRecord } from '../results/index.ts';
import { pinText } from './pin-text.ts';

/** A change of a pin: time in us, logical pin, level. */
export type PinEvent = readonly [number, number, 0 | 1];

/** Edges seen from outside the board, on the time line of the program that made them. */
export interface BoardEdges {
  readonly edges: readonly PinEvent[];
  /** How they got their times, and what could not be placed. */
  readonly notes: readonly string[];
}

/** Edges that repeat a level left out; a pin starts low. */
function changesOf({ pinEdges }: Pick<RunRecord, 'pinEdges'>): PinEvent[] {
  const levels = new Map<number, number>();
  return pinEdges.flatMap(({ timeUs, pin, level }): PinEvent[] => {
    if ((levels.get(pin) ?? 0) === level) return [];
    levels.set(pin, level);
    return [[timeUs, pin, level]];
  });
}

/**
 * With the virtual clock delays pass at once: when an edge was seen says nothing. Each takes the time of the change that it follows:
 * the first edge of a pin that of the first change, and so on, as long as the levels are the same.
 */
function inVirtualTime(
  changes: readonly PinEvent[],
  model: readonly PinEvent[],
  whole: boolean,
  called: (pin: number) => string,
): BoardEdges {
  const edges: PinEvent[] = [];
  const notes = [
    "virtual clock: the board's edges stand at the time of the model's changes, in their order",
  ];
  for (const pin of new Set(changes.map(([, one]) => one))) {
    const made = model.filter(([, one]) => one === pin);
    const seen = changes.filter(([, one]) => one === pin);
    const agree = seen.findIndex(([, , level], index) => made[index]?.[2] !== level);
    const count = agree === -1 ? seen.length : agree;
    for (const [timeUs, , level] of made.slice(0, count)) edges.push([timeUs, pin, level]);
    // What came after the last change that is known can't be told from what came without one.
    const driven = made.length > 0;
    if (count < seen.length && (whole || !driven))
      notes.push(unfollowed(called(pin), seen.length - count, driven));
  }
  edges.sort(([a], [b]) => a - b);
  return { edges, notes };
}

/** What is to be said of edges that no change of the model led to. */
function unfollowed(pin: string, count: number, driven: boolean): string {
  const edges = `${pin}: ${count} edge${count === 1 ? '' : 's'}`;
  return driven
    ? `${edges} without a change of the model before it`
    : `${edges} of a pin that no program drives, for instance at the board's reset`;
}

/** From the beginning of the program on: what was before it is the level that a pin begins with. */
function sinceStart(edges: readonly PinEvent[], driven: ReadonlySet<number>): PinEvent[] {
  const begins = new Map<number, 0 | 1>();
  for (const [timeUs, pin, level] of edges) if (timeUs < 0) begins.set(pin, level);
  const after = edges.filter(([timeUs]) => timeUs >= 0);
  const shown = new Set([...driven, ...after.map(([, pin]) => pin)]);
  const start = [...begins].flatMap(([pin, level]): PinEvent[] =>
    level === 1 && shown.has(pin) ? [[0, pin, 1]] : [],
  );
  return [...start, ...after];
}

/**
 * The edge and the change that are taken for the same moment: the first ones of a pin that was seen to do all that the program did with it,
 * or of any pin that it drove when there is none.
 */
function anchor(
  changes: readonly PinEvent[],
  model: readonly PinEvent[],
): { readonly seen: PinEvent; readonly made: PinEvent } | undefined {
  const of = (events: readonly PinEvent[], pin: number): PinEvent[] =>
    events.filter(([, one]) => one === pin);
  const pairs = [...new Set(changes.map(([, pin]) => pin))].flatMap((pin) => {
    const [seen, made] = [of(changes, pin), of(model, pin)];
    const [first, change] = [seen[0], made[0]];
    if (first === undefined || change === undefined) return [];
    const whole =
      seen.length === made.length && seen.every(([, , level], at) => made[at]?.[2] === level);
    return [{ seen: first, made: change, whole }];
  });
  return pairs.find(({ whole }) => whole) ?? pairs[0];
}

/** With the real clock edges keep their distances; the first one stands where the model first changed its pin. */
function inRealTime(
  changes: readonly PinEvent[],
  model: readonly PinEvent[],
  called: (pin: number) => string,
): BoardEdges {
  const found = anchor(changes, model);
  if (found === undefined) {
    return { edges: [], notes: ['no edge was seen of a pin that the model changed'] };
  }
  const { seen, made } = found;
  const offset = made[0] - seen[0];
  return {
    edges: sinceStart(
      changes.map(([timeUs, pin, level]): PinEvent => [timeUs + offset, pin, level]),
      new Set(model.map(([, pin]) => pin)),
    ),
    notes: [
      `real clock: the board's edges as they were seen; the first one of ${called(seen[1])} stands at the time of the model's`,
    ],
  };
}

/**
 * Puts what was seen of a board on one axis with what the model did.
 * @param model the changes of all programs, by time
 * @param whole whether those are all changes that they made
 */
export function boardEdges(
  record: Pick<RunRecord, 'pinEdges' | 'clock' | 'world'>,
  model: readonly PinEvent[],
  whole = true,
): BoardEdges {
  const changes = changesOf(record);
  if (changes.length === 0) return { edges: [], notes: [] };
  const called = (pin: number): string => pinText(record, pin);
  return record.clock === 'virtual'
    ? inVirtualTime(changes, model, whole, called)
    : inRealTime(changes, model, called);
}
