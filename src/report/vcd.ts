import type { ProgramTimeline, RunRecord } from '../results/index.ts';
import { boardEdges, type PinEvent } from './board-edges.ts';
import { printable } from './text.ts';

/** A signal of a Value Change Dump (IEEE 1364-2005, 18.2). `string` is GTKWave's extension. */
interface Signal {
  readonly name: string;
  readonly kind: 'wire' | 'integer' | 'string';
  /** Before its first change; empty: unknown. */
  readonly initial: string;
  readonly changes: readonly (readonly [number, string])[];
}

interface Scope {
  readonly name: string;
  readonly signals: readonly Signal[];
}

const WIDTH = { wire: 1, integer: 32, string: 1 } as const;
const FIRST_CODE = 33;
const CODES = 94;

/** Short printable identifiers: `!`, `"`, … `~`, `!!`, … */
function identifier(index: number): string {
  const last = String.fromCharCode(FIRST_CODE + (index % CODES));
  return index < CODES ? last : identifier(Math.floor(index / CODES) - 1) + last;
}

/** A name without white space. */
const word = (text: string): string => text.replaceAll(/[^\w.-]/g, '_');

/** Text of a string value: what isn't a visible ASCII character as an octal escape of its bytes. */
function escaped(text: string): string {
  return Array.from(Buffer.from(text, 'utf8'), (byte) =>
    byte > 0x20 && byte < 0x7f && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\${byte.toString(8).padStart(3, '0')}`,
  ).join('');
}

const binary = (value: number): string => (value >>> 0).toString(2);

/** The line of a value change. */
function change({ kind }: Signal, value: string, id: string): string {
  if (kind === 'wire') return `${value}${id}`;
  return kind === 'integer' ? `b${value} ${id}` : `s${value} ${id}`;
}

function pinSignals(events: readonly PinEvent[], pins: readonly number[]): Signal[] {
  return pins.map((pin) => ({
    name: `pin${pin}`,
    kind: 'wire',
    initial: '0',
    changes: events
      .filter(([, one]) => one === pin)
      .map(([timeUs, , level]) => [timeUs, String(level)] as const),
  }));
}

/** What happened inside a VM. */
function eventSignals(timeline: ProgramTimeline): Signal[] {
  const { rounds, prints, steps, fault, divergedUs, endUs } = timeline;
  const integer = (name: string, changes: Signal['changes']): Signal => {
    return { name, kind: 'integer', initial: '0', changes };
  };
  return [
    integer(
      'step',
      [...steps, [endUs, steps.at(-1)?.[1] ?? 0] as const].map(
        ([timeUs, count]) => [timeUs, binary(count)] as const,
      ),
    ),
    integer(
      'millis',
      steps.map(([timeUs]) => [timeUs, binary(Math.floor(timeUs / 1000))] as const),
    ),
    integer(
      'round',
      rounds.map((timeUs, index) => [timeUs, binary(index + 1)] as const),
    ),
    integer(
      'prints',
      prints.map(({ timeUs }, index) => [timeUs, binary(index + 1)] as const),
    ),
    {
      name: 'printed',
      kind: 'string',
      initial: '',
      changes: prints.map(({ timeUs, text }) => [timeUs, escaped(text)] as const),
    },
    {
      name: 'fault',
      kind: 'string',
      initial: '',
      changes: fault === undefined ? [] : [[fault.timeUs, escaped(fault.name)]],
    },
    {
      name: 'diverged',
      kind: 'wire',
      initial: '0',
      changes: divergedUs === undefined ? [] : [[divergedUs, '1']],
    },
  ];
}

function scopes(
  record: RunRecord,
  timelines: readonly ProgramTimeline[],
): { readonly scopes: readonly Scope[]; readonly notes: readonly string[] } {
  const all = timelines.flatMap(({ pins }) => pins).toSorted(([a], [b]) => a - b);
  const whole = timelines.every(({ omitted, stepsOmitted }) => omitted + stepsOmitted === 0);
  const board = boardEdges(record, all, whole);
  const pinsOf = (events: readonly PinEvent[]): number[] =>
    [...new Set(events.map(([, pin]) => pin))].sort((a, b) => a - b);
  const pins = pinsOf([...all, ...board.edges]);
  return {
    scopes: [
      ...timelines.map((timeline) => ({
        name: `model_${timeline.vmName}`,
        signals: [...pinSignals(timeline.pins, pinsOf(timeline.pins)), ...eventSignals(timeline)],
      })),
      // Also without an edge: that the board did not move a pin is worth seeing beside the model.
      { name: 'board', signals: pinSignals(board.edges, pins) },
    ],
    notes: board.notes,
  };
}

/**
 * A run as a Value Change Dump, for GTKWave and its like: what the model did with pins and inside the VM, and the edges seen of the
 * board's pins beside it. The unit is 1 us of the model's clock.
 */
export function vcdText(record: RunRecord, timelines: readonly ProgramTimeline[]): string {
  const { scopes: all, notes } = scopes(record, timelines);
  const omitted = timelines.reduce((sum, timeline) => sum + timeline.omitted, 0);
  const cut = timelines.reduce((sum, timeline) => sum + timeline.stepsOmitted, 0);
  const comments = [
    `run ${record.id}, ${record.bench.ranOn}`,
    ...timelines.map(({ vmName, file }) => `model_${vmName} ran ${file}`),
    ...notes,
    ...(omitted === 0 ? [] : [`${omitted} later events are left out`]),
    ...(cut === 0 ? [] : [`what happened in ${cut} later steps is left out`]),
  ];
  const head = [
    `$date ${record.startedAt} $end`,
    `$version cockpit-hil ${record.environment.harness} $end`,
    // Nothing in a comment may look like its end.
    ...comments.map((text) => `$comment ${printable(text).replaceAll('$', '_')} $end`),
    '$timescale 1 us $end',
  ];
  const definitions: string[] = [];
  const initial: string[] = [];
  const events: { readonly timeUs: number; readonly line: string }[] = [];
  let count = 0;
  for (const { name, signals } of all) {
    definitions.push(`$scope module ${word(name)} $end`);
    for (const signal of signals) {
      const id = identifier(count);
      count += 1;
      definitions.push(`$var ${signal.kind} ${WIDTH[signal.kind]} ${id} ${word(signal.name)} $end`);
      // A text begins with none, which has no spelling.
      if (signal.initial !== '') initial.push(change(signal, signal.initial, id));
      for (const [timeUs, value] of signal.changes) {
        events.push({ timeUs: Math.round(timeUs), line: change(signal, value, id) });
      }
    }
    definitions.push('$upscope $end');
  }
  events.sort((a, b) => a.timeUs - b.timeUs);
  const body: string[] = [];
  let now = 0;
  for (const { timeUs, line } of events) {
    if (timeUs > now) {
      now = timeUs;
      body.push(`#${now}`);
    }
    body.push(line);
  }
  const end = Math.max(now, ...timelines.map(({ endUs }) => Math.round(endUs))) + 1;
  return [
    ...head,
    ...definitions,
    '$enddefinitions $end',
    '#0',
    '$dumpvars',
    ...initial,
    '$end',
    ...body,
    `#${end}`,
    '',
  ].join('\n');
}
