/** The run record: what a run leaves behind, and where it is kept. */
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
export type { InputScript, PortScript } from './input-script.ts';
export {
  exitCode,
  runRecordSchema,
  type ProgramResult,
  type RunRecord,
  type StateDifference,
  type Verdict,
} from './run-record.ts';
export {
  checkRecordPath,
  defaultRecordPath,
  readRunRecord,
  runId,
  writeRunRecord,
} from './store.ts';
