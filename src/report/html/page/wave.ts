import uPlot from 'uplot';
import type { BoardEdges, PinEvent } from '../../board-edges.ts';
import { mounted, theme } from './chart.ts';
import { dataTable, h } from './dom.ts';
import { clockTime } from './words.ts';

/** One line of a logic analyser. */
interface Lane {
  readonly name: string;
  readonly events: readonly PinEvent[];
  readonly side: 'model' | 'board';
}

const LANE_PX = 44;
/** Of the names beside the lanes. */
const FONT = '12px system-ui, sans-serif';
const NAME_GAP_PX = 16;
/** Part of a lane that a high level takes. */
const HIGH = 0.7;
/** How much of the range a key or a button moves or leaves. */
const PAN = 0.25;
const ZOOM = 0.5;
/** Changes listed in the table below; more than that nobody reads. */
const LISTED = 500;

function lanesOf(
  model: readonly PinEvent[],
  board: BoardEdges,
  called: (pin: number) => string,
): Lane[] {
  const pins = [...new Set([...model, ...board.edges].map(([, pin]) => pin))].sort((a, b) => a - b);
  const of = (events: readonly PinEvent[], pin: number): PinEvent[] =>
    events.filter(([, one]) => one === pin);
  return pins.flatMap((pin): Lane[] => [
    { name: `${called(pin)} model`, events: of(model, pin), side: 'model' },
    ...(board.edges.length === 0
      ? []
      : [{ name: `${called(pin)} board`, events: of(board.edges, pin), side: 'board' } as const]),
  ]);
}

/** Pixels that the longest of some names takes. */
function widthOf(names: readonly string[]): number {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return 0;
  context.font = FONT;
  return Math.max(0, ...names.map((name) => context.measureText(name).width));
}

/** A lane's height at each time: the lane's own base, plus something where its level is high. */
function heights({ events }: Lane, times: readonly number[], base: number): number[] {
  let next = 0;
  let level = 0;
  return times.map((time) => {
    for (let event = events[next]; event !== undefined && event[0] <= time; event = events[next]) {
      level = event[2];
      next += 1;
    }
    return base + level * HIGH;
  });
}

/** Buttons that do what the mouse does, and keys on the chart itself. */
function controls(range: () => [number, number], show: (from: number, to: number) => void) {
  const [begin, end] = range();
  let [from, to] = [begin, end];
  const go = ([centre, wanted]: readonly [number, number]): void => {
    const size = Math.min(Math.max(wanted, 1), end - begin);
    from = Math.min(Math.max(centre - size / 2, begin), end - size);
    to = from + size;
    show(from, to);
  };
  const middle = (): number => (from + to) / 2;
  const width = (): number => to - from;
  /** Key, name, where to and how much of it. */
  const actions: readonly (readonly [string, string, () => readonly [number, number]])[] = [
    ['+', 'zoom in', () => [middle(), width() * ZOOM]],
    ['-', 'zoom out', () => [middle(), width() / ZOOM]],
    ['ArrowLeft', 'earlier', () => [middle() - width() * PAN, width()]],
    ['ArrowRight', 'later', () => [middle() + width() * PAN, width()]],
    ['0', 'all', () => [(begin + end) / 2, end - begin]],
  ];
  return {
    /** The user has zoomed with the mouse. */
    moved: (left: number, right: number): void => {
      [from, to] = [left, right];
    },
    key: (event: KeyboardEvent): void => {
      const found = actions.find(
        ([key]) => key === event.key || (key === '+' && event.key === '='),
      );
      if (found === undefined) return;
      go(found[2]());
      event.preventDefault();
    },
    buttons: h(
      'div',
      { class: 'buttons', role: 'group', 'aria-label': 'waveform' },
      actions.map(([, name, act]) =>
        h(
          'button',
          {
            type: 'button',
            click: () => {
              go(act());
            },
          },
          name,
        ),
      ),
    ),
  };
}

