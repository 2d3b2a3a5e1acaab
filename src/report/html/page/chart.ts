import uPlot from 'uplot';
import { h } from './dom.ts';

/** Colours of this theme, from the style sheet. */
export function theme(): { text: string; grid: string; lines: readonly string[] } {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: value('--text'),
    grid: value('--grid'),
    lines: ['--line-1', '--line-2', '--line-3', '--line-4'].map(value),
  };
}

/** A line of a chart. */
export interface Line {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

/** A chart in the page: draws itself when it has a width, and again when that changes. */
export function mounted(
  label: string,
  height: number,
  draw: (width: number) => uPlot,
): HTMLElement {
  const box = h('div', { class: 'chart', role: 'img', 'aria-label': label });
  let plot: uPlot | undefined;
  const observer = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0);
    if (width === 0) return;
    if (plot === undefined) {
      plot = draw(width);
      box.append(plot.root);
    } else if (plot.width !== width) plot.setSize({ width, height });
  });
  observer.observe(box);
  return box;
}

/**
 * Lines over the runs of the past.
 * @param labels what each place on the x axis is called
 * @param range of the y axis; left out: what the values need
 */
export function lineChart(
  title: string,
  labels: readonly string[],
  lines: readonly Line[],
  range?: readonly [number, number],
): HTMLElement {
  const height = 220;
  const { text, grid, lines: colours } = theme();
  const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid } };
  return mounted(title, height, (width) => {
    const options: uPlot.Options = {
      width,
      height,
      // Room for the last label.
      padding: [8, 40, 0, 0],
      cursor: { y: false },
      scales: { x: { time: false }, ...(range === undefined ? {} : { y: { range: [...range] } }) },
      axes: [
        {
          ...axis,
          values: (_, places) => places.map((place) => labels[place] ?? ''),
          space: 90,
          incrs: [1, 2, 5, 10, 20, 50, 100],
        },
        { ...axis, size: 70 },
      ],
      series: [
        { label: 'run', value: (_, place: number | null) => labels[place ?? -1] ?? '' },
        ...lines.map(({ label }, index) => ({
          label,
          stroke: colours[index % colours.length] ?? text,
          // Dashes tell lines apart where colours don't.
          dash: index === 0 ? [] : [4 * index, 3],
          width: 2,
          points: { show: labels.length < 60 },
        })),
      ],
    };
    const places = labels.map((_, index) => index);
    return new uPlot(options, [places, ...lines.map(({ values }) => [...values])]);
  });
}
