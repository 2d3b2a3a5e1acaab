/** Views of the run record. They never compute a verdict of their own. */
export { comparisonJunit, comparisonLines, comparisonMarkdown } from './compare/index.ts';
export { htmlReport, type ReportParts } from './html/index.ts';
export { caseHistoryLines, historyLines } from './history.ts';
export { oneLine } from './outcomes.ts';
export { resultLines } from './result.ts';
export { replayLines, summaryLines } from './terminal.ts';
export { printable, seconds, table, type Style } from './text.ts';
export { githubAnnotations, githubSummary } from './github.ts';
export { junitXml } from './junit.ts';
export { caseLine, nightlyLines } from './nightly-terminal.ts';
export { attemptFile, recoveryText } from './nightly-text.ts';
export { vcdText } from './vcd.ts';
export { validationLine, validationPage } from './validation.ts';
