/** Suites of cases, and the runner that takes them over benches at night: attempts, retries, recoveries and one honest record. */
export { BenchStation, type BenchStationSettings } from './bench-station.ts';
export type { NightlyObserver } from './observer.ts';
export { mergeNightlies } from './merge.ts';
export {
  listCases,
  planNightly,
  type Plan,
  type PlannedCase,
  type PlanSettings,
  type SourceProgram,
} from './plan.ts';
export { runNightly, type NightlyRequest } from './run-nightly.ts';
export type { Shard } from './shard.ts';
export { sketchComments } from './sketch-comments.ts';
export type { Station, StationFacts } from './station.ts';
export { loadSuite, type Suite } from './suite-file.ts';
export { suiteSchema } from './suite-schema.ts';
export { nightlyExitCode } from './verdict.ts';