/**
 * Waveforms of pins, the board's below the model's on one axis of time, with zoom.
 * @param called what a pin is called
 */
export function waveforms(
  model: readonly PinEvent[],
  board: BoardEdges,
  endUs: number,
  called: (pin: number) => string,
): HTMLElement | undefined {
  const lanes = lanesOf(model, board, called);
  if (lanes.length === 0) return undefined;
  const last = Math.max(endUs, ...model.map(([at]) => at), ...board.edges.map(([at]) => at), 1);
  const changes = lanes.flatMap(({ events }) => events.map(([at]) => at));
  const times = [...new Set([0, ...changes, last])].sort((a, b) => a - b);
  const count = lanes.length;
  const height = LANE_PX * count + 60;
  const { text, grid, lines } = theme();
  const colour = { model: lines[0] ?? text, board: lines[1] ?? text };
  let plot: uPlot | undefined;
  const steer = controls(
    () => [0, last],
    (min, max) => plot?.setScale('x', { min, max }),
  );
  const nameWidth = widthOf(lanes.map(({ name }) => name)) + NAME_GAP_PX;
  const label = `Waveforms of ${lanes.map(({ name }) => name).join(', ')}; the table below has the same`;
  const chart = mounted(label, height, (width) => {
    const stepped = uPlot.paths.stepped?.({ align: 1 });
    const base = (lane: number): number => count - 1 - lane;
    plot = new uPlot(
      {
        width,
        height,
        legend: { show: false },
        cursor: { y: false, drag: { x: true, y: false } },
        scales: {
          x: { time: false, range: (_, min, max) => [min, max] },
          y: { range: [-0.2, count] },
        },
        axes: [
          {
            stroke: text,
            grid: { stroke: grid, width: 1 },
            ticks: { stroke: grid },
            values: (_, places) => places.map(clockTime),
            space: 90,
          },
          {
            stroke: text,
            grid: { show: false },
            ticks: { show: false },
            font: FONT,
            size: nameWidth,
            splits: () => lanes.map((_, lane) => base(lane) + HIGH / 2),
            values: () => lanes.map(({ name }) => name),
          },
        ],
        series: [
          {},
          ...lanes.map(({ name, side }) => ({
            label: name,
            stroke: colour[side],
            width: 2,
            points: { show: false },
            ...(stepped === undefined ? {} : { paths: stepped }),
          })),
        ],
        hooks: {
          setScale: [
            ({ scales }, key) => {
              if (key === 'x') steer.moved(scales.x?.min ?? 0, scales.x?.max ?? last);
            },
          ],
        },
      },
      [times, ...lanes.map((lane, index) => heights(lane, times, base(index)))],
    );
    return plot;
  });
  const holder = h(
    'div',
    {
      tabindex: 0,
      class: 'wave',
      role: 'group',
      'aria-label': 'Waveforms; keys: plus and minus zoom, arrows move, 0 shows all',
      keydown: (event) => {
        steer.key(event as KeyboardEvent);
      },
    },
    chart,
  );
  const all = lanes
    .flatMap(({ name, events }) => events.map(([at, , level]) => [at, name, level] as const))
    .sort(([a], [b]) => a - b);
  return h(
    'div',
    {},
    steer.buttons,
    holder,
    h(
      'p',
      { class: 'note' },
      'Drag to zoom, double-click for all; or the buttons, or the keys + - ← → 0.',
    ),
    board.notes.map((note) => h('p', { class: 'note' }, note)),
    h(
      'details',
      {},
      h('summary', {}, `${all.length} changes as a table`),
      dataTable(
        'Changes of pins',
        ['time', 'signal', 'level'],
        all.slice(0, LISTED).map(([at, name, level]) => [clockTime(at), name, level]),
        [2],
      ),
      all.length > LISTED && h('p', { class: 'note' }, `and ${all.length - LISTED} more`),
    ),
  );
}
