/** The differential fuzzer: generated programs on the reference model and on the C engine as a host process. */
export {
  compareCase,
  runCampaign,
  type CampaignBudget,
  type CampaignResult,
  type CampaignSettings,
  type Finding,
} from './campaign.ts';
export { MAX_STEPS, type FuzzCase } from './case.ts';
export type { Divergence } from './compare.ts';
export { Coverage, coverageLines, type Area, type AreaCoverage } from './coverage.ts';
export { divergenceLines, listing } from './divergence-text.ts';
export { readFinding, writeCase, writeFinding } from './finding-file.ts';
export {
  fuzzCase,
  lowerSoup,
  mutatedImage,
  soupNumber,
  withOperands,
  type MutatedImage,
} from './generate/index.ts';
export { judgeImage, type Judgement } from './judge-image.ts';
export { minimise, spliced } from './minimise.ts';
export { NativeExecutor, type NativeRequest } from './native.ts';
export { NativeFailure } from './native-process.ts';
export {
  NativeReplay,
  REPLAY_WINDOW,
  type NativeState,
  type ReplayWorld,
} from './native-replay.ts';
export { observe, type ObservedWorld } from './observe.ts';
