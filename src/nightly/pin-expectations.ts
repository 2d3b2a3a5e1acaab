import type { Expectation, RunRecord } from '../results/index.ts';
import type { PinExpectation, TimingExpectation } from './suite-schema.ts';

type Level = 0 | 1;
const LEVELS = { low: 0, high: 1 } as const;
const nameOf = (level: Level): string => (level === 1 ? 'high' : 'low');

/** What a pin did: its edges, and the level that it ended with; a pin starts low. */
interface PinStory {
  /** `pin` by the model, `wire` seen from outside the board. */
  readonly what: string;
  readonly edges: readonly Level[];
  /** Why not all edges are known; undefined when they are. */
  readonly gap: string | undefined;
}

function storiesOf(pin: number | undefined, run: RunRecord, watched: boolean): PinStory[] {
  const models = run.programs.flatMap(({ model }) => (model === undefined ? [] : [model]));
  const omitted = models.reduce((sum, model) => sum + model.pinsOmitted, 0);
  const unknown = models.length < run.programs.length;
  const edges = models.flatMap(({ pins }) =>
    pins.filter(([, number]) => number === pin).map(([, , level]) => level),
  );
  const left = omitted > 0 ? `the record left ${omitted} changes of pins out` : undefined;
  const gap = unknown ? "the model's pins are not known" : left;
  const model = { what: 'pin', edges, gap };
  // At the virtual clock pins change faster than an observer of wires can report.
  if (run.clock === 'virtual' || !watched) return [model];
  const seen = run.pinEdges.filter((edge) => edge.pin === pin).map(({ level }) => level);
  return [model, { what: 'wire', edges: seen, gap: undefined }];
}

/**
 * What a pin was to do, by the model's word and, in real time, by the wire's.
 * @param watched whether the bench can watch pins
 */
export function pinExpectation(
  { pin: name, edges, level }: PinExpectation,
  pin: number | undefined,
  run: RunRecord,
  watched: boolean,
): Expectation[] {
  return storiesOf(pin, run, watched).flatMap((story): Expectation[] => {
    const { what, gap } = story;
    const list: Expectation[] = [];
    if (edges !== undefined) {
      const count = story.edges.length;
      const actual = gap ?? String(count);
      const met = gap === undefined && count === edges;
      list.push({ what: `${what} ${name} edges`, expected: String(edges), actual, met });
    }
    if (level !== undefined) {
      const last = story.edges.at(-1) ?? 0;
      const actual = gap ?? nameOf(last);
      const met = gap === undefined && last === LEVELS[level];
      list.push({ what: `${what} ${name} at the end`, expected: level, actual, met });
    }
    return list;
  });
}

const UNITS = { ms: 1, s: 1000 } as const;

/** `5ms`, `1s` or `2%` of an interval, in milliseconds. */
function toleranceMs(text: string, intervalMs: number): number {
  const value = Number.parseFloat(text);
  if (text.endsWith('%')) return (value / 100) * intervalMs;
  return value * (text.endsWith('ms') ? UNITS.ms : UNITS.s);
}

/** How long a pin was to keep its level, seen from outside the board. */
export function timingExpectation(
  { pin: name, level, interval, tolerance }: TimingExpectation,
  pin: number | undefined,
  run: RunRecord,
): Expectation {
  const what = level === undefined ? `wire ${name}` : `wire ${name} ${level}`;
  const wanted = interval === undefined ? "the program's delays" : `${interval} ms`;
  const expected = `${wanted} ± ${tolerance}`;
  const intervals = run.pinTiming
    .filter((one) => one.pin === pin && (level === undefined || one.level === LEVELS[level]))
    .map(({ nominalMs, measuredMs }) => {
      const ms = interval ?? nominalMs;
      const off = Math.abs(measuredMs - ms);
      return { ms, measuredMs, off, met: off <= toleranceMs(tolerance, ms) };
    });
  if (intervals.length === 0) {
    const notes = run.pinTimingNotes.join('; ');
    const actual = notes === '' ? 'no such interval' : `no such interval (${notes})`;
    return { what, expected, actual, met: false };
  }
  const met = intervals.every((one) => one.met);
  const candidates = met ? intervals : intervals.filter((one) => !one.met);
  const worst = candidates.reduce((far, one) => (one.off > far.off ? one : far));
  const actual = `${worst.measuredMs.toFixed(2)} ms for ${worst.ms} ms, the farthest of ${intervals.length}`;
  return { what, expected, actual, met };
}
