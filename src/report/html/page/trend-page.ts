import type { TrendData } from '../data.ts';
import { lineChart, type Line } from './chart.ts';
import { badge, dataTable, h, section, type Child } from './dom.ts';
import { minute, thousands } from './words.ts';

/** Opcodes drawn: those that cost most now, and a chart of more lines nobody reads. */
const OPCODES_DRAWN = 4;

function chart(
  title: string,
  labels: readonly string[],
  lines: readonly Line[],
  range?: readonly [number, number],
): Child {
  if (lines.every(({ values }) => values.every((value) => value === null))) return undefined;
  return section(
    title,
    lineChart(`${title}; the table below has the figures`, labels, lines, range),
  );
}

function costChart({ costs }: TrendData): Child {
  const newest = costs.at(-1);
  if (newest === undefined) return undefined;
  const dearest = Object.entries(newest.costs).sort(([, a], [, b]) => b - a);
  const names = dearest.slice(0, OPCODES_DRAWN).map(([name]) => name);
  const labels = costs.map(({ commit }) => commit);
  return section(
    'Cost of opcodes',
    h('p', { class: 'note' }, `Measured on ${newest.machine}, ${minute(newest.measuredAt)}.`),
    costs.length > 1 &&
      lineChart(
        'Cost of the dearest opcodes over the measurements',
        labels,
        names.map((name) => ({ label: name, values: costs.map((one) => one.costs[name] ?? null) })),
      ),
    h(
      'details',
      {},
      h('summary', {}, `${dearest.length} opcodes as a table`),
      dataTable(
        'Cost of each opcode, first and last measurement',
        ['opcode', 'first', 'last'],
        dearest.map(([name, cost]) => [
          name,
          costs[0]?.costs[name]?.toFixed(1) ?? '-',
          cost.toFixed(1),
        ]),
        [1, 2],
      ),
    ),
  );
}

/** The runs of the past: pass rate, flakes, speed, sizes and costs, with their commits. */
export function trendPage(trends: TrendData): HTMLElement {
  const { runs } = trends;
  const labels = runs.map(({ commit }) => commit);
  const of = (value: (run: (typeof runs)[number]) => number | null): (number | null)[] =>
    runs.map(value);
  return h(
    'div',
    {},
    h('h1', {}, runs.length === 1 ? 'The last run' : `The last ${runs.length} runs`),
    chart(
      'Cases that passed, percent',
      labels,
      [
        {
          label: 'percent',
          values: of(({ passed, cases }) => (cases === 0 ? null : (100 * passed) / cases)),
        },
      ],
      [0, 100],
    ),
    chart(
      'Flaky cases',
      labels,
      [{ label: 'cases', values: of(({ flaky }) => flaky) }],
      [0, Math.max(5, ...runs.map(({ flaky }) => flaky))],
    ),
    chart('Steps verified per second', labels, [
      { label: 'steps/s', values: of(({ stepsPerSecond }) => stepsPerSecond) },
    ]),
    chart('Footprint of the firmware, bytes', labels, [
      { label: 'flash', values: of(({ flash }) => flash) },
      { label: 'RAM', values: of(({ ram }) => ram) },
    ]),
    costChart(trends),
    section(
      'Runs',
      dataTable(
        'Runs, newest first',
        [
          'run',
          'outcome',
          'started',
          'commit',
          'cases',
          'passed',
          'flaky',
          'steps/s',
          'flash',
          'RAM',
        ],
        runs
          .toReversed()
          .map((run) => [
            run.id,
            badge(run.outcome),
            minute(run.startedAt),
            run.commit,
            run.cases,
            run.passed,
            run.flaky,
            run.stepsPerSecond === null ? '-' : thousands(Math.round(run.stepsPerSecond)),
            run.flash === null ? '-' : thousands(run.flash),
            run.ram === null ? '-' : thousands(run.ram),
          ]),
        [4, 5, 6, 7, 8, 9],
      ),
    ),
  );
}
