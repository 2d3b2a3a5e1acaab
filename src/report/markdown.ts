import { printable } from './text.ts';

/** Text for a cell of a table or a line; nothing in it is markup. */
export const cell = (text: string): string =>
  printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|~#]/g, (character) => `\\${character}`)
    .replaceAll(/\s*\n\s*/g, ' ');

/** A row of a table. */
export const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

/** Text as it is, in a block that nothing in it can end. */
export function fenced(lines: readonly string[], language = ''): string[] {
  const text = lines.map(printable);
  const longest = text
    .join('\n')
    .match(/`+/g)
    ?.reduce((most, { length }) => Math.max(most, length), 2);
  const fence = '`'.repeat((longest ?? 2) + 1);
  return [`${fence}${language}`, ...text, fence];
}
