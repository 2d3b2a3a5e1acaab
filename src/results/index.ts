/** The run record: what a run leaves behind, and where it is kept. */
export { benchFix } from './bench-fix.ts';
export { benchHealth, boardHealth, type BoardHealth } from './board-health.ts';
export type {
  CellView,
  Divergence,
  EffectData,
  OperandView,
  SourcePlace,
  StateView,
  StepPlace,
  StepView,
  Triage,
} from './divergence.ts';
export type { Environment, Footprint } from './environment.ts';
export {
  costsDocument,
  costsInHistory,
  exportHistory,
  History,
  historyPath,
  importHistory,
  recordInHistory,
  type CaseRow,
  type CostRow,
  type CostsDocument,
  type RunRow,
  type TrendRow,
} from './history/index.ts';
export type { InputScript, PortScript } from './input-script.ts';
export {
  NIGHTLY_RECORD_VERSION,
  nightlyRecordSchema,
  type Attempt,
  type BenchIdentity,
  type BenchResult,
  type CaseResult,
  type Expectation,
  type NightlyRecord,
  type NightlyVerdict,
  type Outcome,
  type Problem,
  type Recovery,
  type RungResult,
} from './nightly-record.ts';
export {
  defaultNightlyFolder,
  readNightlyRecord,
  writeNightlyFile,
  writeNightlyRecord,
} from './nightly-store.ts';
export {
  exitCode,
  PIN_CHANGES_KEPT,
  RUN_RECORD_VERSION,
  runRecordSchema,
  type ModelFacts,
  type ProgramResult,
  type RunRecord,
  type StateDifference,
  type Verdict,
} from './run-record.ts';
export { writeOutput } from './output-file.ts';
export {
  lastRun,
  readAnyRecord,
  resultView,
  type AnyRecord,
  type BenchView,
  type ResultView,
} from './result-view.ts';
export type { ProgramTimeline } from './timeline.ts';
export {
  checkRecordPath,
  defaultRecordPath,
  readRunRecord,
  runId,
  writeRunRecord,
} from './store.ts';
export {
  VALIDATION_RECORD_VERSION,
  type ValidationRecord,
  type ValidationStep,
} from './validation-record.ts';
export {
  readValidationRecord,
  requireValidation,
  validationPath,
  writeValidationRecord,
} from './validation-store.ts';
