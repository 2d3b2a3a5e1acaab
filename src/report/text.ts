import { styleText } from 'node:util';
import type { SourcePlace } from '../results/index.ts';

/** Whether to colour: a terminal that did not ask for NO_COLOR (no-color.org). */
export interface Style {
  readonly color: boolean;
}

export type Paint = Parameters<typeof styleText>[0];

/** Replaces control characters, so that text from a board or a program cannot steer the terminal. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\u{fffd}');
}

/** Colours texts, or leaves them. */
export const painter =
  (style: Style) =>
  (format: Paint, text: string): string =>
    style.color ? styleText(format, text, { validateStream: false }) : text;

/** Seconds with one decimal below 100, none above. */
export function seconds(ms: number): string {
  return ms < 100_000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 1000).toFixed(0)} s`;
}

/** `file.ino:31`, or nothing. */
export function lineOf(place: SourcePlace | undefined): string {
  return place === undefined ? '' : `${printable(place.file)}:${place.line}`;
}

/** `file.ino:31:9` and the line of source under it. */
export function sourceLines(place: SourcePlace | undefined, indent: string): string[] {
  if (place === undefined) return [];
  // A tab before the place takes as much room in the line below as in the line itself.
  const before = place.text.slice(0, Math.max(0, place.column - 1)).replaceAll(/[^\t]/g, ' ');
  return [
    `${indent}${printable(place.file)}:${place.line}:${place.column}`,
    `${indent}  ${printable(place.text)}`,
    `${indent}  ${before}^`,
  ];
}

/** Rows with their columns under each other, two spaces apart. `>` before a column's number of the pattern aligns it right. */
export function table(rows: readonly (readonly string[])[], right: readonly number[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, text] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, text.length);
    }
  }
  return rows.map((row) =>
    row
      .map((text, index) => {
        const width = widths[index] ?? 0;
        return right.includes(index) ? text.padStart(width) : text.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
