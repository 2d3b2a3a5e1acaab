/** Views of the run record. They never compute a verdict of their own. */
export { replayLines, summaryLines } from './terminal.ts';
export { printable, seconds, table, type Style } from './text.ts';
