/** The run record: what a run leaves behind, and where it is kept. */
export {
  exitCode,
  RUN_RECORD_VERSION,
  runRecordSchema,
  type Divergence,
  type RunRecord,
  type SourcePlace,
  type StateDifference,
  type StepView,
  type Verdict,
} from './run-record.ts';
export { defaultRecordPath, runId, RUNS_FOLDER, writeRunRecord } from './store.ts';
