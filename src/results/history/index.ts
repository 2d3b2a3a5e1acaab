/** The runs, nightlies and measurements of the past, in an SQLite file. */
export { costsDocument, type CostsDocument } from './costs.ts';
export { historyPath } from './database.ts';
export { exportHistory, importHistory } from './exchange.ts';
export { costsInHistory, History, recordInHistory, type CostRow } from './history.ts';
export type { CaseRow, RunRow, TrendRow } from './rows.ts';
