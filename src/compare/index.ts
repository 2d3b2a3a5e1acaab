/** Two results beside each other, and what is noise between them. */
export { compareResults, type ProgramRun, type Sources, type StepDifference } from './compare.ts';
export { DEFAULT_FAIL_ON, failures, kindsOf, parseFailOn } from './fail-on.ts';
export { median, medianDeviation } from './noise.ts';
export {
  FINDING_KINDS,
  type CaseChange,
  type Comparison,
  type Difference,
  type Finding,
  type FindingKind,
  type FootprintChange,
  type Growth,
  type Side,
  type StackChange,
} from './types.ts';
