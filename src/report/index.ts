/** Views of the run record. They never compute a verdict of their own. */
export { printable, seconds, summaryLines, type Style } from './terminal.ts';
