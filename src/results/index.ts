/** The run record: what a run leaves behind, and where it is kept. */
export {
  exitCode,
  runRecordSchema,
  type Divergence,
  type ProgramResult,
  type RunRecord,
  type SourcePlace,
  type StateDifference,
  type StepView,
  type Verdict,
} from './run-record.ts';
export { defaultRecordPath, runId, writeRunRecord } from './store.ts';
