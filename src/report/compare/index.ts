/** Views of a comparison. */
export { comparisonJunit } from './junit.ts';
export { comparisonMarkdown } from './markdown.ts';
export { comparisonLines } from './terminal.ts';
export { comparisonLine } from './text.ts';
